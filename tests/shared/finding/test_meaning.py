"""What operators mean: filters, bounds and orders; and a note that names the choices where one means nothing."""

import math
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.core.access import Actor
from portal.shared.finding.meaning import Meaning, Names, understand
from portal.shared.finding.queries import Called
from portal.shared.finding.syntax import read

ME = Actor(7, "Dana Ruiz", "dana-ruiz", frozenset(), None, None)
LABELS = {
    "kind": {"objection": "Objections", "person": "People"},
    "stage": {"closed-won": "Closed won", "negotiation": "Negotiation"},
    "competitor": {"kestrion": "Kestrion Ltd"},
    "dept": {"selling": "Selling"},
    "former": {"sales": "selling"},
    "state": {"stale": "Stale"},
}
PEOPLE = [Called(7, "dana-ruiz", "Dana Ruiz", True), Called(9, "dana-wolf", "Dana Wolf", True)]


def meant(text: str, called: Sequence[Called] = PEOPLE) -> Meaning:
    typed = read(text)
    names = Names(LABELS, LABELS, {part.value: called for part in typed.parts if part.name == "by"})
    return understand(typed, names, ME)


def asked(url: str) -> str:
    return parse_qs(urlsplit(url).query, keep_blank_values=True)["q"][0]


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("type:objection", {"kind": ("objection",)}),
        ("type:Objections", {"kind": ("objection",)}),
        ("type:people", {"kind": ("person",)}),
        ('stage:"closed won"', {"stage": ("closed-won",)}),
        ("stage:closed-won stage:negotiation", {"stage": ("closed-won", "negotiation")}),
        ('competitor:"KESTRION LTD"', {"competitor": ("kestrion",)}),
        ("dept:sales", {"dept": ("selling",)}),
        ("IS:Stale", {"state": ("stale",)}),
        ("by:me", {"author": ("7",)}),
        ("by:@me", {"author": ("7",)}),
        ("by:@dana", {"author": ("7", "9")}),
        ("by:dana-wolf", {"author": ("9",)}),
        ('by:"Dana Wolf"', {"author": ("9",)}),
        ("by:@7-dana-ruiz", {"author": ("7",)}),
        ("tag:pricing", {}),
        ("price", {}),
    ],
)
def test_a_value_is_typed_as_slug_or_as_name(text: str, filters: dict[str, tuple[str, ...]]) -> None:
    assert meant(text).filters == filters


def test_bounds_meet_and_the_last_order_wins() -> None:
    meaning = meant("worked:>60 worked:<90 after:2026-01-01 before:2026-02 sort:new sort:TOP")
    low, high = meaning.ranges["worked"]
    assert 60 < low < 60.01
    assert 89.99 < high < 90
    assert meaning.ranges["updated"] == (20454, 20484)
    assert meaning.sort == "top"
    assert meant("after:2026-01-01").ranges == {"updated": (20454, math.inf)}


def test_every_operator_is_a_chip_that_leads_to_the_search_without_it() -> None:
    text = 'price "exact words" -rebate type:objection by:me worked:>60 after:2026 sort:new'
    chips = meant(text).chips
    assert [chip.text for chip in chips] == [
        "“exact words”", "without “rebate”", "type: Objections", "by: me", "worked in more than 60 %",
        "changed since 1 Jan 2026", "newest first",
    ]  # fmt: skip
    for chip, gone in zip(chips, text.split(" ", 1)[1].replace("exact words", "exact_words").split(), strict=True):
        assert asked(chip.url) == text.replace(f" {gone.replace('_', ' ')}", "")


@pytest.mark.parametrize(
    ("text", "said", "choices"),
    [
        ("price stage:foo", "no stage “foo”", ["price stage:closed-won", "price stage:negotiation"]),
        ("stage:", "“stage:” wants a stage", ["stage:closed-won", "stage:negotiation"]),
        ("tag:x", "no tag “x”", []),
        ("worked:often x", "“often” is not a percentage", ["worked:>60 x", "worked:<40 x"]),
        ("after:soon", "“soon” is not a day", ["after:2026-01-01", "after:2026-03", "after:2026"]),
        ("sort:", "“sort:” wants an order", [f"sort:{one}" for one in ("relevance", "new", "used", "worked", "top")]),
        ("by:", "“by:” wants a name", ["by:me"]),
        ("by:@dana", "means 2 people", ["by:@7", "by:@9"]),
    ],
)
def test_what_means_nothing_is_told_with_the_choices(text: str, said: str, choices: list[str]) -> None:
    (note,) = meant(text).notes
    assert said in note.text
    assert [asked(url) for _, url in note.choices] == choices


def test_nobody_of_that_name_and_no_such_operator_are_told() -> None:
    (note,) = meant("by:@nobody", called=()).notes
    assert "Nobody here is called “@nobody”" in note.text
    meaning = meant("colour:red -tag:x size:2 price")
    assert meaning.filters == {}
    (note,) = meaning.notes
    assert "“colour:”, “-tag:”, “size:” are no filters here" in note.text
    assert "competitor:" in note.text
