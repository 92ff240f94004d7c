"""People who search, a manager who is signed in, and searches as the observations would write them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import Database
from portal.shared.finding.search_operations import Opened, Searched, record_searches
from portal.shared.people.models import Person
from tests import builders

Search = Callable[..., None]


@pytest.fixture
def reps(app_database: Database) -> list[Person]:
    """Three who search."""
    return [builders.add_person(app_database, name) for name in ("Dana Ruiz", "Omar Haddad", "Jonas Berg")]


@pytest.fixture
def manager(client: FlaskClient, app_database: Database) -> Person:
    """Priya, signed in."""
    person = builders.add_person(app_database, "Priya Raman", "manager")
    builders.sign_in(client, person)
    return person


@pytest.fixture
def search(app_database: Database) -> Search:
    """Somebody searched, some hours ago, and perhaps opened something."""

    def record(person: Person, text: str, found: int = 0, *, key: str = "", hours: float = 0) -> None:
        at: datetime = clock.now() - timedelta(hours=hours)
        with app_database.writing() as session:
            record_searches(session, [Searched(person.id, text, at, found, "page")])
            if key:
                record_searches(session, [Opened(person.id, text, at, key)])
            session.commit()

    return record
