"""What is searched in vain: by how many people, without their names, and what becomes of it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.core.observed import Observations
from portal.shared.finding.history_operations import settle_searches
from portal.shared.finding.models import SearchTotal
from portal.shared.people.models import Person
from tests import builders
from tests.builders import post
from tests.features.gaps.conftest import Search
from tests.plugins.statements import count_statements


def shown(client: FlaskClient, path: str = "/gaps") -> list[tuple[str, str]]:
    """The gaps on the page: words, and what is said of them."""
    page = client.get(path).text
    found = re.findall(
        r'<h2><a href="/search[^"]*" data-open>(.*?)</a></h2>\s*<p class="row small"><span>(.*?)</span>', page
    )
    return [(words, said) for words, said in found]


def gap_id(database: Database, normal: str) -> int:
    with database.reading() as session:
        return session.scalars(select(SearchTotal.id).where(SearchTotal.normal == normal)).one()


@pytest.mark.usefixtures("manager")
def test_gap_shows_from_two_people_on_and_names_nobody(client: FlaskClient, reps: list[Person], search: Search) -> None:
    assert "Nothing is searched in vain" in client.get("/gaps").text
    search(reps[0], "zone 0 papers")
    search(reps[0], "papers for zone 0", hours=30)
    assert shown(client) == []
    search(reps[1], "Zone 0 paper")
    search(reps[1], "loan meters", found=4)
    search(reps[2], "loan meter", found=4)
    search(reps[2], "zone 0 papers")
    assert shown(client) == [
        ("zone 0 papers", "3 people, nothing found"),
        ("loan meter", "2 people, nobody opened what was found"),
    ]
    page = client.get("/gaps").text
    for name in ("Dana", "Omar", "Jonas"):
        assert name not in page


@pytest.mark.usefixtures("manager")
def test_gap_closes_when_what_it_finds_is_opened(client: FlaskClient, reps: list[Person], search: Search) -> None:
    search(reps[0], "loan meters", found=4, hours=3)
    search(reps[1], "loan meters", found=4, hours=2)
    assert len(shown(client)) == 1
    search(reps[2], "loan meter", found=4, key="playbook:7", hours=1)
    assert shown(client) == []
    search(reps[0], "loan meters", found=4)
    search(reps[1], "loan meters", found=4)
    assert shown(client) == [], "it is of use to somebody"
    with clock.at(clock.now() + timedelta(days=91)):
        builders.sign_in(client, builders.add_person(_database(client), "Zoe Later", "manager"))
        assert [said for _, said in shown(client)] == ["2 people, nobody opened what was found"]


def _database(client: FlaskClient) -> Database:
    database: Database = client.application.extensions["fieldhouse"][Database]
    return database


@pytest.mark.usefixtures("manager")
def test_what_is_found_no_longer_is_a_gap_again(client: FlaskClient, reps: list[Person], search: Search) -> None:
    search(reps[2], "loan meters", found=1, key="playbook:7", hours=3)
    search(reps[0], "loan meters", found=0, hours=1)
    search(reps[1], "loan meters", found=0)
    assert shown(client) == [("loan meters", "2 people, nothing found")]


@pytest.mark.usefixtures("manager")
def test_people_count_on_when_their_names_are_taken_off(
    client: FlaskClient, app_database: Database, reps: list[Person], search: Search
) -> None:
    search(reps[0], "zone 0 papers", hours=24 * 20)
    search(reps[1], "zone 0 papers", hours=24 * 16)
    search(reps[1], "zone 0 papers", hours=24)
    search(reps[2], "zone 0 papers")
    for _ in range(2):
        assert shown(client) == [("zone 0 papers", "3 people, nothing found")]
        with app_database.writing() as session:
            settle_searches(session)
            session.commit()


def test_asking_shows_a_gap_of_one_and_links_what_it_became(
    app: Flask, client: FlaskClient, app_database: Database, reps: list[Person], manager: Person, search: Search
) -> None:
    search(reps[0], "zone 0 papers")
    builders.sign_in(client, reps[0])
    form = client.get("/search/ask?title=zone+0+papers&as=question")
    app.extensions["fieldhouse"][Observations].write()
    page = client.get(form.location).text
    assert 'name="searched" value="zone 0 papers"' in page
    builders.sign_in(client, manager)
    assert shown(client) == [("zone 0 papers", "1 person, nothing found")]
    assert "asked</span>" in client.get("/gaps").text
    builders.sign_in(client, reps[0])
    typed = {"title": "Who signs papers for Ex zones?", "searched": "zone 0 papers"}
    url = post(client, "/questions/new", typed).location
    builders.sign_in(client, manager)
    page = client.get("/gaps").text
    assert f'became <a class="link" href="{url}">Who signs papers for Ex zones?</a>' in page
    assert "Ask the peers" not in page


def test_not_for_us_needs_a_reason_and_can_come_back(
    client: FlaskClient, app_database: Database, reps: list[Person], manager: Person, search: Search
) -> None:
    for person in reps:
        search(person, "leasing")
    number = gap_id(app_database, "leas")
    refused = post(client, f"/gaps/{number}/decline", {"reason": " "})
    assert refused.status_code == 422
    assert "please write something here" in refused.text
    assert post(client, f"/gaps/{number}/decline", {"reason": "We sell & nothing else"}).location == "/gaps"
    assert shown(client) == []
    declined = client.get("/gaps?is=declined").text
    assert "We sell &amp; nothing else" in declined
    search(reps[0], "leasing", hours=-1)
    assert shown(client) == []
    for _ in range(2):
        assert post(client, f"/gaps/{number}/reopen").status_code == 303
    assert shown(client) == [("leasing", "3 people, nothing found")]
    with app_database.reading() as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.act.startswith("gap")).order_by(AuditEntry.id)).all()
    assert [(act.act, act.subject, act.actor_id) for act in acts] == [
        ("gap declined", "leasing", manager.id),
        ("gap reopened", "leasing", manager.id),
    ]
    assert post(client, "/gaps/999/decline", {"reason": "No"}).status_code == 404


def test_gaps_are_for_managers_alone(client: FlaskClient, app_database: Database, reps: list[Person]) -> None:
    assert client.get("/gaps").location.startswith("/login")
    builders.sign_in(client, reps[0])
    assert client.get("/gaps").status_code == 403
    assert post(client, "/gaps/1/decline", {"reason": "No"}).status_code == 403
    assert post(client, "/gaps/1/reopen").status_code == 403
    assert post(client, "/gaps/1/ask").status_code == 403
    assert post(client, "/gaps/1/draft", {"owner": "1"}).status_code == 403
    assert client.get("/gaps/1/reopen").status_code == 405
    assert "/gaps" not in client.get("/").text


@pytest.mark.usefixtures("manager")
def test_gaps_take_few_statements_and_stand_in_pages(
    client: FlaskClient, app_database: Database, reps: list[Person], search: Search
) -> None:
    for number in range(35):
        for person in reps[:2]:
            search(person, f"gap{number}")
    client.get("/gaps")
    with count_statements(app_database) as counted:
        assert len(shown(client)) == 30
    assert len(counted) <= 8
    assert len(shown(client, "/gaps?page=2")) == 5
    assert "The list ends before this page" in client.get("/gaps?page=3").text
