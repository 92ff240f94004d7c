"""Databases: migrated once a run, and a fresh real copy for each test, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from portal.core import migrating
from portal.core.db import Database, sqlite_url
from tests.plugins.postgres_server import PostgresServer, why_not

SERVER = pytest.StashKey[PostgresServer]()


class PostgresDatabases:
    """The databases of one test process on the one server of the run."""

    def __init__(self, socket: str, worker: str) -> None:
        self.socket, self.worker = socket, worker
        self._numbers = count(1)
        self._template = ""

    def create(self, template: str = "template0") -> str:
        """A new database; returns its name."""
        name = f"{self.worker}_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def copy_of_template(self) -> str:
        """A copy of the migrated database; returns its name."""
        if not self._template:
            self._template = self.create()
            migrating.upgrade(self.url(self._template))
        return self.create(self._template)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://postgres@/{name}?host={self.socket}"

    def _run(self, statement: str) -> None:
        with psycopg.connect(f"host={self.socket} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def pytest_configure(config: pytest.Config) -> None:
    """A server that starts with the first test that needs it."""
    config.stash[SERVER] = PostgresServer()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With several workers: the first process starts the one server and tells them where it is."""
    if why_not() is None:
        node.workerinput["postgres_socket"] = node.config.stash[SERVER].start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server; where the run is killed, the server's own watch does."""
    config.stash[SERVER].stop()


@pytest.fixture(scope="session")
def postgres_databases(request: pytest.FixtureRequest) -> PostgresDatabases:
    """The databases of this test process on PostgreSQL."""
    given: dict[str, str] = getattr(request.config, "workerinput", {})
    socket = given.get("postgres_socket") or request.config.stash[SERVER].start()
    return PostgresDatabases(socket, given.get("workerid", "gw"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "portal.db"
    migrating.upgrade(sqlite_url(path))
    assert not path.with_name("portal.db-wal").exists()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs_postgres)])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database: every test that touches one runs once on each."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated database."""
    if backend == "sqlite":
        path = tmp_path / "portal.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield sqlite_url(path)
    else:
        databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
        name = databases.copy_of_template()
        yield databases.url(name)
        databases.drop(name)


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if backend == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
    else:
        databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
        name = databases.create()
        yield databases.url(name)
        databases.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database with the listeners of the house."""
    from portal.wiring import LISTENERS  # late, so that the tests of core stand when the roof does not

    opened = Database(database_url, listeners=LISTENERS)
    yield opened
    opened.dispose()
