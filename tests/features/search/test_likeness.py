"""What is like an objection or a playbook stands beside its page, as far as the reader may see it."""

import re
from shutil import rmtree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.db import Database
from portal.core.observed import Observations
from portal.features.objections.models import Asked
from portal.features.playbooks.models import Playbook
from portal.settings import Settings
from portal.shared.finding.likeness import MOST
from portal.shared.items.operations import hide_item
from portal.shared.items.queries import url_of
from portal.shared.search_index.engine import SearchIndex
from tests import builders
from tests.builders import post
from tests.features.search.conftest import Get, House
from tests.plugins.statements import count_statements

FRAGMENT = {"HX-Request": "true"}


def place(item: Asked | Playbook) -> str:
    return url_of(item.kind, item.id, item.slug)


def beside(client: FlaskClient, item: Asked | Playbook) -> list[str]:
    """The addresses that stand beside an item's page once the fragment is there."""
    answer = client.get(f"{place(item)}/similar", headers=FRAGMENT)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    return re.findall(r'<a class="link" href="([^"]*)"', answer.text)


@pytest.fixture
def dear(app: Flask, app_database: Database, client: FlaskClient, house: House) -> Asked:
    """An objection of Dana's about a price, and things of many kinds that are like it or not; she is signed in."""
    database, omar = app_database, house.omar
    dear = builders.ask_objection(
        database, house.dana, "A quarterly licence costs too much", category="price", tags=("licence",),
        variants=("We pay less for the whole brewhouse",),
    )  # fmt: skip
    more = {"category": "price", "tags": ("licence", "dairy")}
    builders.ask_objection(database, omar, "Why pay a licence each quarter", "question", tags=("licence",))
    builders.ask_objection(database, omar, "Another brewhouse runs without a licence", **more)
    builders.ask_objection(database, omar, "Our licence comes with the pump", category="price", tags=("dairy",))
    builders.ask_objection(database, omar, "Rain spoils the harvest", **more)
    builders.ask_objection(
        database, omar, "A quarterly licence is secret", **more, audience=(f"dep:{house.legal.id}",)
    )  # fmt: skip
    builders.write_playbook(database, omar, "Selling a licence", "Quarterly or not.", tags=("licence",))
    builders.drain(app)
    app.extensions["fieldhouse"][SearchIndex].refresh()
    builders.sign_in(client, house.dana)
    return dear


def test_what_shares_tag_and_words_stands_beside_an_objection(client: FlaskClient, dear: Asked) -> None:
    found = beside(client, dear)
    assert [one.partition("-")[2] for one in found[:2]] == [
        "why-pay-a-licence-each-quarter", "another-brewhouse-runs-without-a-licence",
    ]  # fmt: skip
    words = " ".join(found)
    for other in ("secret", "pump", "harvest", "playbooks", place(dear)):
        assert other not in words


def test_a_playbook_stands_beside_playbooks_and_what_they_answer(
    app: Flask, app_database: Database, client: FlaskClient, house: House, dear: Asked
) -> None:
    text = "Bring the list.\n\n## Licence\n\nRead it aloud.\n\n## Licence again\n\nOnce more."
    licences = builders.write_playbook(app_database, house.omar, "Licence papers", text, tags=("licence",))
    builders.drain(app)
    app.extensions["fieldhouse"][SearchIndex].refresh()
    found = beside(client, licences)
    assert len(found) == len(set(found)) <= MOST
    assert any(one.startswith("/playbooks/") and one.endswith("-selling-a-licence") for one in found)
    assert any(one.startswith("/objections/") for one in found)
    assert place(licences) not in found
    assert "secret" not in " ".join(found)


def test_the_page_loads_it_and_links_it_without_scripts(client: FlaskClient, dear: Asked) -> None:
    page = client.get(place(dear)).text
    assert f'data-later="{place(dear)}/similar"' in page
    assert f'<noscript><a class="link" href="{place(dear)}/similar">Similar</a></noscript>' in page
    alone = client.get(f"{place(dear)}/similar")
    assert "<h1>Similar</h1>" in alone.text
    assert f'href="{place(dear)}"' in alone.text
    assert "Why pay a licence each quarter" in alone.text
    assert "secret" not in alone.text


def test_nothing_stands_there_where_nothing_is_like_it(
    app: Flask, app_database: Database, client: FlaskClient, house: House, dear: Asked
) -> None:
    lonely = builders.ask_objection(app_database, house.dana, "Zirconium lids arrive bent", category="timing")
    assert beside(client, lonely) == []  # not indexed yet
    builders.drain(app)
    app.extensions["fieldhouse"][SearchIndex].refresh()
    assert client.get(f"{place(lonely)}/similar", headers=FRAGMENT).text.strip() == ""
    assert "Nothing like it is here" in client.get(f"{place(lonely)}/similar").text
    services = app.extensions["fieldhouse"]
    services[SearchIndex].close()
    rmtree(services[Settings].index_dir)
    assert client.get(f"{place(dear)}/similar", headers=FRAGMENT).text.strip() == ""
    assert client.get(place(dear)).status_code == 200


def test_what_may_not_be_seen_has_nothing_beside_it(
    app: Flask, app_database: Database, client: FlaskClient, house: House, dear: Asked, get: Get
) -> None:
    secret = builders.ask_objection(
        app_database, house.omar, "A licence of ours", tags=("licence",), audience=(f"person:{house.omar.id}",)
    )
    hidden = builders.write_playbook(app_database, house.omar, "A licence for all", "Words.", tags=("licence",))
    with app_database.writing() as session:
        hide_item(session, builders.actor_of(app_database, house.omar), hidden.id)
        session.commit()
    for path in (
        place(secret),
        place(hidden),
        "/objections/999999-gone",
        place(dear).replace("objections", "questions"),
    ):
        for headers in ({}, FRAGMENT):
            assert client.get(f"{path}/similar", headers=headers).status_code == 404, path
    client.get("/logout")
    stranger = app.test_client()
    assert stranger.get(f"{place(dear)}/similar", headers=FRAGMENT).status_code == 401
    assert stranger.get(f"{place(dear)}/similar").status_code == 303


def test_what_is_hidden_since_the_index_was_written_is_left_out(
    app_database: Database, client: FlaskClient, house: House, dear: Asked
) -> None:
    first = beside(client, dear)[0]
    with app_database.writing() as session:
        hide_item(session, builders.actor_of(app_database, house.omar), int(first.split("/")[2].partition("-")[0]))
        session.commit()
    left = beside(client, dear)
    assert left
    assert first not in left


def test_a_shared_screen_names_no_competitor_beside_an_item(
    app: Flask, app_database: Database, client: FlaskClient, house: House, dear: Asked
) -> None:
    rival = builders.ask_objection(
        app_database, house.omar, "Kestrion gives a quarterly licence away", tags=("licence",)
    )
    builders.drain(app)
    app.extensions["fieldhouse"][SearchIndex].refresh()
    addresses = re.compile(r'href="[^"]*"|data-later="[^"]*"')
    for item, headers in ((dear, FRAGMENT), (dear, {}), (rival, {})):
        assert "Kestrion" in client.get(f"{place(item)}/similar", headers=headers).text
    assert post(client, "/screen", {"shared": "yes"}).status_code == 303
    for item, headers in ((dear, FRAGMENT), (dear, {}), (rival, {})):
        page = addresses.sub("", client.get(f"{place(item)}/similar", headers=headers).text)
        assert "a competitor gives a quarterly licence away" in page
        assert "Kestrion" not in page
        assert "Omar" not in page


def test_it_takes_few_statements_and_its_page_no_more_than_before(
    app_database: Database, client: FlaskClient, house: House, dear: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Observations, "add", lambda self, observation: None)  # its thread would be counted too
    for path, most in ((f"{place(dear)}/similar", 6), (place(dear), 8)):
        client.get(path)
        with count_statements(app_database) as counted:
            assert client.get(path).status_code == 200
        assert len(counted) <= most, counted
