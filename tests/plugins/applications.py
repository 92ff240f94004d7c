"""The application under test: real, on a fresh real database, in a folder of its own; and a server for browsers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from waitress.server import create_server

from portal.core.db import Database
from portal.settings import Settings
from tests.plugins.statements import refuse_writes_in_get

# Log lines go where pytest catches them, and an error in them is plain: the pretty form shows every local variable.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for tests: limits as in force, no mail server, everything in a folder that goes away."""
    return Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        secret_key="not secret at all, and long enough for that",
        base_url="http://localhost",
        threads=4,
        log="json",
    )


class KeptTemplates(BytecodeCache):
    """What Jinja made of the templates for one application serves the next one too: that took a tenth of the run."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """The code of a template, unless its source has changed."""
        if bucket.key in self._codes:
            bucket.bytecode_from_string(self._codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._codes[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = KeptTemplates()


def make_app(settings: Settings) -> Flask:
    """The application as the server makes it, ready for tests."""
    from portal.app import create_app  # late, so that the tests of core stand when the roof does not

    app = create_app(settings)
    app.testing = True
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on a fresh migrated database; a GET that tries to write fails the test."""
    made = make_app(settings)
    database: Database = made.extensions["fieldhouse"][Database]
    refused = refuse_writes_in_get(database)
    yield made
    database.dispose()
    assert not refused, refused


@pytest.fixture
def app_database(app: Flask) -> Database:
    """The application's own database object, for counting its statements."""
    return cast(Database, app.extensions["fieldhouse"][Database])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, signed out."""
    return app.test_client()


class LiveServer:
    """The application behind a real port of this machine."""

    def __init__(self, settings: Settings) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.app = make_app(replace(settings, base_url=self.base_url, port=self._socket.getsockname()[1]))
        self._server = create_server(self.app, sockets=[self._socket], threads=4, ident=None)
        self._thread = threading.Thread(target=self._server.run, name="live-server", daemon=True)

    def __enter__(self) -> "LiveServer":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):  # a page that says goodbye just now wakes the server first, and it is closed already
            self._server.trigger.pull_trigger(self._server.close)
        self._thread.join(timeout=10)
        self._server.task_dispatcher.shutdown(timeout=5)
        self.app.extensions["fieldhouse"][Database].dispose()


@pytest.fixture
def live_server(settings: Settings) -> Iterator[LiveServer]:
    """The application served on a free port; `base_url` is its address."""
    with LiveServer(settings) as server:
        yield server
