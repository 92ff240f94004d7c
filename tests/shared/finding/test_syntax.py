"""Any input answers: what is typed is taken apart, and nothing of it gets lost or gets in the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.finding.operators import OPERATORS
from portal.shared.finding.syntax import MOST_LETTERS, Typed, read

TYPED = st.text() | st.text(alphabet='ab -":@“”/\\\n\x00é日')


def operators(typed: Typed) -> list[tuple[str, str]]:
    return [(part.name, part.value) for part in typed.parts if part.kind == "operator"]


@pytest.mark.parametrize(
    ("text", "words", "phrases", "excluded", "operators_"),
    [
        ("too expensive", "too expensive", (), (), []),
        ('say "too expensive" now', "say now", ("too expensive",), (), []),
        ("price -rebate", "price", (), ("rebate",), []),
        ('price -"our rebate"', "price", (), ("our rebate",), []),
        ("price tag:pricing Type:objection", "price", (), (), [("tag", "pricing"), ("type", "objection")]),
        ('by:"dana ruiz" x', "x", (), (), [("by", "dana ruiz")]),
        ("“too expensive”", "", ("too expensive",), (), []),
        ("covid-19 -19 - --x", "covid-19 -19 - --x", (), (), []),
        ("http://example.com/a", "http://example.com/a", (), (), []),
        ('"', "", (), (), []),
        ('""', "", (), (), []),
        ('-""', "", (), (), []),
        ("  \n\t ", "", (), (), []),
    ],
)
def test_what_is_typed_is_taken_apart(text: str, words: str, phrases, excluded, operators_) -> None:
    typed = read(text)
    assert (typed.words, typed.phrases, typed.excluded, operators(typed)) == (words, phrases, excluded, operators_)


def test_a_name_that_is_no_operator_is_searched_as_text_and_told() -> None:
    typed = read("colour:red Colour:blue price:")
    assert typed.unknown == ("colour",)
    assert typed.words == "colour:red Colour:blue price:"
    assert operators(typed) == []


@given(TYPED)
def test_any_text_is_understood(text: str) -> None:
    typed = read(text)
    assert len(typed.text) <= MOST_LETTERS
    assert all(part.value.strip() for part in typed.parts if part.kind != "operator")
    assert all(part.name in OPERATORS for part in typed.parts if part.kind == "operator")
    assert not any(c < " " for c in typed.text)


@given(TYPED)
def test_what_was_understood_reads_the_same_again(text: str) -> None:
    typed = read(text)
    assert read(typed.text).parts == typed.parts
    assert read(typed.text).text == typed.text


@given(TYPED)
def test_every_letter_that_was_typed_stands_in_some_part(text: str) -> None:
    typed = read(text)
    letters = [c for part in typed.parts for c in part.text if c.isalnum()]
    assert letters == [c for c in typed.text if c.isalnum()]


@given(TYPED, st.integers(0, 5))
def test_a_part_taken_out_is_gone_and_the_others_stay(text: str, number: int) -> None:
    typed = read(text)
    if typed.parts:
        gone = typed.parts[number % len(typed.parts)]
        assert typed.without(gone) == " ".join(
            part.text for part in typed.parts if part.text.lower() != gone.text.lower()
        )
