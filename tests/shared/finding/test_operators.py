"""How shares and days are written after an operator."""

import math
from datetime import date

import pytest

from portal.shared.finding.operators import FACETS, NAME_OF, day_number, read_day, read_share


@pytest.mark.parametrize(
    ("value", "kept", "left_out"),
    [
        (">60", [60.001, 100], [60, 0]),
        (">=60", [60, 61], [59.999]),
        ("60", [60, 61], [59.999]),
        ("<40", [0, 39.999], [40]),
        ("<=40%", [40], [40.001]),
        ("=50 %", [50], [49, 51]),
        (">12.5", [12.6], [12.5]),
    ],
)
def test_a_share_is_bounds_of_the_percentage(value: str, kept: list[float], left_out: list[float]) -> None:
    read = read_share(value)
    assert read is not None
    low, high = read[0]
    assert all(low <= figure <= high for figure in kept)
    assert not any(low <= figure <= high for figure in left_out)


@pytest.mark.parametrize("value", ["", "x", ">", "60x", "=>60", "1000", "-5", "٦٠", "60 70", "nan", "inf"])
def test_what_is_no_share_is_refused(value: str) -> None:
    assert read_share(value) is None


@pytest.mark.parametrize(
    ("value", "day"),
    [("2026-03-31", date(2026, 3, 31)), ("2026-3", date(2026, 3, 1)), ("2026", date(2026, 1, 1))],
)
def test_a_month_or_year_is_its_first_day(value: str, day: date) -> None:
    assert read_day(value) == day


@pytest.mark.parametrize("value", ["", "today", "2026-02-30", "2026-13", "0000", "31.3.2026", "٢٠٢٦", "2026-03-31x"])
def test_what_is_no_day_is_refused(value: str) -> None:
    assert read_day(value) is None


def test_days_count_from_1970_and_every_counted_facet_has_its_operator() -> None:
    assert (day_number(date(1970, 1, 2)), day_number(date(1969, 12, 31))) == (1, -1)
    assert math.isfinite(day_number(date.max))
    assert FACETS.keys() <= NAME_OF.keys()
