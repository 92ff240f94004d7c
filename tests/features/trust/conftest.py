"""A playbook, who owns it, and who else is there."""

from datetime import UTC, datetime

import pytest

from portal.core import clock
from portal.features.competitors.models import Competitor
from portal.shared.items.models import Item, ItemAudience
from portal.shared.items.trust_forms import TrustInput
from portal.shared.items.trust_operations import entrust, verify_item
from portal.shared.people import operations as people
from portal.shared.people.models import Person
from tests import builders

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def sales(database):
    return builders.add_department(database)


@pytest.fixture
def west(database, sales):
    return builders.add_team(database, "West", sales)


@pytest.fixture
def priya(database):
    """A manager."""
    return builders.add_person(database, "Priya Anand", "manager")


@pytest.fixture
def marta(database):
    """A publisher, who owns the playbook."""
    return builders.add_person(database, "Marta Klein", "publisher")


@pytest.fixture
def playbook(database, marta):
    return builders.write_playbook(database, marta)


@pytest.fixture
def dana(database):
    """A colleague."""
    return builders.add_person(database)


def address(item):
    return f"/items/{item.id}/trust"


def word(item):
    return f"/items/{item.id}/verification"


def read(database, item):
    with database.reading() as session:
        return session.get_one(Item, item.id)


def send(client, database, item, **typed):
    """The form as its page would send it, with other choices."""
    stands = TrustInput.of(read(database, item))
    return builders.post(client, address(item), {**stands.values, "seen": stands.seen, **typed})


def name(database, person, item, **given):
    """Owner, verifier and interval set through the operation."""
    with database.writing() as session:
        stands = TrustInput.of(session.get_one(Item, item.id))
        wanted = TrustInput(**{"owner_id": stands.owner_id, **given})
        entrust(session, builders.actor_of(database, person), item.id, wanted, stands.seen)
        session.commit()


def disable(database, person):
    with database.writing() as session:
        people.disable_person(session, None, session.get_one(Person, person.id))
        session.commit()


def may_verify(client, person, item):
    builders.sign_in(client, person)
    return builders.post(client, word(item)).status_code


def verify(database, person, item, moment=NOON):
    """The person's word for an item, given at a moment."""
    with clock.at(moment), database.writing() as session:
        verify_item(session, builders.actor_of(database, person), item.id)
        session.commit()


def add_competitor(database, person):
    """A competitor, whose page comes later."""
    now = clock.now()
    with database.writing() as session:
        item = Competitor(author_id=person.id, title="Kestrion", slug="kestrion", status="published", created_at=now,
                          updated_at=now)  # fmt: skip
        session.add(item)
        session.flush()
        session.add(ItemAudience(item_id=item.id, audience="all"))
        session.commit()
    return item
