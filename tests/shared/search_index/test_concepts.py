"""What the words of a question are taken for."""

from collections.abc import Mapping

import pytest

from portal.shared.search_index.concepts import MOST_WORDS, Alternative, Interpreter
from portal.shared.search_index.spelling import Lexicon

WORDS = {
    "expensive": 20,
    "expense": 6,
    "discount": 15,
    "codebase": 3,
    "code": 9,
    "base": 9,
    "x200": 2,
    "x": 4,
    "200": 4,
    "iso": 5,
    "27001": 5,
    "kaufer": 2,
    "kaeufer": 1,
    "discuont": 1,
    "non": 3,
    "disclosure": 3,
    "the": 40,
    "who": 12,
    "secret": 8,
}


def asking(hidden: tuple[str, ...] = (), **more: Mapping[str, tuple[tuple[str, float], ...]]) -> Interpreter:
    return Interpreter(Lexicon(WORDS), lambda word: word in WORDS and word not in hidden, **more)


def taken(text: str, **more: bool) -> list[tuple[str, Mapping[Alternative, float]]]:
    return [(concept.word, concept.alternatives) for concept in asking().concepts(text, **more)]


def test_a_known_word_is_its_stem() -> None:
    assert taken("expensive") == [("expensive", {"expens": 1.0})]


def test_stop_words_are_left_out_unless_nothing_else_is_there() -> None:
    assert taken("the discount") == [("discount", {"discount": 1.0})]
    assert [word for word, _ in taken("who the")] == ["who", "the"]


def test_an_unknown_word_is_corrected_and_says_so() -> None:
    concept = asking().concepts("expesnive")[0]
    assert concept.alternatives == {"expens": 0.9}
    assert (concept.word, concept.correction) == ("expesnive", "expensive")


def test_a_rare_word_also_stands_for_a_frequent_neighbour_without_being_replaced() -> None:
    concept = asking().concepts("discuont")[0]
    assert concept.alternatives == {"discuont": 1.0, "discount": 0.45}
    assert concept.correction is None


def test_a_hidden_word_is_as_unknown_as_any() -> None:
    concept = asking(hidden=("secret",)).concepts("secret")[0]
    assert concept.alternatives == {}
    assert asking(hidden=("expensive",)).concepts("expesnive")[0].correction != "expensive"
    assert asking(hidden=("codebase",)).concepts("code base")[-1].word == "base"


def test_the_last_word_goes_on_while_typing() -> None:
    assert taken("discount exp", typing=True)[1] == ("exp", {"expens": 0.9})
    assert taken("discount exp ", typing=True)[1] == ("exp", {})
    assert taken("e", typing=True)[0][1] == {"expens": 0.9}
    assert taken("discount e", typing=True)[1] == ("e", {})


def test_a_mistyped_beginning_still_goes_on() -> None:
    assert taken("expr", typing=True) == [("expr", {"expens": 0.6})]


@pytest.mark.parametrize("text", ["X-200", "x200"])
def test_a_code_is_its_joined_form_or_its_parts_in_a_row(text: str) -> None:
    assert taken(text) == [("x200", {"x200": 1.0, ("x", "200"): 1.0})]


def test_a_code_that_is_unknown_in_one_piece_is_found_in_two() -> None:
    assert taken("ISO27001") == [("iso27001", {("iso", "27001"): 1.0})]
    assert taken("ISO-27001") == [("iso27001", {("iso", "27001"): 1.0})]
    assert taken("X-999") == [("x", {"x": 1.0}), ("999", {})]


def test_an_umlaut_is_found_in_both_spellings() -> None:
    assert taken("Käufer") == [("kaufer", {"kaufer": 1.0, "kaeufer": 1.0})]
    assert taken("Käufe", typing=True) == [("kaufe", {"kaufer": 0.9})]


def test_of_a_pasted_page_the_first_words_count() -> None:
    assert len(taken("word " * 500)) == MOST_WORDS


def test_neighbours_also_stand_for_the_word_they_make() -> None:
    concepts = asking().concepts("code base")
    assert [(concept.word, concept.is_extra) for concept in concepts] == [
        ("code", False),
        ("base", False),
        ("codebase", True),
    ]


def test_codes_are_never_corrected() -> None:
    assert taken("x2000") == [("x2000", {})]


def test_synonyms_of_one_and_of_several_words() -> None:
    asked = asking(synonyms={"costly": (("expensive", 0.8),), "rebates": (("non disclosure", 0.6), ("secrets", 0.5))})
    assert asked.concepts("costly")[0].alternatives == {"expens": 0.8}
    assert asked.concepts("Rebate")[0].alternatives == {("non", "disclosure"): 0.6, "secret": 0.5}


def test_exact_words_are_taken_as_they_are() -> None:
    assert taken("expesnive discounts", exact=True) == [("expesnive", {}), ("discounts", {"discount": 1.0})]
    assert taken("code base", exact=True) == [("code", {"code": 1.0}), ("base", {"base": 1.0})]
