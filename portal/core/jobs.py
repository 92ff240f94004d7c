"""Work for later: a row in the same transaction as the change that asks for it, and the loop that does it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import structlog
from sqlalchemy import (
    Boolean,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    delete,
    event,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.db import Base, Database, insert_of
from portal.core.heartbeat import Heartbeat
from portal.core.ids import new_token
from portal.core.units import write_in_unit

log = structlog.get_logger("jobs")

CLAIM = timedelta(seconds=30)  # after a kill the work of the dead goes on as soon as this is over
RENEW = 10.0  # seconds; a worker that lives holds on to what it does, however long that takes
MAX_ATTEMPTS = 8
SUSPECT = 3  # a job that was begun so often and never finished runs alone, so that it takes no other down with it


class Job(Base):
    """One piece of work; `(kind, key)` is unique, so that ten edits make one job."""

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint("kind", "key"), Index("ix_job_dead_run_after", "dead", "run_after"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    token: Mapped[str] = mapped_column(String(64))
    run_after: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    dead: Mapped[bool] = mapped_column(Boolean, default=False)


class Submission(Base):
    """The first result of a form that creates: a repeat of the same `once` key is answered with it."""

    __tablename__ = "submission"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]


@dataclass(slots=True)
class Claim:
    """A job as the worker holds it: only the row that still bears this token may be deleted.

    `until` moves on with each renewal and says whose hold it is: once it has run out, another worker may hold the row,
    and this one leaves it alone.
    """

    id: int
    kind: str
    key: str
    token: str
    attempts: int
    until: datetime


@dataclass(frozen=True, slots=True)
class JobKind:
    """What one kind of job runs: `run(keys)` for up to `batch` keys at once; raises where it failed."""

    run: Callable[[Sequence[str]], None]
    batch: int = 1


def enqueue(session: Session, kind: str, key: object = "") -> None:
    """Ask for work; written just before the commit, sorted by (kind, key), or two requests would deadlock.

    A job carries a key, never content. A job asked for while it runs is run again.
    """
    wanted: set[tuple[str, str]] = session.info.setdefault("enqueued", set())
    wanted.add((kind, str(key)))


@event.listens_for(Session, "before_commit")
def write_enqueued(session: Session) -> None:
    """Write the gathered jobs of the session, each with a fresh token; the end of a savepoint is not the end."""
    if session.in_nested_transaction():
        return
    wanted: set[tuple[str, str]] = session.info.pop("enqueued", set())
    for kind, key in sorted(wanted):
        values = {"kind": kind, "key": key, "token": new_token(), "run_after": clock.now()}
        session.execute(_asking(session.get_bind().dialect.name), values | {"attempts": 0, "dead": False})


@cache
def _asking(dialect: str) -> Any:
    """The statement that asks for a job, or asks for it anew; built once."""
    insert = insert_of(dialect, Job.__table__)  # type: ignore[arg-type]
    renewed = {name: insert.excluded[name] for name in ("token", "run_after", "attempts", "dead")}
    return insert.on_conflict_do_update(index_elements=["kind", "key"], set_={**renewed, "last_error": None})


@event.listens_for(Session, "after_rollback")
def forget_enqueued(session: Session) -> None:
    """What rolled back asks for nothing."""
    session.info.pop("enqueued", None)


def claim(session: Session, kinds: Sequence[str], batches: Mapping[str, int]) -> list[Claim]:
    """Take due jobs of one kind, up to its batch, for CLAIM; a short transaction of its own, the caller commits.

    One that was begun MAX_ATTEMPTS times and neither finished nor failed (the process died of it) is given up.
    """
    now = clock.now()
    due = (
        select(Job)
        .where(Job.kind.in_(kinds), Job.dead.is_(False), Job.run_after <= now)
        .where((Job.claimed_until.is_(None)) | (Job.claimed_until < now))
        .order_by(Job.run_after, Job.id)
        .with_for_update(skip_locked=True)
    )
    while (first := session.scalars(due.limit(1)).first()) and first.attempts >= MAX_ATTEMPTS:
        first.dead, first.last_error = True, first.last_error or "the worker ended while it did this"
    if first is None:
        return []
    others = due.where(Job.kind == first.kind, Job.attempts < SUSPECT).limit(batches.get(first.kind, 1))
    jobs = [first] if first.attempts >= SUSPECT else session.scalars(others).all()
    for job in jobs:
        job.claimed_until = now + CLAIM
        job.attempts += 1
    session.flush()
    return [Claim(job.id, job.kind, job.key, job.token, job.attempts, now + CLAIM) for job in jobs]


def renew(session: Session, claims: Sequence[Claim]) -> datetime:
    """Hold on to jobs that were claimed together, for CLAIM from now; those that another worker took stay its own.

    Returns the new `until`, which the claims bear from the caller's commit on.
    """
    until = clock.now() + CLAIM
    held = (Job.id.in_([one.id for one in claims]), Job.claimed_until == claims[0].until)
    session.execute(update(Job).where(*held).values(claimed_until=until))
    return until


def finish(session: Session, claims: Sequence[Claim]) -> None:
    """Delete what is done where the token still matches; what was asked for again meanwhile is set free."""
    for one in claims:
        session.execute(delete(Job).where(*_held(one), Job.token == one.token))
        session.execute(update(Job).where(*_held(one)).values(claimed_until=None))


def fail(session: Session, claims: Sequence[Claim], error: str) -> None:
    """Keep the failed jobs for a later try (30 s, doubling, at most 1 h apart), dead after MAX_ATTEMPTS.

    What was asked for again meanwhile is set free instead: it starts afresh, and at once.
    """
    for one in claims:
        pause = min(3600, 30 * 2 ** (one.attempts - 1))
        session.execute(
            update(Job)
            .where(*_held(one), Job.token == one.token)
            .values(
                claimed_until=None,
                last_error=error[:2000],
                run_after=clock.now() + timedelta(seconds=pause),
                dead=one.attempts >= MAX_ATTEMPTS,
            )
        )
        session.execute(update(Job).where(*_held(one)).values(claimed_until=None))


def _held(one: Claim) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Job.id == one.id, Job.claimed_until == one.until


def revive(session: Session, job_id: int) -> bool:
    """Try a job again at once, a dead one too; False where it is gone."""
    found: Any = session.execute(
        update(Job).where(Job.id == job_id).values(dead=False, attempts=0, run_after=clock.now(), claimed_until=None)
    )
    return bool(found.rowcount)


def forget_submissions(session: Session, moment: datetime) -> None:
    """Delete `once` keys from before a moment; run by schedule."""
    session.execute(delete(Submission).where(Submission.at < moment))


def in_unit(database: Database, work: Callable[[Session, Sequence[str]], None]) -> Callable[[Sequence[str]], None]:
    """The `run` of a kind of job that only writes rows: one writing unit for its keys, committed, repeated if busy."""

    return lambda keys: write_in_unit(database, lambda session: work(session, keys))


class Worker:
    """The one loop that does jobs: a thread inside `portal run`, or a process of its own."""

    def __init__(
        self,
        database: Database,
        kinds: Mapping[str, JobKind],
        *,
        tick: Callable[[], None] | None = None,
        idle: Callable[[], bool] | None = None,
        pause: float = 0.2,
    ) -> None:
        self.database, self.kinds, self.pause = database, kinds, pause
        self.tick = tick or (lambda: None)
        self.idle = idle or (lambda: False)
        self._stop = threading.Event()
        self._holding = threading.Lock()

    def run(self) -> None:
        """Work until `stop()`: due jobs, then a pause of 200 ms; a lost database is waited for, not died of.

        `idle` is upkeep for while no job is due: it does a little and says whether there was any.
        """
        while not self._stop.is_set():
            try:
                self.tick()
                busy = self.step() or self.idle()
            except Exception:
                log.exception("worker_step_failed")
                busy = False
                self._stop.wait(2)
            if not busy:
                self._stop.wait(self.pause)

    def stop(self) -> None:
        """End the loop after the batch in hand."""
        self._stop.set()

    def step(self) -> bool:
        """One batch of one kind; True when there was one. A batch that fails is tried again one by one."""
        batches = {name: kind.batch for name, kind in self.kinds.items()}
        claims = write_in_unit(self.database, lambda session: claim(session, list(self.kinds), batches))
        if not claims:
            return False
        with Heartbeat(RENEW, lambda: self._renew(claims)):
            if not self._attempt(claims) and len(claims) > 1:
                for one in claims:
                    self._attempt([one])
        return True

    def drain(self) -> int:
        """Do everything that is due now; for tests and commands. Returns the number of batches."""
        batches = 0
        while self.step():
            batches += 1
        return batches

    def _renew(self, claims: Sequence[Claim]) -> None:
        with self._holding:
            until = write_in_unit(self.database, lambda session: renew(session, claims))
            for one in claims:
                one.until = until

    def _attempt(self, claims: Sequence[Claim]) -> bool:
        try:
            self.kinds[claims[0].kind].run([one.key for one in claims])
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            if len(claims) == 1:
                log.warning("job_failed", kind=claims[0].kind, key=claims[0].key, error=message)
                self._settle(lambda session: fail(session, claims, message))
            return False
        self._settle(lambda session: finish(session, claims))
        return True

    def _settle(self, work: Callable[[Session], None]) -> None:
        """Never during a renewal, or what is held would not be recognised."""
        with self._holding:
            write_in_unit(self.database, work)
