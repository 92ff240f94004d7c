"""Events rise: listeners write in the same transaction, and an error in one undoes all."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.bus import publish
from portal.core.db import Database
from portal.core.jobs import Job, enqueue
from portal.core.limits import Attempt, count_attempt


@dataclass(frozen=True)
class Happened:
    """Something happened."""

    number: int


class HappenedTwice(Happened):
    """Another event, though it looks alike."""


def note(session: Session, event: Happened) -> None:
    session.add(Attempt(bucket=f"heard {event.number}", at=datetime(2026, 1, 1, tzinfo=UTC)))


def ask(session: Session, event: Happened) -> None:
    enqueue(session, "index", event.number)


def refuse(session: Session, event: Happened) -> None:
    raise LookupError(event.number)


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_listeners_write_in_the_transaction_of_the_event(database: Database) -> None:
    database.listeners = {Happened: (note, ask)}
    with database.writing() as session:
        publish(session, Happened(1))
        session.rollback()
    assert (count(database, Attempt), count(database, Job)) == (0, 0)
    with database.writing() as session:
        publish(session, Happened(1))
        session.commit()
    assert (count(database, Attempt), count(database, Job)) == (1, 1)


def test_a_listener_that_raises_undoes_everything(database: Database) -> None:
    database.listeners = {Happened: (note, refuse)}
    with database.writing() as session:
        count_attempt(session, ["the act itself"])
        with pytest.raises(LookupError):
            publish(session, Happened(1))
    assert count(database, Attempt) == 0


def test_listeners_hear_their_own_kind_of_event_alone(database: Database) -> None:
    database.listeners = {Happened: (note,)}
    with database.writing() as session:
        publish(session, HappenedTwice(1))
        publish(session, "something else")
        session.commit()
    assert count(database, Attempt) == 0


def test_nobody_listens_to_a_bare_session(database: Database) -> None:
    database.listeners = {Happened: (refuse,)}
    with database.reading() as session:
        publish(session, Happened(1))
