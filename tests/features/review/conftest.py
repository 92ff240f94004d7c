"""A manager, pages that are overdue, and readers who report them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import Database
from portal.features.objections.models import Answer
from portal.features.playbooks.models import Playbook
from portal.shared.finding.search_operations import Viewed, record_views
from portal.shared.flags.forms import FlagInput
from portal.shared.flags.operations import flag_item
from portal.shared.flags.queries import list_open_flags
from portal.shared.items.models import Item
from portal.shared.items.trust_operations import verify_item
from portal.shared.people.models import Person
from portal.shared.review.queries import seen_of
from portal.wiring import LISTENERS
from tests import builders

Overdue = Callable[..., Playbook]
Report = Callable[..., None]
LONG_AGO = clock.now() - timedelta(days=300)


@pytest.fixture
def manager(client: FlaskClient, app_database: Database) -> Person:
    """Priya, signed in."""
    person = builders.add_person(app_database, "Priya Raman", "manager")
    builders.sign_in(client, person)
    return person


@pytest.fixture
def rep(app_database: Database) -> Person:
    """Jonas, who reports."""
    return builders.add_person(app_database, "Jonas Berg")


@pytest.fixture
def overdue(app_database: Database, manager: Person) -> Overdue:
    """A page of the manager that has been overdue for so many days."""

    def make(title: str = "Rebates", days: int = 15, **given: Any) -> Playbook:
        with clock.at(LONG_AGO):
            page = builders.write_playbook(app_database, manager, title, **given)
        verify(app_database, manager, page, days=days)
        return page

    return make


@pytest.fixture
def stale_answer(app_database: Database, manager: Person, rep: Person) -> Answer:
    """An answer of the rep beside another one, overdue for three weeks."""
    with clock.at(LONG_AGO):
        asked = builders.ask_objection(app_database, rep, "Too expensive")
        answer = builders.post_answer(app_database, rep, asked, "Count the stops.")
        builders.post_answer(app_database, manager, asked, "Name the price and stop.")
    verify(app_database, manager, answer, days=21)
    return answer


@pytest.fixture
def report(app_database: Database, rep: Person) -> Report:
    """Somebody, else the rep, reports an item."""

    def make(item: Item, reason: str = "outdated", sentence: str = "It is from June.", by: Person | None = None,
             other: int = 0) -> None:  # fmt: skip
        actor = builders.actor_of(app_database, by or rep)
        with app_database.writing() as session:
            flag_item(session, actor, item.id, FlagInput(reason, sentence, other))
            session.commit()

    return make


def verify(database: Database, person: Person, item: Item, *, days: int) -> None:
    """Verified so long ago that it is overdue for so many days."""
    actor = builders.actor_of(database, person)
    with clock.at(clock.now() - timedelta(days=90 + days)), database.writing() as session:
        session.info["listeners"] = LISTENERS
        verify_item(session, actor, item.id)
        session.commit()


def open_page(database: Database, item: Item, *people: Person, days: int = 1) -> None:
    """People open its page, some days ago."""
    at = clock.now() - timedelta(days=days)
    with database.writing() as session:
        record_views(session, [Viewed(one.id, item.id, at) for one in people])
        session.commit()


def seen(database: Database, person: Person, item: Item) -> str:
    """What a card of this item would send with its acts."""
    actor = builders.actor_of(database, person)
    with database.reading() as session:
        flags = list_open_flags(session, actor, item.id)
        return seen_of(session.get_one(Item, item.id), [one.flag.id for one in flags])


def item_of(database: Database, item: Item) -> Item:
    """The item as it stands now."""
    with database.reading() as session:
        return session.get_one(Item, item.id)
