"""A manager who writes paths, and a rep who follows them."""

import pytest

from portal.features.paths.queries import list_steps
from tests import builders


@pytest.fixture
def priya(client, database):
    """A manager, signed in."""
    builders.add_vocabularies(database)
    person = builders.add_person(database, "Priya Shah", "manager")
    builders.sign_in(client, person)
    return person


@pytest.fixture
def rep(client, database, priya):
    """A rep, signed in."""
    person = builders.add_person(database)
    builders.sign_in(client, person)
    return person


@pytest.fixture
def steps(database):
    """The steps of a path as somebody sees them."""

    def look(person, path):
        actor = builders.actor_of(database, person)
        with database.reading() as session:
            return list_steps(session, actor, path.id)

    return look


def address(path, rest=""):
    """The page of a path, and what lies below it."""
    return f"/paths/{path.id}-{path.slug}{rest}"
