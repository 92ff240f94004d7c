"""The published risk: how many rely on something, times how long it waits and how loudly it is contradicted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

DAYS_OF_USE: Final = 30
"""Only what was opened in so many days is recent."""
EARLY, EARLY_DAYS = 2, 14
"""So many different people for whom the words did not work, within so many days, bring a review before its day."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for looking at a thing now.

    `uses`: of an item, the different people who opened its page, or copied its words from a search, in 30 days; of a
    question, its asker and those who searched for it; of a search in vain, the different people who made it.
    `weeks`: whole weeks since it was due, asked, or first searched. `flags`: open reports. `failed`: uses in which the
    words did not work, None as long as nobody records them. `is_urgent`: a report says wrong or sensitive.
    """

    uses: int = 0
    weeks: int = 0
    flags: int = 0
    failed: int | None = None
    is_urgent: bool = False


def risk_of(signals: Signals) -> int:
    """(1 + uses) × (1 + weeks + failed + flags)."""
    return (1 + signals.uses) * (1 + signals.weeks + (signals.failed or 0) + signals.flags)


def place_of(signals: Signals) -> tuple[bool, int]:
    """What the queue is sorted by: wrong and sensitive first, then the greatest risk."""
    return (not signals.is_urgent, -risk_of(signals))


def weeks_since(then: date, today: date) -> int:
    """Whole weeks that have passed; none for what is still to come."""
    return max(0, (today - then).days // 7)


def arithmetic(signals: Signals, *, used: str = "opened", waiting: str = "") -> str:
    """`risk 24 = (1 + 5 opened) × (1 + 2 weeks + 1 flag)`; what is nothing, or is not recorded, is left out."""
    first = _sum([(signals.uses, used, used)])
    second = _sum(
        [
            (signals.weeks, f"week{waiting}", f"weeks{waiting}"),
            (signals.failed or 0, "didn’t", "didn’t"),
            (signals.flags, "flag", "flags"),
        ]
    )
    return f"risk {risk_of(signals)} = {first} × {second}"


def is_early(didnt: int) -> bool:
    """Whether so many different people of EARLY_DAYS, for whom the words did not work, bring an early review."""
    return didnt >= EARLY


def _sum(terms: Sequence[tuple[int, str, str]]) -> str:
    counted = [f"{number} {one if number == 1 else many}" for number, one, many in terms if number]
    return f"(1 + {' + '.join(counted)})" if counted else "1"
