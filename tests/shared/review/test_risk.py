"""The published risk: it rises with everything that speaks for looking, and wrong and sensitive stand first."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.shared.review.risk import Signals, arithmetic, is_early, place_of, risk_of, weeks_since

COUNTS = st.integers(min_value=0, max_value=10_000)
SIGNALS = st.builds(Signals, COUNTS, COUNTS, COUNTS, st.none() | COUNTS, st.booleans())
TODAY = date(2026, 11, 24)


@given(SIGNALS, st.sampled_from(["uses", "weeks", "flags", "failed"]), st.integers(1, 100))
def test_more_of_anything_is_more_risk(signals: Signals, name: str, more: int) -> None:
    greater = replace(signals, **{name: (getattr(signals, name) or 0) + more})
    assert risk_of(greater) > risk_of(signals) >= 1
    assert place_of(greater) < place_of(signals)


@given(SIGNALS, SIGNALS)
def test_wrong_and_sensitive_stand_before_any_risk(one: Signals, other: Signals) -> None:
    assert place_of(replace(one, is_urgent=True)) < place_of(replace(other, is_urgent=False))


@given(SIGNALS)
def test_who_records_no_failures_is_not_measured_by_them(signals: Signals) -> None:
    assert risk_of(replace(signals, failed=None)) == risk_of(replace(signals, failed=0))


@given(SIGNALS)
def test_the_line_on_the_card_is_the_sum(signals: Signals) -> None:
    line = arithmetic(signals)
    left, right = line.split(" = ")
    product = 1
    for factor in right.split(" × "):
        product *= sum(int(part.strip("( )").split()[0]) for part in factor.split("+"))
    assert left == f"risk {product}" == f"risk {risk_of(signals)}"
    assert "didn’t" not in line if not signals.failed else "didn’t" in line


def test_the_line_is_read_as_words() -> None:
    assert arithmetic(Signals(5, 2, 1)) == "risk 24 = (1 + 5 opened) × (1 + 2 weeks + 1 flag)"
    assert arithmetic(Signals(0, 1)) == "risk 2 = 1 × (1 + 1 week)"
    assert arithmetic(Signals(3)) == "risk 4 = (1 + 3 opened) × 1"
    vain = arithmetic(Signals(4, 3), used="searching", waiting=" waiting")
    assert vain == "risk 20 = (1 + 4 searching) × (1 + 3 weeks waiting)"


@given(st.integers(-400, 4000))
def test_only_whole_weeks_that_have_passed_count(days: int) -> None:
    assert weeks_since(TODAY - timedelta(days=days), TODAY) == max(0, days // 7)


def test_two_people_for_whom_it_did_not_work_bring_it_early() -> None:
    assert [is_early(count) for count in range(4)] == [False, False, True, True]
