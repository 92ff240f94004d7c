"""What a GET learns: bounded in memory, written in one unit, lost rather than waited for."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import observed
from portal.core.db import Database
from portal.core.limits import Attempt, count_attempt
from portal.core.observed import Observations


@dataclass(frozen=True)
class Seen:
    """Something was looked at."""

    what: str


@dataclass(frozen=True)
class Searched:
    """Something was searched."""

    words: str


def note_seen(session: Session, notes: Sequence[Seen]) -> None:
    count_attempt(session, [f"seen {note.what}" for note in notes])


def note_searched(session: Session, notes: Sequence[Searched]) -> None:
    session.flush()
    count_attempt(session, [f"searched {note.words}" for note in notes])


def refuse(session: Session, notes: Sequence[Searched]) -> None:
    raise LookupError


def written(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Attempt.bucket).order_by(Attempt.bucket)))


@pytest.fixture
def queue(database: Database) -> Observations:
    """A queue whose thread sleeps."""
    made = Observations(database, {Seen: note_seen, Searched: note_searched}, pause=3600)
    yield made
    made.stop()


def test_what_was_seen_is_written_when_told(database: Database, queue: Observations) -> None:
    queue.add(Seen("a"))
    queue.add(Searched("price"))
    queue.add("something that nobody records")
    assert written(database) == []
    assert queue.write() == 3
    assert written(database) == ["searched price", "seen a"]
    assert queue.write() == 0


def test_everything_is_written_in_one_unit(database: Database) -> None:
    queue = Observations(database, {Seen: note_seen, Searched: refuse}, pause=3600)
    queue.add(Seen("a"))
    queue.add(Searched("price"))
    with pytest.raises(LookupError):
        queue.write()
    assert written(database) == []
    queue.stop()


def test_a_full_queue_drops_what_comes_and_keeps_nobody_waiting(database: Database, monkeypatch) -> None:
    monkeypatch.setattr(observed, "QUEUE_SIZE", 5)
    queue = Observations(database, {Seen: note_seen}, pause=3600)
    for number in range(50):
        queue.add(Seen(str(number)))
    assert queue.write() == 5
    assert written(database) == [f"seen {number}" for number in range(5)]
    queue.stop()


def test_the_thread_starts_with_the_first_note_and_only_once(queue: Observations) -> None:
    assert queue._thread is None
    threads = [threading.Thread(target=queue.add, args=(Seen("a"),)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alive = [thread for thread in threading.enumerate() if thread is queue._thread]
    assert len(alive) == 1
    assert alive[0].daemon


def test_the_thread_writes_and_an_error_does_not_end_it(database: Database, told) -> None:
    failed, through = threading.Event(), threading.Event()

    def record(session: Session, notes: Sequence[Seen]) -> None:
        if not failed.is_set():
            failed.set()
            raise LookupError
        note_seen(session, notes)
        session.flush()
        through.set()

    queue = Observations(database, {Seen: record}, pause=0.01)
    queue.add(Seen("lost"))
    assert failed.wait(20)
    queue.add(Seen("kept"))
    assert through.wait(20)
    queue.stop()
    assert written(database) == ["seen kept"]
    assert [line["event"] for line in told()] == ["observations_lost"]


def test_stopping_writes_the_rest(database: Database) -> None:
    queue = Observations(database, {Seen: note_seen}, pause=3600)
    queue.add(Seen("a"))
    queue.stop()
    assert written(database) == ["seen a"]
    assert queue._thread is not None
    assert not queue._thread.is_alive()
