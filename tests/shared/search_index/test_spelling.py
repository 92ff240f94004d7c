"""What a word may go on to, and what a misspelt one was meant to be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from portal.shared.search_index.spelling import Lexicon

WORDS = {
    "price": 9,
    "prices": 4,
    "pricing": 12,
    "priority": 2,
    "private": 5,
    "code": 8,
    "base": 6,
    "discount": 7,
    "contract": 3,
    "contact": 30,
    "2024": 50,
    "3rd": 4,
}
LEXICON = Lexicon(WORDS)


def everything(word: str) -> bool:
    return word in WORDS


def test_a_beginning_goes_on_to_the_most_frequent_words() -> None:
    assert LEXICON.continuations("pri", everything, 3) == ["pricing", "price", "private"]
    assert LEXICON.continuations("price", everything, 9) == ["price", "prices"]
    assert LEXICON.continuations("zz", everything, 9) == []


def test_only_visible_words_are_given_out() -> None:
    assert LEXICON.continuations("pri", lambda word: word == "private", 3) == ["private"]
    assert LEXICON.corrections("discuont", lambda word: False, 3) == []
    assert LEXICON.mistyped_continuations("prj", lambda word: False, 3) == []
    assert LEXICON.split("codebase", lambda word: word == "code") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("discuont", ("discount", 1)),
        ("dscount", ("discount", 1)),
        ("discoount", ("discount", 1)),
        ("disciunt", ("discount", 1)),
        ("disocutn", ("discount", 2)),
        ("prixe", ("price", 1)),
    ],
)
def test_letters_swapped_lost_doubled_and_missed_are_mended(typed: str, meant: tuple[str, int]) -> None:
    assert LEXICON.corrections(typed, everything, 3)[0] == meant


def test_of_equally_near_words_the_frequent_one_wins() -> None:
    assert [word for word, _ in LEXICON.corrections("contarct", everything, 3)] == ["contact", "contract"]
    assert LEXICON.corrections("contavt", everything, 1) == [("contact", 1)]


def test_figures_and_codes_are_no_corrections() -> None:
    assert LEXICON.corrections("2025", everything, 3) == []
    assert LEXICON.corrections("3rx", everything, 3) == []


def test_a_mistyped_beginning_finds_its_words() -> None:
    assert LEXICON.mistyped_continuations("prc", everything, 1) == ["pricing"]


def test_words_run_together_are_split_at_the_most_frequent_pair() -> None:
    assert LEXICON.split("codebase", everything) == ("code", "base")
    assert LEXICON.split("codeprio", everything) is None


def test_forms_share_a_stem() -> None:
    assert LEXICON.forms("price") == ["price", "prices", "pricing"]
    assert LEXICON.stem_frequency("price") == 25
    assert LEXICON.forms("base") == ["base"]
    assert LEXICON.forms("nothing") == []


def test_joined_parts_are_as_one_lexicon() -> None:
    parts = [dict(list(WORDS.items())[:5]), dict(list(WORDS.items())[5:]), {"price": 1, "basing": 2, "contacts": 1}]
    joined = Lexicon.joined([Lexicon(part) for part in parts])
    whole = Lexicon({**WORDS, "price": 10, "basing": 2, "contacts": 1})
    assert joined.words == whole.words
    assert joined.frequency == whole.frequency
    for stemmed in ("price", "base", "contact", "code"):
        assert sorted(joined.forms(stemmed)) == sorted(whole.forms(stemmed))
    assert Lexicon.joined([]).words == []


SPELLED = st.text("abcdeé日1", min_size=1, max_size=9)


@settings(deadline=None)
@given(parts=st.lists(st.lists(SPELLED, max_size=8), min_size=1, max_size=3), typed=SPELLED, edits=st.integers(1, 2))
def test_no_near_word_is_passed_over_unseen(parts: list[list[str]], typed: str, edits: int) -> None:
    joined = Lexicon.joined([Lexicon(dict.fromkeys(part, 1)) for part in parts])
    near = {word for part in parts for word in part if OSA.distance(typed, word) <= edits}
    assert near <= set(joined._resembling(typed, edits))
    begun = {
        word
        for word in joined.words
        if word[0] == typed[0]
        and len(word) >= len(typed) - 1
        and OSA.distance(typed, word[: len(typed)], score_cutoff=1) <= 1
    }
    assert set(joined.mistyped_continuations(typed, lambda word: True, 99)) == begun
