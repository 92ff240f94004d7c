"""Words are cut and folded the same way wherever they come from."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.search_index.analysis import LONGEST_WORD, content, cut, fold, fold_in_place, places, stem


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Too expensive?", ["too", "expensive"]),
        ("ÄRGER Ärger arger", ["arger", "arger", "arger"]),
        ("crème brûlée", ["creme", "brulee"]),
        ("Straße, Œuvre, Øre, Łódź", ["strasse", "oeuvre", "ore", "lodz"]),
        ("Ａｃｍｅ ﬁne ½", ["acme", "fine", "1", "2"]),
        ("Привет, МИР", ["привет", "мир"]),
        ("日本語 テスト", ["日本語", "テスト"]),
        ("don't we're it’s buyer's", ["dont", "were", "it", "buyer"]),
        ("l'offre d’été", ["l", "offre", "d", "ete"]),
        ("ISO 27001", ["iso", "27001"]),
        ("snake_case and/or e-mail", ["snake", "case", "and", "or", "e", "mail"]),
        ("U.S. – … \ud800 !", ["u", "s"]),
        ("", []),
    ],
)
def test_text_is_cut_into_folded_words(text: str, plain: list[str]) -> None:
    assert cut(text).plain == plain


@pytest.mark.parametrize(
    ("text", "spellings"),
    [
        ("the X-200", [(1, 2, "x200")]),
        ("X-200-B", [(0, 3, "x200b")]),
        ("SKU_12", [(0, 2, "sku12")]),
        ("3.5%", [(0, 2, "3.5%")]),
        ("3,5 %", [(0, 2, "3.5%")]),
        ("20%", [(0, 1, "20%")]),
        ("1,000", [(0, 2, "1000")]),
        ("v2.1", [(0, 2, "v2.1")]),
        ("24/7", [(0, 2, "24/7")]),
        ("2026-01-31", [(0, 3, "2026-01-31")]),
        ("x200", []),
        ("e-mail", []),
        ("Käufer", [(0, 1, "kaeufer")]),
        ("Ka\u0308ufer für Öl", [(0, 1, "kaeufer"), (1, 1, "fuer"), (2, 1, "oel")]),
    ],
)
def test_codes_figures_and_umlauts_keep_a_second_spelling(text: str, spellings: list[tuple[int, int, str]]) -> None:
    assert [tuple(spelling) for spelling in cut(text).spellings] == spellings


def test_words_without_an_end_are_cut_off() -> None:
    assert cut("a" * 5000).plain == ["a" * LONGEST_WORD]


def test_stop_words_go_unless_nothing_else_is_left() -> None:
    assert content(["who", "is", "the", "owner"]) == ["owner"]
    assert content(["who", "are", "you"]) == ["who", "are", "you"]
    assert content(["no", "budget", "not", "now", "too"]) == ["no", "budget", "not", "now", "too"]


@pytest.mark.parametrize(("word", "stemmed"), [("pricing", "price"), ("customers", "custom"), ("x200", "x200")])
def test_words_are_stemmed_and_codes_are_not(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


@pytest.mark.parametrize("text", ["plain", "Käufer ﬁnden", "Straße", "İstanbul", "½ ǅ"])
def test_folding_in_place_keeps_every_letter_where_it_is(text: str) -> None:
    assert len(fold_in_place(text)) == len(text)


def test_folding_twice_changes_nothing() -> None:
    assert fold(fold("Größe Œuvre İ")) == fold("Größe Œuvre İ")


def test_wanted_words_are_placed_whole_and_as_written() -> None:
    text = "Käufer kaufen; der Kaufer-Rat, Verkaufer."
    found = places(text, {"kaufer": 7, "rat": 8})
    assert [(text[start:end], value) for start, end, value in found] == [("Käufer", 7), ("Kaufer", 7), ("Rat", 8)]
    assert places(text, {}) == []


@given(
    text=st.text(alphabet="abx2 ä_-.É中", max_size=60),
    wanted=st.dictionaries(st.sampled_from(["a", "ab", "ba", "x2", "2", "中", "3.5%"]), st.integers(0, 3)),
)
def test_wanted_words_are_placed_where_whole_words_are_they(text: str, wanted: dict[str, int]) -> None:
    runs = re.finditer(r"[^\W_]+", fold_in_place(text))
    assert places(text, wanted) == [(run.start(), run.end(), wanted[run[0]]) for run in runs if run[0] in wanted]
