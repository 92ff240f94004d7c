"""What `[[` and `@` offer: visible items and present people, as the Markdown that the renderer knows."""

import re
from html import unescape

import pytest

from portal.shared.finding.kit_operations import star_item
from tests import builders


@pytest.fixture
def house(app, client, app_database):
    """Dana, signed in; a playbook for all, one for Legal, an objection; all of them indexed."""
    database = app_database
    builders.add_vocabularies(database)
    legal = builders.add_department(database, "Legal")
    dana = builders.add_person(database, "Dana Ruiz", title="Account manager")
    lawyer = builders.add_person(database, "Elif Karaca", "manager", department=legal)
    builders.add_person(database, "Dana Gone", state="disabled")
    visit = builders.write_playbook(database, lawyer, "First visit", "Bring a meter.\n\n## The meter\n\nClean it.")
    secret = builders.write_playbook(database, lawyer, "Secret meter", audience=(f"dep:{legal.id}",))
    dear = builders.ask_objection(database, dana, "Your meter is too dear")
    builders.drain(app)
    builders.sign_in(client, dana)
    return {"dana": dana, "visit": visit, "secret": secret, "dear": dear}


def picks(client, kind, q):
    answer = client.get(f"/writing/{kind}", query_string={"q": q})
    found = re.findall(r'data-markdown="([^"]*)"', answer.text)
    assert answer.status_code == (200 if found else 204)
    return [unescape(one) for one in found]


def test_items_are_found_by_their_words_each_once(client, house):
    assert sorted(picks(client, "items", "meter")) == sorted([f"[[{house['visit'].id}]]", f"[[{house['dear'].id}]]"])
    assert picks(client, "items", "frist visti") == [f"[[{house['visit'].id}]]"]


def test_what_one_may_not_see_is_never_offered(client, house):
    assert f"[[{house['secret'].id}]]" not in picks(client, "items", "secret meter")
    assert "Secret" not in client.get("/writing/items?q=secret").text


def test_signs_of_the_search_are_words_here(client, house):
    assert picks(client, "items", "type:playbook") == []
    assert picks(client, "items", '"') == []


def test_before_the_first_letter_the_own_kit_is_offered(client, app_database, house):
    assert picks(client, "items", "") == []
    with app_database.writing() as session:
        star_item(session, builders.actor_of(app_database, house["dana"]), house["visit"].id)
        session.commit()
    assert picks(client, "items", "") == [f"[[{house['visit'].id}]]"]


def test_people_are_offered_as_links_to_their_pages(client, house):
    assert picks(client, "people", "dana") == [f"[Dana Ruiz](/people/{house['dana'].id}-dana-ruiz)"]
    assert "Account manager" in client.get("/writing/people?q=dana").text
    assert picks(client, "people", "") == picks(client, "people", "nobody") == []


def test_a_shared_screen_offers_nobody(client, house):
    builders.post(client, "/screen", {"shared": "yes"})
    assert picks(client, "people", "dana") == []
    assert picks(client, "items", "") == []


@pytest.mark.parametrize("kind", ["items", "people"])
def test_a_stranger_is_sent_to_sign_in(client, kind):
    assert client.get(f"/writing/{kind}?q=a").status_code == 303
