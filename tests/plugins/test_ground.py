"""The test ground keeps its own promises: fresh databases, counted statements, no network, a server that goes away."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import text

from portal.core import migrating
from portal.core.db import Database
from tests.plugins.applications import LiveServer
from tests.plugins.postgres_server import PostgresServer
from tests.plugins.statements import count_statements, refuse_writes_in_get

ROOT = Path(__file__).resolve().parent.parent.parent
ADD = "INSERT INTO department (slug, name, line) VALUES ('sales', 'Sales', '')"

START_AND_WAIT = """
import time
from tests.plugins.applications import LiveServer
from tests.plugins.postgres_server import PostgresServer
print(PostgresServer().start(), flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("time_of_asking", ["first", "second"])
def test_every_test_gets_a_migrated_database_without_rows(database: Database, time_of_asking: str) -> None:
    assert migrating.is_current(database.url.render_as_string(hide_password=False))
    with database.writing() as session:
        assert session.execute(text("SELECT count(*) FROM department")).scalar_one() == 0
        session.execute(text(ADD))
        session.commit()


def test_statements_are_counted_and_writes_named(database: Database) -> None:
    with count_statements(database) as counted, database.writing() as session:
        session.execute(text("SELECT 1"))
        session.execute(text(ADD))
    assert len(counted) == 2
    assert counted.writes == [ADD]


def test_a_get_that_opens_a_writing_unit_is_refused(database: Database) -> None:
    app = Flask("small")

    @app.get("/")
    def wrong() -> str:
        with database.writing() as session:
            session.execute(text(ADD))
        return ""

    refused = refuse_writes_in_get(database)
    assert app.test_client().get("/").status_code == 500
    assert refused == [f"GET / wrote: {ADD}"]


def test_other_machines_are_out_of_reach() -> None:
    with pytest.raises(PermissionError, match="this machine alone"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(PermissionError, match="this machine alone"):
        socket.getaddrinfo("portal.example.com", 80)


def test_the_live_server_answers_at_its_address(live_server: LiveServer) -> None:
    with urllib.request.urlopen(live_server.base_url + "/livez", timeout=5) as answer:  # a loopback address
        assert answer.status == 200


@pytest.mark.needs_browser
def test_the_browser_opens_pages_of_the_live_server(browser_page: Page) -> None:
    answer = browser_page.goto("/login")
    assert answer is not None
    assert answer.status == 200


@pytest.mark.needs_postgres
def test_the_server_stops_with_the_tests() -> None:
    server = PostgresServer()
    folder = Path(server.start())
    assert (folder / "data" / "postmaster.pid").exists()
    server.stop()
    assert not folder.exists()


@pytest.mark.needs_postgres
def test_the_server_stops_when_the_tests_are_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        assert (folder / "data" / "postmaster.pid").exists()
        os.kill(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
