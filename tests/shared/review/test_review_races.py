"""Many press the same key on the same card at once: one acts, the others are told, and nothing is done twice."""

import threading

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.core.errors import Conflict
from portal.shared.flags.forms import FlagInput
from portal.shared.flags.models import Flag
from portal.shared.flags.operations import flag_item
from portal.shared.flags.queries import list_open_flags
from portal.shared.items.models import Item
from portal.shared.review.models import ReviewAct
from portal.shared.review.operations import Given, fix_item, keep_item
from portal.shared.review.queries import seen_of
from portal.wiring import CARDS, LISTENERS
from tests.builders import actor_of, add_person, write_playbook

MANAGERS = 8


@pytest.fixture
def database(database_url: str) -> Database:
    """A database with a connection for each manager, as processes would have."""
    opened = Database(database_url, pool_size=MANAGERS + 2, listeners=LISTENERS)
    yield opened
    opened.dispose()


def test_of_many_who_decide_at_once_one_does_and_the_others_are_told(database: Database) -> None:
    people = [add_person(database, f"Manager {number}", "manager") for number in range(MANAGERS)]
    page, actors = write_playbook(database, people[0]), [actor_of(database, one) for one in people]
    with database.writing() as session:
        flag_item(session, actors[0], page.id, FlagInput("wrong", "No."))
        session.commit()
    with database.reading() as session:
        flags = [one.flag.id for one in list_open_flags(session, actors[0], page.id)]
        given = Given(seen_of(session.get_one(Item, page.id), flags), "It is right.")
    start, told, sources = threading.Barrier(MANAGERS, timeout=20), [], {one.kind: one for one in CARDS}

    def decide(number: int) -> None:
        act = (keep_item, fix_item)[number % 2]

        def unit() -> None:
            with database.writing() as session:
                act(session, actors[number], page.id, given, sources)
                session.commit()

        start.wait()
        try:
            database.repeat(unit)
        except Conflict as conflict:
            told.append(conflict.message)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(MANAGERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        (act,) = session.scalars(select(ReviewAct)).all()
        flag = session.scalars(select(Flag)).one()
    assert (flag.decision, flag.decided_by_id) == (act.verb, act.person_id)
    assert len(told) == MANAGERS - 1
    assert all("was quicker and" in message for message in told)
