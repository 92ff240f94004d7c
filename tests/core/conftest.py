"""The ground of core: a database in which nobody listens, a person, a house of a few doors, and its log."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from portal.core import log
from portal.core.db import Database
from portal.shared.people.models import Person
from tests.builders import add_person
from tests.core.rooms import build


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database without the listeners of the house: core knows none of them."""
    opened = Database(database_url, pool_size=24)
    yield opened
    opened.dispose()


@pytest.fixture
def person(database: Database) -> Person:
    """Somebody who can sign in."""
    return add_person(database)


class Told:
    """What was logged, by line, since it was last asked for."""

    def __init__(self) -> None:
        self._stream = io.StringIO()

    def configure(self, style: str, level: str = "INFO") -> None:
        """Set up logging as a process of the portal does, with this in the place of its error output."""
        with redirect_stderr(self._stream):
            log.configure(style, level)

    def text(self) -> str:
        """All of it."""
        written = self._stream.getvalue()
        self._stream.seek(0)
        self._stream.truncate()
        return written

    def __call__(self) -> list[dict[str, Any]]:
        """The lines of style `json`."""
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture
def told() -> Iterator[Told]:
    """The log of this test, in the style of production until configured otherwise."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    made = Told()
    made.configure("json")
    yield made
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def house(database: Database, told: Told) -> Flask:
    """The web layer of core around the doors of `rooms.py`, on http://localhost."""
    return build(database)


@pytest.fixture
def visitor(house: Flask) -> FlaskClient:
    """A browser without JavaScript in the small house, signed out."""
    return house.test_client()
