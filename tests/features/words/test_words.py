"""The company's word list: kept by managers, tried out before it is saved, and known to the next search of anybody."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.shared.finding.models import WordGroup
from portal.shared.people.models import Person
from portal.shared.search_index.engine import SearchIndex
from tests import builders
from tests.builders import post
from tests.plugins.statements import count_statements

SAME = {"kind": "same", "theirs": "rebate, discount"}


@pytest.fixture
def manager(app: Flask, client: FlaskClient, app_database: Database) -> Person:
    """Priya, signed in; one objection speaks of a rebate, one of a discount, one of neither."""
    builders.add_vocabularies(app_database)
    dana = builders.add_person(app_database)
    for title in ("We want a discount", "The others gave us a rebate", "Your meters leak"):
        builders.ask_objection(app_database, dana, title)
    priya = builders.add_person(app_database, "Priya Raman", "manager")
    builders.drain(app)
    app.extensions["fieldhouse"][SearchIndex].refresh()
    builders.sign_in(client, priya)
    return priya


def groups(database: Database) -> list[tuple[list[str], list[str]]]:
    with database.reading() as session:
        return [(one.theirs, one.ours) for one in session.scalars(select(WordGroup).order_by(WordGroup.id))]


def acts(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.act == "word list changed").order_by(AuditEntry.id))
        return [(row.subject, row.detail["act"]) for row in rows]


@pytest.mark.usefixtures("manager")
def test_new_words_count_for_the_very_next_search(client: FlaskClient, app_database: Database) -> None:
    assert "gave us a" not in client.get("/search?q=discount").text
    assert post(client, "/words", SAME).location == "/words"
    page = client.get("/search?q=discount").text
    assert "gave us a <mark>rebate</mark>" in page
    assert page.index("We want a") < page.index("gave us a"), "the very word stands first"
    assert "without:" not in page
    assert "gave us a" in client.get("/search/suggest?q=discount").text
    assert "We want a" in client.get("/search?q=rebate").text
    assert acts(app_database) == [("rebate = discount", "added")]


@pytest.mark.usefixtures("manager")
def test_one_way_words_find_ours_and_ours_do_not_find_them(client: FlaskClient) -> None:
    post(client, "/words", {"kind": "one_way", "theirs": "steep", "ours": "discount"})
    assert "We want a" in client.get("/search?q=steep").text
    post(client, "/words", {"kind": "one_way", "theirs": "rebate", "ours": "discount"})
    assert "gave us a" not in client.get("/search?q=discount").text


@pytest.mark.usefixtures("manager")
def test_try_out_shows_the_effect_and_saves_nothing(client: FlaskClient, app_database: Database) -> None:
    page = post(client, "/words/try", {**SAME, "q": "discount"}).text
    assert "discount</b> is also read as rebate" in page
    new = page.index('<span class="chip on push">new</span>')
    assert page.index("gave us a") < new
    assert page.count('<span class="chip on push">new</span>') == 1
    assert 'value="discount"' in page, "what was typed stays"
    fragment = post(client, "/words/try", {**SAME, "q": "discount"}, headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "is also read as rebate" in fragment
    unfinished = post(client, "/words/try", {"kind": "same", "theirs": "reb", "q": "discount"}).text
    assert "No entry of the list changes this search" in unfinished
    assert groups(app_database) == []
    assert acts(app_database) == []


@pytest.mark.usefixtures("manager")
def test_entry_is_changed_tried_without_itself_and_removed(client: FlaskClient, app_database: Database) -> None:
    post(client, "/words", SAME)
    with app_database.reading() as session:
        url = f"/words/{session.scalars(select(WordGroup.id)).one()}"
    assert "rebate, discount" in client.get(url).text
    number = url.rpartition("/")[2]
    tried = post(client, "/words/try", {"id": number, "kind": "same", "theirs": "rebate, leak", "q": "discount"}).text
    assert "No entry of the list changes this search" in tried
    assert post(client, url, {"kind": "one_way", "theirs": "rebate", "ours": "leak"}).status_code == 303
    assert "Your meters" in client.get("/search?q=rebate").text
    assert post(client, url + "/remove").status_code == 303
    assert "Your meters" not in client.get("/search?q=rebate").text
    assert groups(app_database) == []
    assert acts(app_database) == [
        ("rebate = discount", "added"),
        ("rebate → leak", "changed"),
        ("rebate → leak", "removed"),
    ]
    for path in (url, url + "/remove"):
        assert post(client, path, SAME).status_code == 404
    assert client.get(url).status_code == 404


@pytest.mark.usefixtures("manager")
def test_refused_words_keep_what_was_typed(client: FlaskClient, app_database: Database) -> None:
    post(client, "/words", SAME)
    for typed, message in (
        ({"kind": "same", "theirs": "only <one>"}, "two at least"),
        ({"kind": "same", "theirs": "Rebates, bargain <i>"}, "stands on the list already: rebate = discount"),
    ):
        refused = post(client, "/words", typed)
        assert refused.status_code == 422
        assert message in refused.text
        assert typed["theirs"].replace("<", "&lt;").replace(">", "&gt;") in refused.text
    assert groups(app_database) == [(["rebate", "discount"], [])]


@pytest.mark.usefixtures("manager")
def test_word_list_page_takes_few_statements_and_says_what_to_do_when_empty(
    client: FlaskClient, app_database: Database
) -> None:
    assert "No words yet" in client.get("/words").text
    for number in range(12):
        post(client, "/words", {"kind": "same", "theirs": f"word{number}, other{number}"})
    client.get("/words?kind=same&theirs=discount,rebate&q=discount")
    with count_statements(app_database) as counted:
        page = client.get("/words?kind=same&theirs=discount,rebate&q=discount").text
    assert len(counted) <= 8
    assert "is also read as rebate" in page, "a link from a gap comes filled in and tried out"


def test_words_are_kept_by_managers_alone(client: FlaskClient, app_database: Database) -> None:
    assert client.get("/words").location.startswith("/login?next=")
    builders.sign_in(client, builders.add_person(app_database))
    assert client.get("/words").status_code == 403
    for path in ("/words", "/words/try", "/words/1", "/words/1/remove"):
        assert post(client, path, SAME).status_code == 403
    assert client.put("/words").status_code == 405
    builders.sign_in(client, builders.add_person(app_database, "Wiebke Janssen", "admin"))
    assert client.get("/words").status_code == 200


@pytest.mark.usefixtures("manager")
def test_a_search_reads_the_list_again_only_where_it_changed(client: FlaskClient, app_database: Database) -> None:
    post(client, "/words", SAME)
    client.get("/search?q=discount")
    with count_statements(app_database) as counted:
        client.get("/search?q=discount")
    assert not [one for one in counted.statements if "word_group" in one]
