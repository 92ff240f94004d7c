"""The ground of core: a database in which nobody listens, a person, and a house of a few doors."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

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


@pytest.fixture
def house(database: Database) -> Flask:
    """The web layer of core around the doors of `rooms.py`, on http://localhost."""
    return build(database)


@pytest.fixture
def visitor(house: Flask) -> FlaskClient:
    """A browser without JavaScript in the small house, signed out."""
    return house.test_client()
