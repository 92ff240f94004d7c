"""The two units: reading cannot write, writing loses nothing, and a unit is repeated whole."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from portal.core import db
from portal.core.db import Database, UtcDateTime, add_once, sqlite_url, upsert
from portal.core.limits import Attempt
from portal.core.schedule import Scheduled

ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"])
MOMENT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)


def add(database: Database, bucket: str = "one") -> None:
    with database.writing() as session:
        session.add(Attempt(bucket=bucket, at=MOMENT))
        session.commit()


def lose(database: Database) -> None:
    with database.writing() as session:
        session.add(Attempt(bucket="lost", at=MOMENT))
        session.flush()
        raise LookupError


def buckets(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Attempt.bucket).order_by(Attempt.id)))


@pytest.fixture
def impatient(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A second process, so to say, on the same SQLite file, which waits for nobody."""
    monkeypatch.setattr(db, "SQLITE_PRAGMAS", (*db.SQLITE_PRAGMAS, "busy_timeout=0"))
    opened = Database(database_url, pool_size=1)
    yield opened
    opened.dispose()


def test_a_reading_unit_is_refused_by_the_database_when_it_writes(database: Database) -> None:
    with database.reading() as session, pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        session.execute(text("INSERT INTO attempt (bucket, at) VALUES ('x', '2026-01-01')"))
    assert buckets(database) == []


def test_a_connection_that_read_can_write_afterwards_and_the_other_way_round(database_url: str) -> None:
    narrow = Database(database_url, pool_size=1)
    for number in range(3):
        add(narrow, str(number))
        assert buckets(narrow)[-1] == str(number)
        with narrow.reading() as session, pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            session.execute(text("DELETE FROM attempt"))
    assert buckets(narrow) == ["0", "1", "2"]
    narrow.dispose()


def test_a_writing_unit_without_a_commit_leaves_nothing(database: Database) -> None:
    with database.writing() as session:
        session.add(Attempt(bucket="lost", at=MOMENT))
        session.flush()
    with pytest.raises(LookupError):
        lose(database)
    assert buckets(database) == []


@ON_SQLITE
def test_a_reading_unit_sees_one_moment_while_others_write(backend, database: Database) -> None:
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM attempt")) == 0
        add(database)
        assert session.scalar(text("SELECT count(*) FROM attempt")) == 0
    assert buckets(database) == ["one"]


@ON_SQLITE
def test_writers_take_the_lock_before_they_read(backend, database: Database) -> None:
    begun: list[str] = []

    @event.listens_for(database.readers, "before_cursor_execute")
    @event.listens_for(database.writers, "before_cursor_execute")
    def note(connection, cursor, statement, *rest) -> None:
        begun.append(statement)

    with database.writing() as session:
        session.scalar(select(Attempt.id))
        session.rollback()
    with database.reading() as session:
        session.scalar(select(Attempt.id))
    assert [statement for statement in begun if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]
    assert begun[0] == "BEGIN IMMEDIATE"


@ON_SQLITE
def test_the_file_is_set_up_to_lose_nothing(backend, database: Database) -> None:
    with database.reading() as session:
        told = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert told == ["wal", 2, 1]


def test_no_update_is_lost_when_many_read_and_then_write(database: Database) -> None:
    with database.writing() as session:
        session.add(Scheduled(kind="count", next_at=MOMENT))
        session.commit()

    def work() -> None:
        for _ in range(5):
            database.repeat(step)

    def step() -> None:
        with database.writing() as session:
            row = session.scalars(select(Scheduled).with_for_update()).one()
            row.next_at += timedelta(seconds=1)
            session.commit()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalars(select(Scheduled.next_at)).one() == MOMENT + timedelta(seconds=40)


@ON_SQLITE
def test_a_busy_database_is_an_error_of_the_house_and_is_tried_again(backend, database: Database, impatient) -> None:
    tries = []

    def unit() -> None:
        tries.append(len(tries))
        with impatient.writing() as session:
            session.add(Attempt(bucket="late", at=MOMENT))
            session.commit()

    with database.writing() as session:
        session.add(Attempt(bucket="early", at=MOMENT))
        session.flush()
        with pytest.raises(OperationalError, match="locked"):
            impatient.repeat(unit)
        session.commit()
    assert tries == [0, 1, 2, 3]
    assert impatient.writers.pool.checkedout() == 0
    impatient.repeat(unit)
    assert buckets(database) == ["early", "late"]


def test_the_unit_is_repeated_whole_and_what_it_did_before_is_gone(database: Database) -> None:
    tries = []

    def unit() -> int:
        tries.append(len(tries))
        with database.writing() as session:
            session.add(Attempt(bucket=f"try {tries[-1]}", at=MOMENT))
            session.flush()
            if len(tries) == 1:
                raise IntegrityError("INSERT", {}, ValueError("somebody was first"))
            session.commit()
            return 7

    assert database.repeat(unit) == 7
    assert buckets(database) == ["try 1"]


def test_a_unique_key_is_tried_twice_and_an_error_of_another_kind_once(database: Database) -> None:
    tries = []

    def clash() -> None:
        tries.append(1)
        raise IntegrityError("INSERT", {}, ValueError())

    def slip() -> None:
        tries.append(1)
        raise LookupError

    with pytest.raises(IntegrityError):
        database.repeat(clash)
    assert len(tries) == 2
    with pytest.raises(LookupError):
        database.repeat(slip)
    assert len(tries) == 3


def test_an_upsert_updates_the_row_that_is_there(database: Database) -> None:
    for moment in (MOMENT, MOMENT + timedelta(days=1)):
        with database.writing() as session:
            insert = upsert(session, Scheduled.__table__).values(kind="a", next_at=moment)
            session.execute(insert.on_conflict_do_update(index_elements=["kind"], set_={"next_at": moment}))
            session.commit()
    with database.reading() as session:
        assert session.scalars(select(Scheduled.next_at)).all() == [MOMENT + timedelta(days=1)]


def test_a_row_is_added_once_and_whoever_comes_second_knows(database: Database) -> None:
    for day, is_new in enumerate([True, False, False]):
        with database.writing() as session:
            assert add_once(session, Scheduled, kind="a", next_at=MOMENT + timedelta(days=day)) is is_new
            session.commit()
    with database.reading() as session:
        assert session.scalars(select(Scheduled.next_at)).all() == [MOMENT]


@pytest.mark.parametrize("hours", [0, 2, -8, 14])
def test_a_moment_comes_back_as_it_was_whatever_zone_it_was_told_in(database: Database, hours: int) -> None:
    told = MOMENT.astimezone(timezone(timedelta(hours=hours)))
    with database.writing() as session:
        session.add(Attempt(bucket="when", at=told))
        session.commit()
    with database.reading() as session:
        row = session.scalars(select(Attempt)).one()
        assert row.at == MOMENT
        assert row.at.tzinfo is UTC
        assert session.scalars(select(Attempt.id).where(Attempt.at == told)).all() == [row.id]


def test_a_moment_without_a_zone_is_refused_and_none_is_none(database: Database) -> None:
    with database.writing() as session:
        session.add(Attempt(bucket="x", at=datetime(2026, 1, 1)))  # noqa: DTZ001
        with pytest.raises(StatementError, match="needs a time zone"):
            session.flush()
    assert UtcDateTime().process_bind_param(None, None) is None
    assert UtcDateTime().process_result_value(None, None) is None


def test_an_error_does_not_tell_what_was_being_written(database: Database) -> None:
    with database.writing() as session:
        statement = text("INSERT INTO attempt (bucket, at) VALUES (:bucket, NULL)")
        with pytest.raises(DBAPIError) as caught:
            session.execute(statement, {"bucket": "canary-secret"})
    assert "canary-secret" not in str(caught.value)


def test_an_sqlite_address_is_made_of_a_path() -> None:
    assert sqlite_url(Path("/var/lib/portal.db")) == "sqlite:////var/lib/portal.db"
