"""The word list at work: what a question is also read as, and when two questions are the same."""

import pytest

from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.shared.finding.word_forms import read_entry
from portal.shared.finding.wording import ONE_WAY, SAME, Entry, Reading, WordList, normal_form


def read(**typed: str) -> Entry:
    return read_entry(Fields.of(**{"kind": "same", **typed}))


def test_words_of_a_group_stand_for_each_other() -> None:
    words = WordList([Entry(("discount", "rebate", "price cut"))])
    assert words.synonyms("Rebates for dairies") == {"rebates": (("discount", SAME), ("price cut", SAME))}
    assert words.synonyms("a discount")["discount"] == (("rebate", SAME), ("price cut", SAME))
    assert words.synonyms("a meter") == {}


def test_one_way_words_are_read_as_ours_and_never_back() -> None:
    words = WordList([Entry(("pricey", "steep"), ("too expensive",))])
    assert words.synonyms("that is steep")["steep"] == (("too expensive", ONE_WAY),)
    assert words.synonyms("too expensive") == {}


def test_several_words_stand_for_others_together_alone() -> None:
    words = WordList([Entry(("price cut", "discount"))])
    assert set(words.synonyms("your price cuts")) == {"price", "cuts"}
    assert words.synonyms("cut the price") == {}
    assert words.synonyms("price of a cut") == {"price": (("discount", SAME),), "cut": (("discount", SAME),)}
    assert words.readings("your price cuts") == (Reading("price cuts", ("discount",)),)


def test_normal_form_knows_neither_order_nor_endings_nor_small_words() -> None:
    assert normal_form("Discounts for the dairy") == normal_form("dairy discount") == "dairi discount"
    assert normal_form("who are you") == normal_form("Who ARE you")
    assert normal_form("") == normal_form("– …") == ""
    assert len(normal_form(" ".join(f"word{number}" for number in range(200)))) <= 200


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"theirs": "discount"}, "theirs", "two at least"),
        ({"theirs": "discount, Discounts"}, "theirs", "two at least"),
        ({"theirs": ""}, "theirs", "two at least"),
        ({"theirs": "the, discount, rebate"}, "theirs", "says too little"),
        ({"theirs": "rebate, " + "very " * 9 + "long"}, "theirs", "too long"),
        ({"theirs": ", ".join(f"word{number}" for number in range(21))}, "theirs", "at most 20"),
        ({"kind": "both"}, "kind", "not one of the choices"),
        ({"kind": "one_way", "theirs": "steep"}, "ours", "please write something"),
        ({"kind": "one_way", "theirs": "steep", "ours": "Steep"}, "ours", "on the other side too"),
        ({"kind": "one_way", "theirs": "", "ours": "dear"}, "theirs", "please write something"),
    ],
)
def test_entries_that_say_nothing_are_refused(typed: dict[str, str], field: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(**typed)
    assert said in refused.value.errors[field]


def test_an_entry_is_read_with_commas_and_lines_between_its_words() -> None:
    assert read(theirs="discount, rebate;\n price  cut ,", ours="left out") == Entry(
        ("discount", "rebate", "price cut")
    )
    assert read(kind="one_way", theirs="steep", ours="too expensive") == Entry(("steep",), ("too expensive",))
