"""Work by the clock: a row per kind with the next moment, taken by lease, so that several workers may run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.db import Base, Database
from portal.core.jobs import enqueue
from portal.core.units import write_in_unit


class Scheduled(Base):
    """One kind of regular work and when it is next due."""

    __tablename__ = "scheduled"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    next_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Regular:
    """Regular work: `next_after(moment)` says when it is due after a moment."""

    next_after: Callable[[datetime], datetime]


def due_kinds(session: Session, plan: Mapping[str, Regular]) -> list[str]:
    """Enqueue a job for each kind that is due and move its row on, in one transaction; the caller commits.

    The row lock is the lease: a second worker finds `next_at` already moved. A worker that slept for a day
    runs each kind once, not once per missed moment.
    """
    now, due = clock.now(), []
    locked = select(Scheduled).order_by(Scheduled.kind).with_for_update()
    rows = {row.kind: row for row in session.scalars(locked).all()}
    for kind, regular in plan.items():
        row = rows.get(kind)
        if row is None:
            session.add(Scheduled(kind=kind, next_at=regular.next_after(now)))
        elif row.next_at <= now:
            row.next_at = regular.next_after(now)
            enqueue(session, kind)
            due.append(kind)
    session.flush()
    return due


class Ticker:
    """Asks `due_kinds` at most every `pause` seconds; called by the worker between jobs."""

    def __init__(self, database: Database, plan: Mapping[str, Regular], pause: float = 20.0) -> None:
        self.database, self.plan, self.pause = database, plan, pause
        self._last: datetime | None = None

    def __call__(self) -> None:
        """Look at the clock; write only when something may be due."""
        now = clock.now()
        if not self.plan or (self._last and abs((now - self._last).total_seconds()) < self.pause):
            return
        self._last = now
        write_in_unit(self.database, lambda session: due_kinds(session, self.plan))
