"""What only PostgreSQL does: deadlocks, connections that are cut, and a server that is not there yet."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from portal.core import db
from portal.core.db import Database
from portal.core.schedule import Scheduled

pytestmark = pytest.mark.parametrize("backend", [pytest.param("postgres", marks=pytest.mark.needs_postgres)])
NOWHERE = "postgresql://postgres@/none?host=/nowhere"


def test_units_that_wait_for_each_other_are_repeated_until_both_are_through(backend, database: Database) -> None:
    with database.writing() as session:
        session.add_all(Scheduled(kind=kind, next_at=datetime(2026, 1, 1, tzinfo=UTC)) for kind in "ab")
        session.commit()
    both_hold_one, tries = threading.Barrier(2, timeout=20), []

    def work(kinds: str) -> None:
        def unit() -> None:
            tries.append(kinds)
            with database.writing() as session:
                session.scalars(select(Scheduled).where(Scheduled.kind == kinds[0]).with_for_update()).one()
                if len(tries) <= 2:
                    both_hold_one.wait()
                row = session.scalars(select(Scheduled).where(Scheduled.kind == kinds[1]).with_for_update()).one()
                row.next_at = row.next_at.replace(year=row.next_at.year + 1)
                session.commit()

        database.repeat(unit)

    threads = [threading.Thread(target=work, args=(kinds,)) for kinds in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tries) == 3
    with database.reading() as session:
        assert {moment.year for moment in session.scalars(select(Scheduled.next_at))} == {2027}


def test_a_unit_whose_connection_was_cut_is_repeated_on_a_new_one(backend, database: Database) -> None:
    seen = []

    def unit() -> int:
        with database.writing() as session:
            number = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
            seen.append(number)
            if len(seen) == 1:
                with database.writing() as other:
                    other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": number})
            session.execute(text("SELECT 1"))
            session.commit()
            return int(number)

    assert database.repeat(unit) == seen[1] != seen[0]


def test_a_server_that_cannot_be_reached_is_waited_for(backend) -> None:
    away, tries = Database(NOWHERE), []

    def unit() -> str:
        tries.append(1)
        if len(tries) < 3:
            with away.reading() as session:
                session.execute(text("SELECT 1"))
        return "there again"

    assert away.repeat(unit) == "there again"


def test_a_server_that_stays_away_is_an_error_in_the_end(backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "LOST_DEADLINE", 0)
    away = Database(NOWHERE)

    def unit() -> None:
        with away.reading() as session:
            session.execute(text("SELECT 1"))

    with pytest.raises(OperationalError, match="nowhere"):
        away.repeat(unit)


def test_an_error_that_is_nobodys_fault_is_not_repeated(backend, database: Database) -> None:
    tries = []

    def unit() -> None:
        tries.append(1)
        with database.writing() as session:
            session.execute(text("SELECT no_such_column"))

    with pytest.raises(DBAPIError):
        database.repeat(unit)
    assert len(tries) == 1


def test_times_out_of_the_server_are_in_force(backend, database: Database) -> None:
    with database.reading() as session:
        told = [session.scalar(text(f"SHOW {name}")) for name in ("statement_timeout", "lock_timeout", "timezone")]
    assert told == ["30s", "10s", "UTC"]
