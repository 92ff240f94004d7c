"""`portal run` and `portal worker` as processes: they start, serve, do jobs, and stop cleanly."""

import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail, post
from tests.cli.conftest import Process, get

Start = Callable[..., Process]


def eventually(is_so: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def mail_somebody(database: Database) -> int:
    with database.writing() as session:
        mail_id = post(session, "ann@example.com", "Ann Other", "A word", "Hello.").id
        session.commit()
    return mail_id


def is_sent(database: Database, mail_id: int) -> bool:
    with database.reading() as session:
        return session.get_one(OutgoingMail, mail_id).sent_at is not None


def test_run_serves_does_jobs_and_stops_cleanly(
    start: Start, database: Database, free_port: int, tmp_path: Path
) -> None:
    mail_id = mail_somebody(database)
    process = start("run", PORT=str(free_port))
    said = process.wait_for(r"runs at")
    assert f"http://127.0.0.1:{free_port}/" in said
    assert get(f"http://127.0.0.1:{free_port}/livez") == (200, '{"status":"ok"}\n')
    assert get(f"http://127.0.0.1:{free_port}/readyz")[0] == 200
    assert get(f"http://127.0.0.1:{free_port}/login")[0] == 200
    eventually(lambda: is_sent(database, mail_id))
    eventually((tmp_path / "data" / "index" / "current.json").exists)
    assert process.end(signal.SIGTERM) == 0
    assert process.lines[-1] == "Stopped."
    assert not any("Traceback" in line for line in process.lines)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", free_port))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_run_makes_the_sqlite_database_by_itself_and_ends_with_ctrl_c(
    start: Start, tmp_path: Path, free_port: int
) -> None:
    process = start("run", PORT=str(free_port), PORTAL_DATABASE_URL="", PORTAL_DATA_DIR=str(tmp_path / "new"))
    process.wait_for(r"runs at")
    assert get(f"http://127.0.0.1:{free_port}/readyz")[0] == 200
    assert (tmp_path / "new" / "portal.db").exists()
    assert process.end(signal.SIGINT) == 0
    assert process.lines[-1] == "Stopped."


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_taken_port_is_told_in_one_sentence(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("run", PORT=str(port))
        assert process.process.wait(30) == 1
    process._reader.join(10)
    assert process.lines == [
        f"Port {port} on 127.0.0.1 is taken by another program; choose another one, for example PORT={port + 1}."
    ]


def test_worker_does_the_jobs_and_stops_cleanly(start: Start, database: Database) -> None:
    mail_id = mail_somebody(database)
    process = start("worker")
    process.wait_for(r"at work")
    eventually(lambda: is_sent(database, mail_id))
    assert process.end(signal.SIGTERM) == 0
    assert process.lines[-1] == "Stopped."


@pytest.mark.parametrize("backend", ["sqlite"])
def test_worker_builds_an_index_that_was_deleted_while_it_worked(
    start: Start, database: Database, environment: dict[str, str]
) -> None:
    pointer = Path(environment["PORTAL_DATA_DIR"]) / "index" / "current.json"
    process = start("worker")
    eventually(pointer.exists)
    pointer.unlink()
    eventually(pointer.exists, 40)
    assert process.end() == 0
    with database.reading() as session:
        assert session.scalars(select(Job)).all() == []


@pytest.mark.needs_postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_run_never_upgrades_postgresql_unasked(start: Start, empty_url: str, free_port: int) -> None:
    process = start("run", PORT=str(free_port), PORTAL_DATABASE_URL=empty_url)
    assert process.process.wait(30) == 1
    process._reader.join(10)
    assert process.lines == ["The database has no tables yet; `portal db upgrade` makes them."]
