"""Work for later: asked for in the same transaction, never lost, given up in the end."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from portal.core import clock
from portal.core.db import Database
from portal.core.jobs import CLAIM, MAX_ATTEMPTS, Job, JobKind, Worker, claim, enqueue, renew, revive

Keys = Sequence[str]


def ask(database: Database, *keys: str, kind: str = "index") -> None:
    with database.writing() as session:
        for key in keys:
            enqueue(session, kind, key)
        session.commit()


def jobs(database: Database) -> list[Job]:
    with database.reading() as session:
        return list(session.scalars(select(Job).order_by(Job.kind, Job.key)))


def worker(database: Database, run: Callable[[Keys], None], batch: int = 1) -> Worker:
    return Worker(database, {"index": JobKind(run, batch)}, pause=0)


def broken(keys: Keys) -> None:
    raise LookupError(f"no {keys[0]} there")


def killed(keys: Keys) -> None:
    raise SystemExit  # as a kill would, it leaves no time to write anything down


def test_ten_edits_make_one_job_with_a_fresh_token_each_time(database: Database) -> None:
    tokens = set()
    for _ in range(10):
        ask(database, "objection:42")
        tokens.add(jobs(database)[0].token)
    assert [job.key for job in jobs(database)] == ["objection:42"]
    assert len(tokens) == 10


def test_what_rolled_back_asks_for_nothing(database: Database) -> None:
    with database.writing() as session:
        enqueue(session, "index", "lost")
        session.scalar(select(Job.id))
        session.rollback()
        enqueue(session, "index", "kept")
        session.commit()
    assert [job.key for job in jobs(database)] == ["kept"]


def test_jobs_are_written_in_one_order_whatever_the_order_of_asking(database: Database) -> None:
    written: list[tuple[str, str]] = []

    @event.listens_for(database.writers, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, *rest) -> None:
        if statement.startswith("INSERT INTO job"):
            given = parameters.values() if isinstance(parameters, dict) else parameters
            written.append(tuple(value for value in given if value in ("a", "b", "1", "2", "10")))

    with database.writing() as session:
        for kind, key in (("b", 1), ("a", 2), ("b", 10), ("a", 1), ("b", 1)):
            enqueue(session, kind, key)
        session.commit()
    assert written == [("a", "1"), ("a", "2"), ("b", "1"), ("b", "10")]


def test_the_end_of_a_savepoint_writes_no_job_yet(database: Database) -> None:
    with database.writing() as session:
        with session.begin_nested():
            enqueue(session, "b", 1)
        enqueue(session, "a", 1)
        assert session.scalars(select(Job)).all() == []
        session.commit()
    assert [job.kind for job in jobs(database)] == ["a", "b"]


def test_work_that_is_done_is_gone(database: Database) -> None:
    done: list[str] = []
    ask(database, "1", "2", "3")
    assert worker(database, done.extend, batch=2).drain() == 2
    assert (done, jobs(database)) == (["1", "2", "3"], [])


def test_a_worker_leaves_kinds_alone_that_it_does_not_know(database: Database) -> None:
    ask(database, "1", kind="other")
    assert worker(database, broken).drain() == 0
    assert jobs(database)[0].attempts == 0


def test_a_job_asked_for_while_it_runs_is_run_again(database: Database) -> None:
    runs: list[str] = []

    def run(keys: Keys) -> None:
        runs.extend(keys)
        if len(runs) == 1:
            ask(database, "1")

    ask(database, "1")
    worker(database, run).drain()
    assert (runs, jobs(database)) == (["1", "1"], [])


def test_a_job_that_fails_waits_longer_each_time_and_is_given_up_in_the_end(database: Database) -> None:
    ask(database, "1")
    moment, pauses = clock.now(), []
    for _ in range(MAX_ATTEMPTS):
        with clock.at(moment):
            assert worker(database, broken).drain() == 1
        job = jobs(database)[0]
        pauses.append((job.run_after - moment).total_seconds())
        moment = job.run_after
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert (job.dead, job.last_error, job.claimed_until) == (True, "LookupError: no 1 there", None)
    with clock.at(moment + timedelta(days=1)):
        assert worker(database, broken).drain() == 0


def test_a_dead_job_lives_again_when_somebody_wants_it(database: Database) -> None:
    done: list[str] = []
    for wake in (lambda session, job: revive(session, job.id), lambda session, job: enqueue(session, "index", "1")):
        ask(database, "1")
        with database.writing() as session:
            job = session.scalars(select(Job)).one()
            job.dead, job.attempts, job.last_error = True, MAX_ATTEMPTS, "it broke"
            session.commit()
        assert worker(database, done.extend).drain() == 0
        with database.writing() as session:
            wake(session, job)
            session.commit()
        assert worker(database, done.extend).drain() == 1
    assert done == ["1", "1"]


def test_reviving_a_job_that_is_gone_says_so(database: Database) -> None:
    with database.writing() as session:
        assert revive(session, 12345) is False


def test_an_edit_that_lands_while_its_job_fails_for_the_last_time_is_not_lost(database: Database) -> None:
    ask(database, "1")
    with database.writing() as session:
        session.scalars(select(Job)).one().attempts = MAX_ATTEMPTS - 1
        session.commit()

    def run(keys: Keys) -> None:
        ask(database, "1")
        raise LookupError

    assert worker(database, run).step()
    job = jobs(database)[0]
    assert (job.dead, job.attempts, job.claimed_until) == (False, 0, None)
    assert job.run_after <= clock.now()


def test_a_batch_that_fails_is_tried_one_by_one(database: Database) -> None:
    runs: list[list[str]] = []

    def run(keys: Keys) -> None:
        runs.append(list(keys))
        if "2" in keys:
            raise LookupError("it is 2")

    ask(database, "1", "2", "3")
    worker(database, run, batch=10).drain()
    assert runs == [["1", "2", "3"], ["1"], ["2"], ["3"]]
    assert [(job.key, job.last_error) for job in jobs(database)] == [("2", "LookupError: it is 2")]


def test_a_worker_killed_at_work_leaves_the_job_to_the_next_once_its_time_is_up(database: Database) -> None:
    done: list[str] = []
    ask(database, "1")
    with pytest.raises(SystemExit):
        worker(database, killed).step()
    assert worker(database, done.extend).drain() == 0
    with clock.at(clock.now() + CLAIM + timedelta(seconds=1)):
        assert worker(database, done.extend).drain() == 1
    assert (done, jobs(database)) == (["1"], [])


def test_a_worker_holds_on_to_what_it_does_however_long_that_takes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.core.jobs.RENEW", 0.01)
    taken: list[int] = []

    def slow(keys: Keys) -> None:
        first = jobs(database)[0].claimed_until
        while (renewed := jobs(database)[0].claimed_until) == first:
            time.sleep(0.01)
        assert first
        assert renewed
        with clock.at(first + (renewed - first) / 2):
            taken.append(worker(database, broken).drain())

    ask(database, "1", "2")
    assert worker(database, slow, batch=2).drain() == 1
    assert (taken, jobs(database)) == ([0], [])


def test_a_job_that_another_took_is_not_taken_back_by_a_renewal(database: Database) -> None:
    ask(database, "1", "2")
    with database.writing() as session:
        mine = claim(session, ["index"], {"index": 2})
        session.commit()
    with clock.at(clock.now() + CLAIM + timedelta(seconds=1)), database.writing() as session:
        others = claim(session, ["index"], {"index": 1})
        session.commit()
    with database.writing() as session:
        until = renew(session, mine)
        session.commit()
    held = {job.key: job.claimed_until for job in jobs(database)}
    assert held == {"1": others[0].until, "2": until}


def test_a_job_that_kills_every_worker_takes_no_other_with_it_and_is_given_up(database: Database) -> None:
    done: list[str] = []

    def run(keys: Keys) -> None:
        if "poison" in keys:
            raise SystemExit
        done.extend(keys)

    ask(database, "good", "poison")
    moment = clock.now()
    for _ in range(MAX_ATTEMPTS + 3):
        moment += CLAIM + timedelta(seconds=1)
        with clock.at(moment):
            try:
                worker(database, run, batch=10).drain()
            except SystemExit:
                continue
    assert done == ["good"]
    assert [(job.key, job.dead, job.attempts) for job in jobs(database)] == [("poison", True, MAX_ATTEMPTS)]


def test_a_worker_that_took_too_long_leaves_the_job_to_whoever_holds_it_now(database: Database) -> None:
    held_in_the_middle: list[Job] = []

    def slow(keys: Keys) -> None:
        with clock.at(clock.now() + CLAIM + timedelta(seconds=1)), pytest.raises(SystemExit):
            worker(database, killed).step()
        held_in_the_middle.extend(jobs(database))

    ask(database, "1")
    worker(database, slow).step()
    job, before = jobs(database)[0], held_in_the_middle[0]
    assert (job.claimed_until, job.attempts, job.token) == (before.claimed_until, 2, before.token)
