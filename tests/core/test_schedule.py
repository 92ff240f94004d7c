"""Work by the clock: once, however many workers look, and however long they slept."""

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import Database
from portal.core.jobs import Job, JobKind, Worker
from portal.core.schedule import Regular, Scheduled, Ticker, due_kinds

MONDAY = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAN = {"hourly": Regular(lambda moment: moment + HOUR), "daily": Regular(lambda moment: moment + 24 * HOUR)}


def look(database: Database, moment: datetime) -> list[str]:
    with clock.at(moment), database.writing() as session:
        due = due_kinds(session, PLAN)
        session.commit()
    return due


def asked(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Job.kind).order_by(Job.kind)))


def test_new_work_is_first_due_after_its_pause(database: Database) -> None:
    assert look(database, MONDAY) == []
    assert look(database, MONDAY + HOUR - timedelta(seconds=1)) == []
    assert asked(database) == []
    assert look(database, MONDAY + HOUR) == ["hourly"]
    assert asked(database) == ["hourly"]


def test_work_is_due_again_after_its_next_pause_and_not_before(database: Database) -> None:
    look(database, MONDAY)
    assert look(database, MONDAY + HOUR) == ["hourly"]
    assert look(database, MONDAY + HOUR) == []
    assert look(database, MONDAY + 2 * HOUR) == ["hourly"]


def test_after_a_long_sleep_each_kind_runs_once(database: Database) -> None:
    look(database, MONDAY)
    assert sorted(look(database, MONDAY + 100 * HOUR)) == ["daily", "hourly"]
    assert look(database, MONDAY + 100 * HOUR) == []
    with database.reading() as session:
        assert session.get_one(Scheduled, "hourly").next_at == MONDAY + 101 * HOUR


def test_the_job_and_its_next_moment_are_written_together_or_not_at_all(database: Database) -> None:
    look(database, MONDAY)
    with clock.at(MONDAY + HOUR), database.writing() as session:
        assert due_kinds(session, PLAN) == ["hourly"]
        session.rollback()
    assert asked(database) == []
    assert look(database, MONDAY + HOUR) == ["hourly"]


def test_many_workers_that_look_at_once_ask_once(database: Database) -> None:
    runs: list[str] = []
    tickers = [Ticker(database, PLAN) for _ in range(6)]

    def work(ticker: Ticker, start: threading.Barrier, moment: datetime) -> None:
        with clock.at(moment):
            start.wait()
            ticker()
            Worker(database, {"hourly": JobKind(lambda keys: runs.append("hourly"))}).drain()

    for hours in (0, 1, 2):
        start = threading.Barrier(len(tickers), timeout=20)
        threads = [threading.Thread(target=work, args=(one, start, MONDAY + hours * HOUR)) for one in tickers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with clock.at(MONDAY + hours * HOUR):
            Worker(database, {"hourly": JobKind(lambda keys: runs.append("hourly"))}).drain()
        assert len(runs) == hours


def test_a_ticker_looks_at_most_once_a_pause_and_bears_a_clock_that_jumps_back(database: Database, monkeypatch) -> None:
    looks = []
    monkeypatch.setattr(database, "repeat", lambda unit: looks.append(clock.now()))
    ticker = Ticker(database, PLAN, pause=20)
    moments = [MONDAY + timedelta(seconds=s) for s in (0, 5, 19, 20, 39, 41, -3600, -3590, -3580)]
    for moment in moments:
        with clock.at(moment):
            ticker()
    assert [(moment - MONDAY).total_seconds() for moment in looks] == [0, 20, 41, -3600, -3580]


def test_a_ticker_without_a_plan_leaves_the_database_alone(database: Database, monkeypatch) -> None:
    monkeypatch.setattr(database, "repeat", lambda unit: 1 / 0)
    Ticker(database, {})()
