"""Several workers at once, and the loop that never dies."""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import Database
from portal.core.jobs import Job, JobKind, Submission, Worker, claim, enqueue, forget_submissions, in_unit
from portal.core.limits import Attempt, count_attempt
from portal.shared.people.models import Person


def ask(database: Database, number: int) -> None:
    with database.writing() as session:
        for key in range(number):
            enqueue(session, "index", f"{key:03}")
        session.commit()


def test_workers_never_have_the_same_job_at_once(database: Database) -> None:
    ask(database, 40)
    counting, at_work, runs = threading.Lock(), Counter[str](), Counter[str]()

    def run(keys: Sequence[str]) -> None:
        with counting:
            at_work.update(keys)
            runs.update(keys)
            assert max(at_work.values()) == 1
        with database.reading() as session:
            session.scalar(select(func.count()).select_from(Job))
        with counting:
            at_work.subtract(keys)

    workers = [Worker(database, {"index": JobKind(run, 3)}) for _ in range(4)]
    threads = [threading.Thread(target=one.drain) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    Worker(database, {"index": JobKind(run, 3)}).drain()
    assert len(runs) == 40
    assert set(runs.values()) == {1}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0


@pytest.mark.parametrize("backend", [pytest.param("postgres", marks=pytest.mark.needs_postgres)])
def test_a_worker_passes_over_what_another_is_just_taking(backend, database: Database) -> None:
    ask(database, 4)
    with database.writing() as one, database.writing() as other:
        first = claim(one, ["index"], {"index": 2})
        second = claim(other, ["index"], {"index": 10})
        one.commit()
        other.commit()
    assert {job.key for job in first}.isdisjoint(job.key for job in second)
    assert len(first) == len(second) == 2


def test_two_requests_that_ask_for_the_same_work_do_not_lock_each_other_out(database: Database) -> None:
    def work(keys: Sequence[int]) -> None:
        for _ in range(5):
            with database.writing() as session:
                for key in keys:
                    enqueue(session, "index", key)
                session.commit()

    threads = [threading.Thread(target=work, args=(keys,)) for keys in ([1, 2, 3], [3, 2, 1], [2, 3, 1], [3, 1, 2])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalars(select(Job.key).order_by(Job.key)).all() == ["1", "2", "3"]


def test_the_loop_outlives_errors_and_stops_when_asked(database: Database, monkeypatch, told) -> None:
    done, ticks = [], []

    def run(keys: Sequence[str]) -> None:
        done.extend(keys)
        loop.stop()

    def tick() -> None:
        ticks.append(1)
        if len(ticks) < 3:
            with database.reading() as session:
                session.execute(text("SELECT nothing FROM nowhere"))

    loop = Worker(database, {"index": JobKind(run)}, tick=tick, pause=0)
    monkeypatch.setattr(loop._stop, "wait", lambda seconds: None)
    ask(database, 1)
    loop.run()
    assert (done, len(ticks)) == (["000"], 3)
    assert [line["event"] for line in told()] == ["worker_step_failed"] * 2


def test_upkeep_is_done_while_no_job_is_due_and_without_a_pause_as_long_as_there_is_some(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def upkeep() -> bool:
        done.append("upkeep")
        if done.count("upkeep") == 2:
            ask(database, 1)
        return done.count("upkeep") < 4

    loop = Worker(database, {"index": JobKind(done.extend)}, idle=upkeep)

    def wait(seconds: float) -> None:
        done.append("pause")
        loop.stop()

    monkeypatch.setattr(loop._stop, "wait", wait)
    ask(database, 1)
    loop.run()
    assert done == ["000", "upkeep", "upkeep", "000", "upkeep", "upkeep", "pause"]


def test_a_loop_that_was_stopped_before_does_nothing(database: Database) -> None:
    ask(database, 1)
    loop = Worker(database, {"index": JobKind(lambda keys: None)})
    loop.stop()
    loop.run()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_work_that_only_writes_rows_is_one_unit_for_all_its_keys(database: Database) -> None:
    tries: list[Sequence[str]] = []

    def write(session: Session, keys: Sequence[str]) -> None:
        tries.append(keys)
        count_attempt(session, keys)
        session.flush()
        if len(tries) == 1:
            raise IntegrityError("INSERT", {}, ValueError("somebody was first"))

    in_unit(database, write)(["a", "b"])
    assert tries == [["a", "b"], ["a", "b"]]
    with database.reading() as session:
        assert session.scalars(select(Attempt.bucket).order_by(Attempt.id)).all() == ["a", "b"]


def test_keys_of_forms_are_forgotten_when_they_are_old(database: Database, person: Person) -> None:
    now = clock.now()
    with database.writing() as session:
        for days in range(4):
            moment = now - timedelta(days=days)
            session.add(Submission(person_id=person.id, key=f"{days} days", url="/", at=moment))
        forget_submissions(session, now - timedelta(days=2))
        session.commit()
    with database.reading() as session:
        assert session.scalars(select(Submission.key).order_by(Submission.key)).all() == ["0 days", "1 days", "2 days"]
