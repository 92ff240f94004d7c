"""Tell me when this is answered: one button, one mail, and only to who may read the answer."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.db import Database
from portal.core.mail import OutgoingMail
from portal.features.objections.forms import AskedInput
from portal.features.objections.operations import edit_asked, prepare_asked
from portal.shared.finding.models import Wish
from portal.shared.people.models import Department, Person
from portal.wiring import LISTENERS
from tests import builders
from tests.builders import post

Q = "zone 0 papers"


@pytest.fixture
def legal(app_database: Database) -> Department:
    return builders.add_department(app_database, "Legal")


@pytest.fixture
def dana(client: FlaskClient, app_database: Database) -> Person:
    """Dana, signed in, who wants to be told."""
    builders.add_vocabularies(app_database)
    person = builders.add_person(app_database)
    builders.sign_in(client, person)
    assert post(client, "/search/wish", {"q": Q, "wanted": "yes"}).location == "/search?q=zone+0+papers"
    return person


def mails(app: Flask, database: Database) -> list[tuple[str, str]]:
    builders.drain(app)
    with database.reading() as session:
        rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        return [(row.recipient, row.subject) for row in rows]


def answer(client: FlaskClient, asked: object) -> None:
    url = f"/{asked.kind}s/{asked.id}-{asked.slug}/answers"
    assert post(client, url, {"say": "Ask Service; they bring the papers."}).status_code == 303


def test_button_says_what_was_wished_and_takes_it_back(
    app: Flask, client: FlaskClient, app_database: Database, dana: Person
) -> None:
    builders.ask_objection(app_database, dana, "Too dear")
    builders.drain(app)
    page = client.get(f"/search?q={Q}").text
    assert "You get one mail when this is answered" in page
    assert "Do not tell me" in client.get("/search?q=papers+zone:+0").text, "the same search in other words"
    assert post(client, "/search/wish", {"q": Q, "wanted": "no"}).status_code == 303
    assert "Tell me when this is answered" in client.get(f"/search?q={Q}").text
    for wanted, count in (("no", 0), ("yes", 1), ("yes", 1)):
        post(client, "/search/wish", {"q": Q, "wanted": wanted})
        with app_database.reading() as session:
            assert len(session.scalars(select(Wish)).all()) == count
    for text in ("", "…", "tag:x"):
        assert post(client, "/search/wish", {"q": text, "wanted": "yes"}).status_code == 422


def test_searching_alone_wishes_nothing(app: Flask, client: FlaskClient, app_database: Database) -> None:
    builders.sign_in(client, builders.add_person(app_database))
    client.get(f"/search?q={Q}")
    client.get(f"/search/ask?title={Q}&as=question")
    with app_database.reading() as session:
        assert session.scalars(select(Wish)).all() == []


def test_first_answer_is_told_once(app: Flask, client: FlaskClient, app_database: Database, dana: Person) -> None:
    omar = builders.add_person(app_database, "Omar Haddad")
    asked = builders.ask_objection(app_database, omar, "Papers for zone 0?", "question")
    assert mails(app, app_database) == []
    builders.sign_in(client, omar)
    answer(client, asked)
    told = mails(app, app_database)
    assert told == [("dana.ruiz@example.com", "There is an answer to “zone 0 papers”")]
    answer(client, asked)
    assert mails(app, app_database) == told
    builders.sign_in(client, dana)
    post(client, "/search/wish", {"q": Q, "wanted": "yes"})
    builders.sign_in(client, omar)
    answer(client, asked)
    assert len(mails(app, app_database)) == 2, "asked for again, told again"


def test_another_wording_and_what_the_search_became_are_told_too(
    app: Flask, client: FlaskClient, app_database: Database, dana: Person
) -> None:
    post(client, "/search/wish", {"q": "Ex recertification", "wanted": "yes"})
    omar = builders.add_person(app_database, "Omar Haddad")
    builders.sign_in(client, omar)
    typed = {"title": "Who signs for Ex?", "searched": "ex recertification"}
    url = post(client, "/questions/new", typed).location
    post(client, f"{url}/answers", {"say": "Service does."})
    assert [subject for _, subject in mails(app, app_database)] == ["There is an answer to “Ex recertification”"]
    dear = builders.ask_objection(app_database, omar, "Your papers are late")
    builders.post_answer(app_database, omar, dear, "They come with the meter.")
    given = prepare_asked(AskedInput(title=dear.title, variants=("no zone 0 papers yet", "papers, zone 0")))
    actor = builders.actor_of(app_database, omar)
    with app_database.writing() as session:
        session.info["listeners"] = LISTENERS
        edit_asked(session, actor, dear.id, given, 1)
        session.commit()
    assert [subject for _, subject in mails(app, app_database)][1:] == ["There is an answer to “zone 0 papers”"]


def test_two_searches_with_one_answer_are_one_mail(
    app: Flask, client: FlaskClient, app_database: Database, dana: Person
) -> None:
    post(client, "/search/wish", {"q": "atex " * 30 + "papers", "wanted": "yes"})
    omar = builders.add_person(app_database, "Omar Haddad")
    asked = builders.ask_objection(app_database, omar, "atex papers", variants=("zone 0 papers",))
    builders.sign_in(client, omar)
    answer(client, asked)
    told = mails(app, app_database)
    assert len(told) == 1
    assert len(told[0][1]) <= 200


def test_who_may_not_read_the_answer_is_not_told(
    app: Flask, client: FlaskClient, app_database: Database, dana: Person, legal: Department
) -> None:
    lawyer = builders.add_person(app_database, "Elif Karaca", department=legal)
    secret = builders.ask_objection(app_database, lawyer, Q, "question", audience=(f"dep:{legal.id}",))
    builders.sign_in(client, lawyer)
    answer(client, secret)
    assert mails(app, app_database) == []
    with app_database.reading() as session:
        assert session.scalars(select(Wish.told_at)).all() == [None]
