"""The demo's bar: one click and one is somebody else; outside the demo there is no such thing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.db import Database
from portal.settings import Settings
from tests.builders import add_person, post
from tests.plugins.applications import make_app


@pytest.fixture
def demo(settings: Settings) -> Iterator[Flask]:
    """The application as the demo runs it."""
    app = make_app(replace(settings, demo=True))
    yield app
    app.extensions["fieldhouse"][Database].dispose()


def test_one_click_steps_into_each_role(demo: Flask) -> None:
    database = demo.extensions["fieldhouse"][Database]
    add_person(database, "Jonas Berg", email="rep@demo.example")
    add_person(database, "Wiebke Janssen", "admin", email="admin@demo.example")
    client = demo.test_client()
    assert 'formaction="/demo/as/star"' in client.get("/login").text
    assert post(client, "/demo/as/rep").location == "/"
    assert client.get("/admin").status_code == 403
    page = client.get("/people").text
    assert 'aria-pressed="true">Rep</button>' in page
    answer = post(client, "/demo/as/admin", headers={"Referer": "http://localhost/people?q=jonas"})
    assert answer.location == "/people?q=jonas"
    assert client.get("/admin").status_code == 200


def test_only_the_five_can_be_stepped_into(demo: Flask) -> None:
    add_person(demo.extensions["fieldhouse"][Database], "Ana Melo", email="ana@demo.example")
    client = demo.test_client()
    assert post(client, "/demo/as/ana").status_code == 404
    assert post(client, "/demo/as/star").status_code == 404, "nobody by that address in this database"
    assert demo.test_client().post("/demo/as/star").status_code == 400, "a form of another site carries no token"


def test_outside_the_demo_there_is_no_such_door(client: FlaskClient, app_database: Database) -> None:
    add_person(app_database, "Jonas Berg", email="rep@demo.example")
    assert post(client, "/demo/as/rep").status_code == 404
    assert "/demo/as" not in client.get("/login").text
