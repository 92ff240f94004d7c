"""Moments of the story: `d-41 09:10` is ten past nine, company time, 41 days before the day on which it is built."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"d-(?P<days>\d{1,5})(?: (?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d))?")


@dataclass(frozen=True, order=True, slots=True)
class Offset:
    """Days from the day of the story (negative: before it) and a minute of that day; earlier ones compare as less."""

    day: int
    minute: int

    @classmethod
    def read(cls, text: str, *, clock: str = "08:00") -> "Offset":
        """Read `d-41 09:10`, or `d-41` with the given time; ValueError for anything else.

        The story ends yesterday, so that no moment of it lies after the build, whatever the hour.
        """
        found = _OFFSET.fullmatch(text if " " in text else f"{text} {clock}")
        if found is None:
            raise ValueError(f"“{text}” is no moment such as d-41 09:10")
        if not int(found["days"]):
            raise ValueError(f"“{text}” is today; the story ends with d-1")
        return cls(-int(found["days"]), int(found["hour"]) * 60 + int(found["minute"]))

    def later(self, days: int, minute: int) -> "Offset":
        """Some days later, at a minute of that day."""
        return Offset(self.day + days, minute)

    def __str__(self) -> str:
        return f"d{self.day} {self.minute // 60:02}:{self.minute % 60:02}"


class Calendar:
    """Turns offsets into moments, counted from the day of one moment in one time zone."""

    def __init__(self, now: datetime, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._today = now.astimezone(self._zone).date()

    def moment(self, offset: Offset) -> datetime:
        """The aware moment, in UTC."""
        day = self._today + timedelta(days=offset.day)
        local = datetime.combine(day, time(offset.minute // 60, offset.minute % 60), self._zone)
        return local.astimezone(UTC)
