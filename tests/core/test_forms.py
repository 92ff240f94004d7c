"""Reading what was typed: every message at once, and nothing that a database row should not hold."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.core.forms import Fields


def test_every_message_comes_at_once_and_what_was_typed_stays() -> None:
    fields = Fields.of(title=" ", text="x" * 30, stage="nowhere", count="many", day="soon")
    fields.line("title", "Title", required=True)
    fields.text("text", "Text", most=20)
    fields.choice("stage", "Stage", ["discovery"])
    fields.number("count", "Count", least=1, most=9)
    fields.day("day", "Day")
    with pytest.raises(Invalid) as caught:
        fields.check()
    assert caught.value.errors == {
        "title": "Title: please write something here.",
        "text": "Text: at most 20 characters, these are 30.",
        "stage": "Stage: “nowhere” is not one of the choices.",
        "count": "Count: “many” is not a whole number.",
        "day": "Day: “soon” is no day; write it as 2026-03-31.",
    }
    assert fields.values == {"title": " ", "text": "x" * 30, "stage": "nowhere", "count": "many", "day": "soon"}


def test_what_is_right_raises_nothing() -> None:
    fields = Fields.of(title="  Too \t dear\n", text="\r\na\r\nb\r", stage="discovery", count=" 7 ", day="2026-03-31")
    assert fields.line("title", "Title", required=True) == "Too dear"
    assert fields.text("text", "Text", required=True) == "a\nb"
    assert fields.choice("stage", "Stage", ["discovery"], required=True) == "discovery"
    assert fields.number("count", "Count", least=1, most=9) == 7
    assert fields.day("day", "Day") == date(2026, 3, 31)
    fields.check()


def test_fields_that_are_not_there_are_empty() -> None:
    fields = Fields.of()
    assert fields.line("x", "X") == fields.text("x", "X") == fields.choice("x", "X", ["a"]) == ""
    assert fields.lines("x", "X") == ()
    assert fields.number("x", "X", least=1, most=2) is None
    assert fields.number("x", "X", least=1, most=2, default=9) == 9
    assert fields.day("x", "X") is None
    assert not fields.flag("x")
    assert fields.typed("x") == []
    fields.check()


def test_a_required_choice_must_be_made() -> None:
    fields = Fields.of(stage="")
    assert fields.choice("stage", "Stage", ["a"], required=True) == ""
    assert fields.errors == {"stage": "Stage: choose one."}


def test_a_field_given_several_times_keeps_them_all() -> None:
    fields = Fields({"tag": ["a", "b\x00"], "none": []})
    assert fields.typed("tag") == ["a", "b"]
    assert fields.values == {"tag": "a"}


def test_lines_are_counted_and_measured() -> None:
    fields = Fields.of(tags="price\n\n  a   b \n", many="a\n" * 4, wide="a" * 11)
    assert fields.lines("tags", "Tags") == ("price", "a b")
    fields.lines("many", "Many", most=3)
    fields.lines("wide", "Wide", length=10)
    assert fields.errors == {
        "many": "Many: at most 3 lines, these are 4.",
        "wide": "Wide: a line may have 10 characters, one has 11.",
    }


@pytest.mark.parametrize(("typed", "told"), [("0", "between 1 and 9, not 0"), ("-3", "not -3"), ("10", "not 10")])
def test_a_number_out_of_range_says_its_range(typed: str, told: str) -> None:
    fields = Fields.of(count=typed)
    fields.number("count", "Count", least=1, most=9)
    assert told in fields.errors["count"]


@pytest.mark.parametrize("typed", ["1.5", "1e3", "0x10", "seven", "9" * 5000])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    fields = Fields.of(count=typed)
    assert fields.number("count", "Count", least=1, most=9) is None
    assert "is not a whole number" in fields.errors["count"]


@given(st.text())
def test_no_control_character_passes_through_any_reader(typed: str) -> None:
    fields = Fields({"x": [typed]})
    read = [fields.line("x", "X"), fields.text("x", "X"), *fields.typed("x"), *fields.lines("x", "X")]
    for text in read:
        assert not [c for c in text if unicodedata.category(c) == "Cc" and c < " " and c not in "\n\t"]
    assert "\n" not in read[0]


@given(st.text(), st.text(), st.text())
def test_anything_typed_anywhere_gives_a_value_or_a_message(a: str, b: str, c: str) -> None:
    fields = Fields({"a": [a], "b": [b], "c": [c]})
    number, day = fields.number("a", "A", least=0, most=9), fields.day("b", "B")
    choice = fields.choice("c", "C", ["x"])
    assert number is None or 0 <= number <= 9 or "a" in fields.errors
    assert day is None or isinstance(day, date)
    assert choice in ("", "x") or "c" in fields.errors


@pytest.mark.parametrize(
    ("typed", "version"), [("3", 3), ("", 0), ("-1", 0), ("three", 0), ("²", 0), ("٣", 0), ("9" * 10, 0)]
)
def test_an_edit_starts_from_a_version_or_from_none(typed: str, version: int) -> None:
    assert Fields.of(version=typed).version() == version


def test_names_stand_between_commas_each_once() -> None:
    fields = Fields.of(tags=" dairy, pricing,,dairy ,  cold  chain")
    assert fields.names("tags", "Tags", most=3) == ("dairy", "pricing", "cold chain")
    assert not fields.errors
    fields.names("tags", "Tags", most=2)
    assert fields.errors == {"tags": "Tags: at most 2, these are 3."}
