"""Who reaches what at its own address: managers, besides, what is drafted, reviewed or archived, and in no list."""

import pytest
from sqlalchemy import select

from portal.shared.items.models import STATUSES, Item
from portal.shared.items.queries import CURATED_STATUSES, OPEN_STATUSES, reachable_to, visible_to
from tests.builders import actor_of, add_person, ask_objection


@pytest.mark.parametrize("status", STATUSES)
def test_managers_reach_what_they_curate_and_find_it_in_no_list(database, status):
    author, manager = add_person(database), add_person(database, "Mara Manager", "manager")
    others = [add_person(database, "Rita Rep"), add_person(database, "Ada Admin", "admin")]
    asked = ask_objection(database, author)
    with database.writing() as session:
        session.get_one(Item, asked.id).status = status
        session.commit()
    is_open, is_curated = status in OPEN_STATUSES, status in CURATED_STATUSES
    expected = [(author, True, True), (manager, is_open, is_open or is_curated)]
    expected += [(one, is_open, is_open) for one in others]
    with database.reading() as session:
        for person, sees, reaches in expected:
            actor = actor_of(database, person)
            assert bool(session.scalars(select(Item.id).where(visible_to(actor))).all()) is sees, person.name
            assert bool(session.scalars(select(Item.id).where(reachable_to(actor))).all()) is reaches, person.name


def test_a_manager_outside_the_audience_reaches_nothing(database):
    author, manager = add_person(database), add_person(database, "Mara Manager", "manager")
    asked = ask_objection(database, author, audience=(f"person:{author.id}",))
    with database.writing() as session:
        session.get_one(Item, asked.id).status = "in_review"
        session.commit()
    with database.reading() as session:
        assert not session.scalars(select(Item.id).where(reachable_to(actor_of(database, manager)))).all()
