"""What time it is, and that tests can hold it."""

import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from portal.core import clock

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


def test_now_is_aware_and_in_utc() -> None:
    before, now, after = datetime.now(UTC), clock.now(), datetime.now(UTC)
    assert now.tzinfo is UTC
    assert before <= now <= after


def test_a_held_clock_stands_still_and_goes_on_afterwards() -> None:
    with clock.at(NOON):
        assert clock.now() == clock.now() == NOON
        with clock.at(NOON + timedelta(hours=1)):
            assert clock.now() == NOON + timedelta(hours=1)
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_the_clock_goes_on_after_an_error() -> None:
    with pytest.raises(LookupError), clock.at(NOON):
        raise LookupError
    assert clock.now() != NOON


def test_a_held_moment_of_another_zone_is_told_in_utc() -> None:
    with clock.at(NOON.astimezone(timezone(timedelta(hours=9)))):
        assert clock.now().isoformat() == "2026-03-29T12:00:00+00:00"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"), clock.at(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


def test_a_held_clock_holds_for_its_own_thread_alone() -> None:
    seen: list[datetime] = []
    with clock.at(NOON):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen != [NOON]


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-03-28T22:59:59+00:00", "Europe/Berlin", date(2026, 3, 28)),
        ("2026-03-28T23:00:00+00:00", "Europe/Berlin", date(2026, 3, 29)),
        ("2026-03-29T22:00:00+00:00", "Europe/Berlin", date(2026, 3, 30)),
        ("2026-03-28T23:00:00+00:00", "America/New_York", date(2026, 3, 28)),
        ("2026-03-28T23:00:00+00:00", "Pacific/Auckland", date(2026, 3, 29)),
    ],
)
def test_days_are_cut_in_the_zone_of_the_company(
    moment: str, zone: str, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock._Company, "zone", clock._Company.zone)  # put back afterwards
    clock.cut_days_in(zone)
    assert clock.day_of(datetime.fromisoformat(moment)) == day
    with clock.at(datetime.fromisoformat(moment)):
        assert clock.today() == day


def test_a_day_begins_where_the_company_is_also_when_the_clocks_change() -> None:
    clock.cut_days_in("Europe/Berlin")
    try:
        changing = [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)]
        starts = [clock.start_of(day).isoformat() for day in changing]
        assert starts == ["2026-03-27T23:00:00+00:00", "2026-03-28T23:00:00+00:00", "2026-03-29T22:00:00+00:00"]
        assert [clock.day_of(clock.start_of(day)) for day in changing] == changing
    finally:
        clock.cut_days_in("UTC")
