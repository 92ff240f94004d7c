"""What is offered while an operator is being typed."""

from datetime import date

import pytest

from portal.shared.finding.meaning import Names
from portal.shared.finding.offers import offers, unfinished
from portal.shared.finding.queries import Called
from portal.shared.finding.syntax import read

LABELS = {"competitor": {"kestrion": "Kestrion", "ohm": "Ohm Bridge", "hidden": "Hidden"}}
COUNTED = (("ohm", 5), ("kestrion", 2), ("unnamed", 1))
TODAY = date(2026, 11, 24)


def offered(text: str, *called: Called) -> list[str]:
    typed = read(text)
    names = Names(LABELS, LABELS, {part.value: called for part in typed.parts if part.name == "by"})
    return [one.fill for one in offers(typed, COUNTED, names, TODAY)]


@pytest.mark.parametrize(
    ("text", "fills"),
    [
        ("price competitor:", ["price competitor:ohm ", "price competitor:kestrion "]),
        ("competitor:br", ["competitor:ohm "]),
        ("competitor:KES", ["competitor:kestrion "]),
        ("competitor:hid", []),
        ("competitor:kestrion", []),
        ("competitor:kes ", []),
        ("competitor:kes price", []),
        ("price comp", ["price competitor:"]),
        ("tag", ["tag:"]),
        ("com", []),
        ("comparison", []),
        ("sort:", [f"sort:{one} " for one in ("relevance", "new", "used", "worked", "top")]),
        ("sort:to", ["sort:top "]),
        ("worked:", ["worked:>50 ", "worked:>60 ", "worked:>80 "]),
        ("after:", ["after:2026-11-17 ", "after:2026-10-25 ", "after:2026-01-01 "]),
        ("by:", ["by:me "]),
        ("", []),
    ],
)
def test_values_and_names_that_go_on_are_offered(text: str, fills: list[str]) -> None:
    assert offered(text) == fills


def test_people_are_offered_by_name_and_whoever_left_is_not() -> None:
    dana, other = Called(1, "dana-ruiz", "Dana Ruiz", True), Called(2, "dana-wolf", "Dana Wolf", False)
    assert offered("by:@da", dana, other) == ["by:@dana-ruiz "]
    twin = Called(3, "dana-ruiz", "Dana Ruiz", True)
    assert offered("by:@da", dana, twin) == ["by:@1 ", "by:@3 "]


def test_a_blank_ends_the_operator() -> None:
    assert unfinished(read("competitor:kes")) is not None
    assert unfinished(read("competitor:kes ")) is None
