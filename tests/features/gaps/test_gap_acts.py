"""What a gap becomes with one key: a question, a draft, words that mean the same; and how it closes by itself."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import Database
from portal.core.mail import OutgoingMail
from portal.features.objections.models import Question
from portal.features.playbooks.models import Playbook
from portal.shared.finding.gap_operations import make_wish
from portal.shared.finding.models import SearchTotal, WordGroup
from portal.shared.people.models import Person
from tests import builders
from tests.builders import post
from tests.features.gaps.conftest import Search


@pytest.fixture
def gap(app_database: Database, reps: list[Person], search: Search) -> int:
    """What three people searched in vain."""
    for person in reps:
        search(person, "loaner meters & <b>")
    with app_database.reading() as session:
        return session.scalars(select(SearchTotal.id)).one()


def wish(database: Database, person: Person) -> None:
    """The person wants to be told."""
    actor = builders.actor_of(database, person)
    with database.writing() as session:
        make_wish(session, actor, "loaner meters & <b>")
        session.commit()


def mails(database: Database) -> list[str]:
    """Who was told."""
    with database.reading() as session:
        return list(session.scalars(select(OutgoingMail.recipient).order_by(OutgoingMail.id)))


def test_every_act_has_its_key_on_the_card(client: FlaskClient, manager: Person, gap: int) -> None:
    page = client.get("/gaps").text
    assert re.findall(r'data-key="([qpsx])"', page.partition("<main")[2]) == ["q", "p", "s", "x"]
    assert "<b>" not in re.findall(r"<h2><a[^>]*>(.*?)</a></h2>", page)[0]
    assert f'value="{manager.id}" selected>Priya Raman' in page
    assert "Dana Ruiz" not in page


def test_one_press_asks_the_peers_and_who_waits_hears_of_the_answer(
    app: Flask, client: FlaskClient, app_database: Database, reps: list[Person], manager: Person, gap: int
) -> None:
    wish(app_database, reps[0])
    for _ in range(2):
        assert post(client, f"/gaps/{gap}/ask").location == "/gaps"
    with app_database.reading() as session:
        question = session.scalars(select(Question)).one()
    assert (question.title, question.author_id) == ("Loaner meters & <b>", manager.id)
    page = client.get("/gaps").text
    assert (
        f'became <a class="link" href="/questions/{question.id}-loaner-meters-b">Loaner meters &amp; &lt;b&gt;</a>'
        in page
    )
    assert "Ask the peers" not in page
    builders.post_answer(app_database, reps[1], question, "We lend two.")
    builders.drain(app)
    assert mails(app_database) == [reps[0].email]


def test_a_draft_is_given_to_somebody_and_who_waits_hears_when_it_is_published(
    app: Flask, client: FlaskClient, app_database: Database, reps: list[Person], manager: Person, gap: int
) -> None:
    tom = builders.add_person(app_database, "Tom Winter", "publisher")
    wish(app_database, reps[0])
    assert post(client, f"/gaps/{gap}/draft", {"owner": str(tom.id)}).location == "/gaps"
    with app_database.reading() as session:
        draft = session.scalars(select(Playbook)).one()
    assert (draft.status, draft.owner_id, draft.author_id) == ("draft", tom.id, manager.id)
    assert f'href="/playbooks/{draft.id}-' in client.get("/gaps").text
    builders.drain(app)
    assert mails(app_database) == []
    builders.sign_in(client, tom)
    assert "Loaner meters" in client.get("/playbooks/drafts").text
    builders.edit_playbook(app_database, tom, draft, "We lend two for a week.")
    builders.drain(app)
    assert mails(app_database) == [reps[0].email]


@pytest.mark.parametrize("owner", ["", "999", "x", "rep"])
def test_a_draft_is_for_writers_alone(
    client: FlaskClient, app_database: Database, reps: list[Person], manager: Person, gap: int, owner: str
) -> None:
    refused = post(client, f"/gaps/{gap}/draft", {"owner": str(reps[0].id) if owner == "rep" else owner})
    assert refused.status_code == 422
    assert "Who writes it:" in refused.text
    with app_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Playbook)) == 0
    assert post(client, "/gaps/999/draft", {"owner": str(manager.id)}).status_code == 404
    assert post(client, "/gaps/999/ask").status_code == 404


def test_an_admin_who_writes_no_playbooks_is_offered_no_draft(
    client: FlaskClient, app_database: Database, manager: Person, gap: int
) -> None:
    builders.sign_in(client, builders.add_person(app_database, "Ada Min", "admin"))
    assert "Playbook draft" not in client.get("/gaps").text
    assert post(client, f"/gaps/{gap}/draft", {"owner": str(manager.id)}).status_code == 403


def test_words_that_mean_the_same_are_tried_before_they_are_saved(
    app: Flask, client: FlaskClient, app_database: Database, manager: Person, reps: list[Person], search: Search
) -> None:
    builders.write_playbook(app_database, manager, "Rental devices", "What we rent.")
    builders.drain(app)
    for person in reps:
        search(person, "loaner")
    card = client.get("/gaps").text
    form = dict(re.findall(r'<input type="hidden" name="(kind|theirs|q|back)" value="([^"]*)">', card))
    assert form == {"kind": "one_way", "theirs": "loaner", "q": "loaner", "back": "gaps"}
    tried = post(client, "/words/try", {**form, "ours": "rental"}, headers={"HX-Request": "true"}).text
    assert "also read as rental" in tried
    assert 'chip on push">new' in tried
    whole = post(client, "/words/try", {**form, "ours": "rental"}).text
    assert 'name="back" value="gaps"' in whole
    with app_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(WordGroup)) == 0
    assert post(client, "/words", {**form, "ours": "rental"}).location == "/gaps"
    assert "<mark>Rental</mark> devices" in client.get("/search?q=loaner").text
    assert post(client, "/words", {**form, "ours": ""}).status_code == 422


def test_a_gap_closes_when_its_search_finds_something_that_is_opened(
    client: FlaskClient, app_database: Database, manager: Person, reps: list[Person], search: Search
) -> None:
    search(reps[0], "loan meters", hours=3)
    search(reps[1], "loan meters", hours=2)
    search(reps[1], "only once", found=1, key="playbook:7")
    assert "loan meters</a>" in client.get("/gaps").text
    assert "None closed lately" in client.get("/gaps?is=closed").text
    search(reps[2], "loan meter", found=4, key="playbook:7", hours=1)
    assert "loan meter" not in client.get("/gaps").text.partition("<main")[2]
    closed = client.get("/gaps?is=closed").text
    assert "loan meter</a>" in closed
    assert "what it finds is opened" in closed
    assert "only once" not in closed
    assert "Not for us <kbd" not in closed
    with clock.at(clock.now() + timedelta(days=91)):
        builders.sign_in(client, builders.add_person(app_database, "Zoe Later", "manager"))
        assert "None closed lately" in client.get("/gaps?is=closed").text
