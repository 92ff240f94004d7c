"""What pages learn of searches: written beside the request, as one search a typing, with what was opened."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.db import Database
from portal.core.observed import Observations
from portal.shared.finding.models import SearchMade
from portal.shared.search_index.engine import SearchIndex
from tests import builders
from tests.builders import post
from tests.features.search.conftest import Get, House


def made(app: Flask, database: Database) -> list[tuple[str, int, str, str | None]]:
    app.extensions["fieldhouse"][Observations].write()
    with database.reading() as session:
        rows = session.scalars(select(SearchMade).order_by(SearchMade.id))
        return [(row.words, row.found, row.origin, row.opened) for row in rows]


def test_typing_and_sending_is_one_search(app: Flask, app_database: Database, get: Get) -> None:
    for length in range(2, 10):
        get("/search/suggest", q="expensive"[:length])
    get("/search", q="expensive")
    get("/search", q="expensive", page="2")
    assert made(app, app_database) == [("expensive", 1, "page", None)]
    get("/search", q="zirconium")
    assert made(app, app_database)[1:] == [("zirconium", 0, "page", None)]


def test_an_operator_that_is_being_typed_is_no_search(
    app: Flask, client: FlaskClient, app_database: Database, get: Get
) -> None:
    get("/search/suggest", q="competitor:k")
    assert made(app, app_database) == []
    post(client, "/screen", {"shared": "yes"})  # while nothing is offered that would name a competitor
    get("/search/suggest", q="competitor:")
    assert made(app, app_database) == []


def test_opened_row_stands_on_its_search(
    app: Flask, client: FlaskClient, app_database: Database, house: House, get: Get
) -> None:
    page = get("/search", q="too expensive")
    key = f"objection:{house.dear.id}"
    assert f'data-hit="{key}"' in page
    assert 'data-searched="too expensive"' in page
    assert 'data-searched="too exp"' in get("/search/suggest", q="too exp")
    sent = post(client, "/search/opened", {"q": "too expensive", "key": key})
    assert (sent.status_code, sent.text) == (204, "")
    assert made(app, app_database) == [("too expensive", 1, "page", key)]


def test_nonsense_about_what_was_opened_is_left_alone(
    app: Flask, client: FlaskClient, app_database: Database, get: Get
) -> None:
    for typed in ({}, {"q": "x" * 500, "key": "objection:1"}, {"q": " ", "key": "objection:1"}, {"q": "dear"}):
        assert post(client, "/search/opened", typed).status_code == 204
    assert made(app, app_database) == []


def test_search_that_no_index_answered_is_not_taken_for_a_gap(
    app: Flask, client: FlaskClient, app_database: Database
) -> None:
    builders.sign_in(client, builders.add_person(app_database))
    app.extensions["fieldhouse"][SearchIndex].close()
    assert "index is being built" in client.get("/search?q=dear").text
    assert made(app, app_database) == []
