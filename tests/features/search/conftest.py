"""A small company whose things can be told apart by every operator."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import Database
from portal.features.competitors.models import Competitor
from portal.features.objections.models import Asked
from portal.shared.items.models import ItemAudience
from portal.shared.items.trust_operations import verify_item
from portal.shared.people.models import Department, Person
from portal.shared.search_index.engine import SearchIndex
from portal.shared.tags.operations import find_or_add_tag
from tests import builders

Get = Callable[..., str]


@dataclass(frozen=True)
class House:
    """Who works here, and what they wrote."""

    dana: Person
    omar: Person
    legal: Department
    dear: Asked
    discount: Asked
    terms: Asked


def add_competitor(database: Database, author: Person, name: str, audience: str = "all") -> None:
    """A competitor, whose pages come later than its name."""
    now = clock.now()
    with database.writing() as session:
        item = Competitor(
            author_id=author.id, title=name, slug=name.lower(), status="published", created_at=now, updated_at=now
        )
        session.add(item)
        session.flush()
        session.add(ItemAudience(item_id=item.id, audience=audience))
        session.commit()


@pytest.fixture
def house(app: Flask, app_database: Database) -> House:
    """Two objections, a question and a playbook by two people, and something that only Legal may see."""
    database = app_database
    builders.add_vocabularies(database)
    finance, legal = builders.add_department(database, "Finance"), builders.add_department(database, "Legal")
    dana = builders.add_person(database, department=finance)
    omar = builders.add_person(database, "Omar Haddad", "manager", department=finance)
    lawyer = builders.add_person(database, "Elif Karaca", department=legal)
    with database.writing() as session:
        find_or_add_tag(session, "cfo", "persona")
        session.commit()
    add_competitor(database, omar, "Kestrion")
    add_competitor(database, lawyer, "Quokka", f"dep:{legal.id}")
    dear = builders.ask_objection(
        database, dana, "Your meters are too expensive", category="price", stage="negotiation", competitor="kestrion",
        tags=("dairy", "cfo"),
    )  # fmt: skip
    answer = builders.post_answer(database, omar, dear, "What does one stopped filler cost you an hour?")
    with database.writing() as session:
        verify_item(session, builders.actor_of(database, omar), answer.id)
        session.commit()
    with clock.at(datetime(2024, 5, 6, 12, tzinfo=UTC)):
        discount = builders.ask_objection(database, omar, "We want a discount on meters", category="timing")
        terms = builders.ask_objection(database, dana, "Who signs long payment terms for meters?", "question")
    builders.write_playbook(
        database, omar, "First visit", "Bring a meter.\n\n## The filler\n\nLook at the meters.", tags=("brewery",)
    )
    builders.ask_objection(
        database, lawyer, "Quokka meters are secret", tags=("quokka-merger",), competitor="quokka",
        audience=(f"dep:{legal.id}",),
    )  # fmt: skip
    builders.drain(app)
    app.extensions["fieldhouse"][SearchIndex].refresh()
    return House(dana, omar, legal, dear, discount, terms)


@pytest.fixture
def get(client: FlaskClient, house: House) -> Get:
    """A page as Dana sees it, by its path and query."""
    builders.sign_in(client, house.dana)

    def ask(path: str, **query: str) -> str:
        answer = client.get(path, query_string=query)
        assert answer.status_code == 200, answer.status
        return answer.text

    return ask
