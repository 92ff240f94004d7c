"""My screen is shared: no page shows recent searches, the kit, internal lines, competitors or colleagues by name."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from portal.core.db import Database
from portal.core.observed import Observations
from portal.features.objections.forms import Proof
from portal.shared.finding.gap_operations import make_wish
from portal.shared.finding.kit_operations import save_search, star_item
from portal.shared.items.queries import url_of
from portal.shared.people.models import Person
from portal.shared.search_index.engine import SearchIndex
from tests import builders
from tests.builders import post
from tests.features.search.conftest import add_competitor

RIVAL, INTERNAL, COLLEAGUE, RECENT, SAVED = "Zebrano", "quagmire", "Peregrine", "xylophone", "Marimba"
ADDRESS = re.compile(r'\b(?:href|action|hx-get|hx-post|data-later|id|formaction)="[^"]*"')
"""Addresses and places are made of titles and stay: they lead somewhere, and are not read."""
CANARIES = (RIVAL, INTERNAL, COLLEAGUE, RECENT, SAVED, "★")
QUERIES = ("meter", "dearer than", "type:person", "competitor:", "competitor:z", "by:@", "by:@per", "is:unanswered", "")
LEAVES_OUT = {
    "health.livez", "health.readyz", "assets.serve", "static", "demo.step_in", "passwords.choose", "exchange.download",
}  # fmt: skip
"""No pages; and the export, which is a file of its own and on no screen."""


@pytest.fixture
def ada(app: Flask, client: FlaskClient, app_database: Database) -> Person:
    """Ada runs the portal and is signed in; everything of her colleagues and of hers bears a canary."""
    database = app_database
    builders.add_vocabularies(database)
    sales = builders.add_department(database)
    ada = builders.add_person(database, "Ada Admin", "admin", department=sales)
    colleague = builders.add_person(database, f"{COLLEAGUE} Canary", "manager", department=sales)
    builders.add_team(database, "West", sales, colleague)
    add_competitor(database, ada, RIVAL)
    asked = builders.ask_objection(
        database, colleague, f"Your meter is dearer than {RIVAL}", category="price", competitor=RIVAL.lower(),
        variants=(f"{RIVAL} takes less for a meter",), text=f"They met {RIVAL.upper()} *first*.",
    )  # fmt: skip
    answer = builders.post_answer(
        database, colleague, asked, f"Ask what {RIVAL} leaves out.", why=f"{RIVAL} called.", push=f"Name {RIVAL}.",
        proof=(Proof(f"{RIVAL} lost", f"{RIVAL} file"),), internal=(f"The {INTERNAL} floor is 4 %.",), avoid=RIVAL,
        ask_back=f"Did {RIVAL} visit?", stay_true=f"{RIVAL} is cheaper.", text=f"**{RIVAL}** again.",
    )  # fmt: skip
    builders.ask_objection(database, colleague, f"Who knows the meter of {RIVAL}?", "question")
    playbook = builders.write_playbook(
        database, colleague, f"{RIVAL} and the meter", f"A meter beside {RIVAL}.\n\n## Against {RIVAL}\n\nStay calm."
    )
    builders.edit_playbook(database, colleague, playbook, f"Another meter.\n\n## Against {RIVAL}\n\nStay calm.")
    actor = builders.actor_of(database, ada)
    with database.writing() as session:
        for item in (asked, answer, playbook):
            star_item(session, actor, item.id)
        save_search(session, actor, SAVED, "meter")
        make_wish(session, actor, f"{RECENT} meter")
        session.commit()
    builders.drain(app)
    app.extensions["fieldhouse"][SearchIndex].refresh()
    builders.sign_in(client, ada)
    for _ in range(2):
        client.get(f"/search?q={RECENT}+meter")
        app.extensions["fieldhouse"][Observations].write()
    return ada


def paths(app: Flask, database: Database) -> Iterator[str]:
    """The address of every page that there is, with everything in its holes that fits."""
    with database.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT id, kind, slug FROM item").all()
        people = session.connection().exec_driver_sql("SELECT id, slug FROM person").all()
    places = {
        kind: url_of(kind, number, slug) for number, kind, slug in rows if kind in ("objection", "question", "playbook")
    }
    answer = next(number for number, kind, _ in rows if kind == "answer")
    items = [place.rpartition("/")[2] for place in places.values()]
    holes = {
        "plural": ["objections", "questions"],
        "where": [*items, *(f"{number}-{slug}" for number, slug in people)],
        "answer_id": [str(answer)],
        "version": ["1", "2"],
        "slug": ["sales", "west", "meter"],
        "vocabulary": ["stage", "category", "tag_kind"],
    }
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in LEAVES_OUT:
            filled = [""]
            for is_hole, part in rule._trace:
                choices = holes.get(part, ["1"]) if is_hole else [part]
                filled = [before + choice for before in filled for choice in choices]
            yield from (one.partition("|")[2] for one in filled)
    yield from (f"{path}?q={query}" for path in ("/search", "/search/suggest") for query in QUERIES)
    yield from ("/search/similar?title=meter+dearer", "/objections?category=price", "/gaps?is=declined", "/people?q=a")


def words_of(answer: TestResponse) -> str:
    """What a page says, or a PDF."""
    if answer.mimetype != "application/pdf":
        return answer.text
    return "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.data)).pages)


def walk(app: Flask, client: FlaskClient, database: Database) -> dict[str, set[str]]:
    """The canaries of each page that answers."""
    met: dict[str, set[str]] = {}
    for path in paths(app, database):
        answer = client.get(path)
        assert answer.status_code in (200, 204, 301, 302, 303, 403, 404), (path, answer.status_code)
        if answer.status_code == 200:
            text = ADDRESS.sub("", words_of(answer)).lower()
            met[path] = {canary for canary in CANARIES if canary.lower() in text}
    return met


def test_no_page_shows_what_is_hidden_while_the_screen_is_shared(
    app: Flask, client: FlaskClient, app_database: Database, ada: Person
) -> None:
    mona, met_at_all = builders.add_person(app_database, "Mona Manager", "manager"), set[str]()
    for person in (ada, mona):
        builders.sign_in(client, person)
        before = walk(app, client, app_database)
        assert len(before) > 40
        met_at_all.update(*before.values())
        assert post(client, "/screen", {"shared": "yes"}).status_code == 303
        after = walk(app, client, app_database)
        assert {"/", "/me/kit", "/objections", "/search?q=meter", "/search/suggest?q=meter"} <= after.keys()
        assert not {path: met for path, met in after.items() if met}
    assert met_at_all == set(CANARIES), "a canary that stands on no page proves nothing"


@pytest.mark.usefixtures("ada")
def test_a_bar_says_so_on_every_page_and_switches_it_off(client: FlaskClient) -> None:
    pages = (
        "/",
        "/search?q=meter",
        "/objections",
        "/playbooks",
        "/people",
        "/me",
        "/me/kit",
        "/words",
        "/admin",
        "/questions/new",
    )
    for path in pages:
        page = client.get(path).text
        assert "Your screen is shared" not in page
        assert 'name="shared" value="yes"' in page
    post(client, "/screen", {"shared": "yes"})
    for path in pages:
        page = client.get(path).text
        assert "Your screen is shared" in page
        assert 'name="shared" value="no"' in page
        assert 'name="shared" value="yes"' not in page
    back = post(client, "/screen", {"shared": "no"}, headers={"Referer": "http://localhost/search?q=meter"})
    assert back.location == "/search?q=meter"
    assert RIVAL in client.get("/objections").text


@pytest.mark.usefixtures("ada")
def test_what_one_types_out_still_filters_while_the_screen_is_shared(client: FlaskClient) -> None:
    post(client, "/screen", {"shared": "yes"})
    for query in (f"competitor:{RIVAL.lower()}", f"by:@{COLLEAGUE.lower()} meter"):
        page = client.get("/search", query_string={"q": query}).text
        assert "dearer than a competitor" in page
        assert "left out" not in page


@pytest.mark.usefixtures("ada")
def test_hidden_lines_and_competitors_survive_what_is_saved_meanwhile(
    client: FlaskClient, app_database: Database
) -> None:
    post(client, "/screen", {"shared": "yes"})
    form = client.get("/objections/new").text
    assert 'name="competitor"' not in form
    asked = post(client, "/objections/new", {"title": "Your meter drifts", "category": "price"}).location
    assert client.get(asked, follow_redirects=True).status_code == 200
    assert "Hidden while your screen is shared" in client.get(f"{asked}/edit").text
    post(client, "/screen", {"shared": "no"})
    page = client.get("/search?q=dearer").text
    assert RIVAL in page


def test_switch_is_for_those_who_are_signed_in_and_ends_with_the_session(
    client: FlaskClient, app_database: Database
) -> None:
    assert post(client, "/screen", {"shared": "yes"}).status_code == 401
    dana = builders.add_person(app_database)
    builders.sign_in(client, dana)
    assert client.get("/screen").status_code == 405
    assert client.post("/screen", data={"shared": "yes"}).status_code == 400, "without its token it is a forged form"
    post(client, "/screen", {"shared": "yes"})
    post(client, "/logout")
    builders.sign_in(client, dana)
    assert "Your screen is shared" not in client.get("/").text


@pytest.mark.usefixtures("ada")
def test_addresses_have_no_words_while_the_screen_is_shared(client: FlaskClient, app_database: Database) -> None:
    worded = re.compile(r'(?:href|data-open-url)="(/(?:objections|questions|playbooks|paths)/\d+-[^"]*)"')
    pages = ("/search?q=meter", "/search/suggest?q=meter", "/objections", "/playbooks", "/me/kit")
    place = next(found[1] for path in pages if (found := worded.search(client.get(path).text)))
    post(client, "/screen", {"shared": "yes"})
    assert [hit for path in pages for hit in worded.findall(client.get(path).text)] == []
    bare = place.partition("-")[0]
    moved = client.get(place)
    assert (moved.status_code, moved.headers["Location"]) == (301, bare)
    assert client.get(bare).status_code == 200
    post(client, "/screen", {"shared": "no"})
    assert client.get(bare).headers["Location"] == place
