"""What changed between two texts, word by word, for any two texts and in bounded time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.shared.items.diffing import as_text, diff_contents, diff_texts


def drawn(before: str, after: str) -> list[str]:
    """The lines as text: [+added], [-taken], … for lines left out."""
    sign = {"=": "{}", "+": "[+{}]", "-": "[-{}]"}
    return ["".join(sign[op].format(text) for op, text in line) or "…" for line in diff_texts(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("We give 5 % off.", "We give 7 % off.", ["We give [-5][+7] % off."]),
        ("Say it now.", "Say it.", ["Say it[- now]."]),
        ("", "New words", ["[+New words]"]),
        ("Old words", "", ["[-Old words]"]),
        ("Alpha beta gamma", "Quite other things", ["[-Alpha beta gamma]", "[+Quite other things]"]),
        ("same", "same", []),
    ],
)
def test_words_that_changed_are_marked_inside_their_line(before: str, after: str, lines: list[str]) -> None:
    assert drawn(before, after) == lines


def test_two_lines_stand_around_a_change_and_the_rest_is_left_out() -> None:
    before = [f"line number {number}" for number in range(20)]
    after = [*before[:10], "line number ten", *before[11:]]
    assert drawn("\n".join(before), "\n".join(after)) == [
        "…",
        "line number 8",
        "line number 9",
        "line number [-10][+ten]",
        "line number 11",
        "line number 12",
        "…",
    ]


def test_only_fields_that_differ_are_listed_in_the_order_of_their_labels() -> None:
    before = {"say": "One", "proof": [{"claim": "Fewer stops", "source": "Almdal"}], "tags": ["x"], "inner": 1}
    after = {"say": "Two", "proof": [{"claim": "Fewer stops", "source": "Brunner"}], "tags": ["x"], "inner": 2}
    found = diff_contents(before, after, {"proof": "Proof points", "tags": "Tags", "say": "Say this"})
    assert [(one.name, one.label) for one in found] == [("proof", "Proof points"), ("say", "Say this")]
    assert found[0].lines == ((("=", "Fewer stops | "), ("-", "Almdal"), ("+", "Brunner")),)


def test_a_field_of_which_only_blank_lines_changed_is_listed_without_lines() -> None:
    (found,) = diff_contents({"text": "a\nb"}, {"text": "a\n\nb"}, {"text": "Text"})
    assert found.lines == ()


def test_snapshots_are_read_as_text() -> None:
    assert as_text(None) == ""
    assert as_text(["a", {"claim": "b", "source": "c"}]) == "a\nb | c"


WORDS = st.text(alphabet="ab \n.", max_size=60)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_from_the_marks(before: str, after: str) -> None:
    lines = diff_texts(before, after)
    for text, kept in ((before, "=-"), (after, "=+")):
        shown = "".join(part for line in lines for op, part in line if op in kept)
        assert shown.replace(" ", "") in text.replace("\n", "").replace(" ", "") or not lines


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from(["a", "b", "c"]), max_size=400), st.lists(st.sampled_from(["a", "b", "c"]), max_size=400)
)
def test_any_two_texts_can_be_compared(before: list[str], after: list[str]) -> None:
    diff_texts(" ".join(before), "\n".join(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b " * 60_000, "b a c " * 40_000),
        ("\n".join(f"x{n}" for n in range(60_000)), "\n".join(f"x{n}" for n in reversed(range(60_000)))),
        ("a " * 100_000, "a " * 99_999 + "b a"),
        ("\n" * 400_000, "x\n" * 100_000),
    ],
    ids=["two words in turn", "reversed", "one word", "blank lines"],
)
def test_texts_made_to_be_slow_are_compared_in_seconds(before: str, after: str) -> None:
    started = time.process_time()
    diff_texts(before, after)
    assert time.process_time() - started < 8
