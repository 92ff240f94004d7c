"""What time it is: the only place that asks, so that tests and the demo can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_held: ContextVar[datetime | None] = ContextVar("held_moment", default=None)


class _Company:
    """One company a process."""

    zone = ZoneInfo("UTC")


def now() -> datetime:
    """The current moment, aware, in UTC; the held moment inside `at(…)`."""
    return _held.get() or datetime.now(UTC)


def today() -> date:
    """The calendar day that it is where the company is."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The calendar day of an aware moment where the company is."""
    return moment.astimezone(_Company.zone).date()


def start_of(day: date) -> datetime:
    """The aware moment, in UTC, at which a calendar day begins where the company is."""
    return datetime.combine(day, time.min, _Company.zone).astimezone(UTC)


def cut_days_in(timezone: str) -> None:
    """Say in which IANA time zone the company's days are cut: once in a process, by the roof."""
    _Company.zone = ZoneInfo(timezone)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at an aware moment for the calls inside; a naive one raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {moment!r}")
    token = _held.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _held.reset(token)
