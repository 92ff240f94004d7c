"""Marked words: escaped text with `<mark>` around what was looked for, and never any other tag."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from portal.shared.finding.marking import mark_words, marked
from portal.shared.search_index.analysis import stem


def stems(*words: str) -> frozenset[str]:
    return frozenset(map(stem, words))


def test_words_with_the_same_stem_are_marked_in_the_text_as_it_was() -> None:
    assert mark_words("Pricing & PRICES, not prizes", stems("price"), "") == (
        "<mark>Pricing</mark> &amp; <mark>PRICES</mark>, not prizes"
    )


def test_a_word_that_goes_on_from_an_unfinished_one_is_marked() -> None:
    assert mark_words("Discount and disco", stems(), "disc") == "<mark>Discount</mark> and <mark>disco</mark>"
    assert mark_words("Discount", stems(), "") == "Discount"


def test_spans_are_marked_and_the_rest_is_escaped() -> None:
    assert marked("a<b>c", [(1, 2), (4, 5)]) == "a<mark>&lt;</mark>b&gt;<mark>c</mark>"
    assert marked("", []) == ""


@given(st.text() | st.text(alphabet="<>&\"'ab /="), st.sets(st.text(alphabet="ab<>", min_size=1)), st.text(max_size=3))
def test_no_text_becomes_a_tag_and_no_letter_is_lost(text: str, words: set[str], beginning: str) -> None:
    shown = str(mark_words(text, frozenset(words), beginning))
    assert unescape(re.sub(r"</?mark>", "", shown)) == unescape(shown.replace("<mark>", "").replace("</mark>", ""))
    assert not re.search(r"<(?!/?mark>)", shown)
    assert shown.count("<mark>") == shown.count("</mark>")


@given(st.text(alphabet=st.characters(exclude_characters="&")))
def test_the_text_without_marks_is_the_text(text: str) -> None:
    shown = str(mark_words(text, frozenset({stem("a")}), "b"))
    assert unescape(re.sub(r"</?mark>", "", shown)) == text
