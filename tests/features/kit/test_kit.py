"""The own kit: stars, saved searches, what was opened lately, and a history that its owner can clear."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.core.db import Database
from portal.core.observed import Observations
from portal.features.objections.models import Answer, Asked
from portal.features.playbooks.models import Playbook
from portal.shared.finding.kit_operations import MOST_STARRED
from portal.shared.finding.models import SearchMade, SearchTotal, Star, View
from portal.shared.items.operations import hide_item
from portal.shared.people.models import Person
from portal.shared.search_index.engine import SearchIndex
from tests import builders
from tests.builders import post
from tests.plugins.statements import count_statements


@pytest.fixture
def dana(client: FlaskClient, app_database: Database) -> Person:
    """Dana, signed in."""
    builders.add_vocabularies(app_database)
    person = builders.add_person(app_database)
    builders.sign_in(client, person)
    return person


@pytest.fixture
def omar(app_database: Database) -> Person:
    return builders.add_person(app_database, "Omar Haddad", "manager")


@pytest.fixture
def dear(app_database: Database, omar: Person) -> Asked:
    return builders.ask_objection(app_database, omar, "Your meters are too dear", category="price")


@pytest.fixture
def answer(app_database: Database, omar: Person, dear: Asked) -> Answer:
    return builders.post_answer(app_database, omar, dear, "What does a stop cost you?")


@pytest.fixture
def playbook(app_database: Database, omar: Person) -> Playbook:
    return builders.write_playbook(app_database, omar, "First visit", "Bring a meter.")


def index(app: Flask) -> None:
    builders.drain(app)
    app.extensions["fieldhouse"][SearchIndex].refresh()


def observed(app: Flask) -> None:
    app.extensions["fieldhouse"][Observations].write()


def stars(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Star)) or 0


def test_star_is_given_and_taken_back_however_often(
    client: FlaskClient, app_database: Database, dana: Person, answer: Answer
) -> None:
    for wanted, count in (("yes", 1), ("yes", 1), ("no", 0), ("no", 0), ("yes", 1)):
        sent = post(
            client, f"/items/{answer.id}/star", {"starred": wanted}, headers={"Referer": "http://localhost/x?y=1"}
        )
        assert (sent.status_code, sent.location) == (303, "/x?y=1")
        assert stars(app_database) == count
    fragment = post(client, f"/items/{answer.id}/star", {"starred": "yes"}, headers={"HX-Request": "true"}).text
    assert 'aria-pressed="true"' in fragment
    assert "★" in fragment
    assert "<html" not in fragment


def test_kit_shows_starred_things_with_their_words_the_newest_first(
    app: Flask,
    client: FlaskClient,
    app_database: Database,
    dana: Person,
    dear: Asked,
    answer: Answer,
    playbook: Playbook,
) -> None:
    assert "Nothing starred yet" in client.get("/me/kit").text
    for item in (playbook, dear, answer):
        post(client, f"/items/{item.id}/star", {"starred": "yes"})
    page = client.get("/me/kit").text
    places = [
        page.index(f'data-hit="{key}"')
        for key in (f"answer:{answer.id}", f"objection:{dear.id}", f"playbook:{playbook.id}")
    ]
    assert places == sorted(places)
    assert page.count("What does a stop cost you?</") >= 2
    assert f'href="/objections/{dear.id}-your-meters-are-too-dear#answer-{answer.id}"' in page
    assert client.get(f"/answers/{answer.id}").location.endswith(f"#answer-{answer.id}")
    for path in (
        f"/objections/{dear.id}-your-meters-are-too-dear",
        f"/playbooks/{playbook.id}-first-visit",
        "/objections",
        "/playbooks",
    ):
        assert "★" in client.get(path).text, path
    index(app)
    assert "★" in client.get("/search?q=meters").text
    assert "Your meters are too dear" in client.get("/search/suggest?q=").text


def test_what_one_may_not_see_any_more_is_in_no_kit(
    client: FlaskClient, app_database: Database, dana: Person, omar: Person, dear: Asked, answer: Answer
) -> None:
    legal = builders.add_department(app_database, "Legal")
    lawyer = builders.add_person(app_database, "Elif Karaca", department=legal)
    secret = builders.ask_objection(app_database, lawyer, "Quokka clause", audience=(f"dep:{legal.id}",))
    assert post(client, f"/items/{secret.id}/star", {"starred": "yes"}).status_code == 404
    for item in (dear, answer):
        post(client, f"/items/{item.id}/star", {"starred": "yes"})
    actor = builders.actor_of(app_database, omar)
    with app_database.writing() as session:
        hide_item(session, actor, dear.id)
        session.commit()
    page = client.get("/me/kit").text
    assert "Nothing starred yet" in page
    assert "What does a stop cost you?" not in page, "an answer hides with what it answers"
    assert client.get(f"/answers/{answer.id}").status_code == 404
    assert "too dear" not in client.get("/search/suggest?q=").text
    assert post(client, f"/items/{dear.id}/star", {"starred": "no"}).status_code == 303
    assert stars(app_database) == 1


def test_kit_holds_so_many_stars_and_says_so(
    client: FlaskClient, app_database: Database, dana: Person, monkeypatch
) -> None:
    monkeypatch.setattr("portal.shared.finding.kit_operations.MOST_STARRED", 2)
    items = [builders.ask_objection(app_database, dana, f"Objection {number}") for number in range(3)]
    statuses = [post(client, f"/items/{one.id}/star", {"starred": "yes"}).status_code for one in items]
    assert statuses == [303, 303, 403]
    assert stars(app_database) == 2
    assert MOST_STARRED == 100


def test_opened_pages_stand_in_the_kit(
    app: Flask, client: FlaskClient, app_database: Database, dana: Person, dear: Asked, playbook: Playbook
) -> None:
    for path in (
        f"/playbooks/{playbook.id}-first-visit",
        f"/objections/{dear.id}-your-meters-are-too-dear",
        f"/objections/{dear.id}-old",
    ):
        client.get(path)
    observed(app)
    with app_database.reading() as session:
        assert len(session.scalars(select(View)).all()) == 2
    page = client.get("/me/kit").text
    assert page.index("Opened lately") < page.index("Your meters are too dear") < page.index("First visit")
    builders.sign_in(client, builders.add_person(app_database, "Jonas Berg"))
    assert "Opened lately" not in client.get("/me/kit").text


def test_search_is_saved_under_a_name_and_stands_on_the_front_page(
    client: FlaskClient, app_database: Database, dana: Person
) -> None:
    saved = post(client, "/me/saved", {"name": "Dear <ones>", "query": "dear stage:negotiation"})
    assert saved.location == "/search?q=dear+stage:negotiation"
    assert post(client, "/me/saved", {"name": "dear <ONES>", "query": "dear stage:negotiation"}).status_code == 303
    for path in ("/", "/me/kit", "/search/suggest?q="):
        page = client.get(path).text
        assert page.count("Dear &lt;ones&gt;</a>") == 1, path
        assert 'href="/search?q=dear+stage' in page
    for typed, message in (
        ({"name": "Dear <ones>", "query": "other"}, "is another of your searches"),
        ({"name": "Empty", "query": " "}, "please write something here"),
        ({"name": "n" * 81, "query": "dear"}, "at most 80"),
    ):
        refused = post(client, "/me/saved", typed)
        assert refused.status_code == 422
        assert message in refused.text
    remove = re.search(r"/me/saved/\d+/remove", client.get("/me/kit").text)
    assert remove is not None
    builders.sign_in(client, builders.add_person(app_database, "Jonas Berg"))
    assert "Dear &lt;ones&gt;" not in client.get("/").text
    assert post(client, remove[0]).status_code == 404
    builders.sign_in(client, dana)
    assert post(client, remove[0]).status_code == 303
    assert "Dear &lt;ones&gt;" not in client.get("/").text


def test_button_to_save_stands_above_results(app: Flask, client: FlaskClient, dana: Person, dear: Asked) -> None:
    index(app)
    assert 'name="query" value="dear category:price"' in client.get("/search?q=dear+category:price").text


def test_own_searches_are_listed_and_cleared_one_and_all(
    app: Flask, client: FlaskClient, app_database: Database, dana: Person, dear: Asked
) -> None:
    index(app)
    for text in ("dear", "meters", "warranty"):
        client.get(f"/search?q={text}")
    observed(app)
    page = client.get("/me/kit").text
    assert page.index("warranty</a>") < page.index("meters</a>") < page.index("dear</a>")
    assert "warranty" in client.get("/search/suggest?q=").text
    clear = re.search(r'action="(/me/searches/\d+/clear)">[^>]*><button aria-label="Clear meters"', page)
    assert clear is not None
    omar = builders.add_person(app_database, "Jonas Berg")
    builders.sign_in(client, omar)
    assert "warranty" not in client.get("/me/kit").text
    assert post(client, clear[1]).status_code == 303
    builders.sign_in(client, dana)
    assert "meters</a>" in client.get("/me/kit").text, "nobody clears another's"
    post(client, clear[1])
    assert "meters</a>" not in client.get("/me/kit").text
    assert post(client, "/me/searches/clear").location == "/me/kit"
    assert "Nothing in the last two weeks" in client.get("/me/kit").text
    with app_database.reading() as session:
        assert session.scalars(select(SearchMade.person_id)).all() == [None] * 3
        assert session.scalar(select(func.sum(SearchTotal.searchers))) == 3


def test_kit_and_what_stands_before_the_first_letter_take_few_statements(
    app: Flask, client: FlaskClient, app_database: Database, dana: Person, omar: Person
) -> None:
    for number in range(12):
        asked = builders.ask_objection(app_database, omar, f"Objection {number}")
        question = builders.ask_objection(app_database, omar, f"Question {number}?", "question")
        given = builders.post_answer(app_database, omar, asked, f"Words {number}")
        book = builders.write_playbook(app_database, omar, f"Playbook {number}")
        for item in (asked, question, given, book):
            post(client, f"/items/{item.id}/star", {"starred": "yes"})
        post(client, "/me/saved", {"name": f"Saved {number}", "query": f"words {number}"})
        client.get(f"/search?q=word{number}")
        client.get(f"/questions/{question.id}-question-{number}")
    observed(app)
    for path, most in (
        ("/me/kit", 8),
        ("/search/suggest?q=", 6),
        ("/", 8),
        (f"/objections/{asked.id}-objection-11", 8),
        ("/playbooks", 8),
    ):
        client.get(path)
        with count_statements(app_database) as counted:
            assert client.get(path).status_code == 200
        assert len(counted) <= most, (path, counted.statements)
        assert not counted.writes


def test_strangers_have_no_kit_and_forged_forms_no_effect(
    client: FlaskClient, app_database: Database, dear: Asked
) -> None:
    assert client.get("/me/kit").location.startswith("/login")
    doors = (
        f"/items/{dear.id}/star",
        "/me/saved",
        "/me/saved/1/remove",
        "/me/searches/clear",
        "/me/searches/1/clear",
        "/search/opened",
        "/search/wish",
    )
    for path in doors:
        assert post(client, path).status_code == 401, path
        assert client.get(path).status_code in (404, 405), path
    builders.sign_in(client, builders.add_person(app_database))
    for path in doors:
        assert client.post(path, data={"starred": "yes"}).status_code == 400, path
    assert stars(app_database) == 0
