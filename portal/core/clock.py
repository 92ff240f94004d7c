"""What time it is: the only place that asks, so that tests and the demo can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_held: ContextVar[datetime | None] = ContextVar("held_moment", default=None)


def now() -> datetime:
    """The current moment, aware, in UTC; the held moment inside `at(…)`."""
    return _held.get() or datetime.now(UTC)


def today(timezone: str) -> date:
    """The calendar day of `now()` in an IANA time zone, since days are cut in company time."""
    return now().astimezone(ZoneInfo(timezone)).date()


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
