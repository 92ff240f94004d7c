"""Who may enter: admins alone, by every door of administration."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.db import Database
from portal.features.admin import people_views, places_views, views, vocabulary_views
from tests.builders import add_person, post, sign_in

SIGNS = [sign for room in (views, people_views, places_views, vocabulary_views) for sign in room.feature.signs]


def example(rule: str) -> str:
    """An address that a rule takes."""
    return re.sub(r"<int:[^>]+>|<name>", "1", re.sub(r"<any[^>]+>", "stage", rule))


DOORS = sorted({(sign.method, example(sign.rule)) for sign in SIGNS})


@pytest.mark.parametrize("role", ["rep", "manager", "publisher"])
def test_no_other_role_may_enter(client: FlaskClient, app_database: Database, role: str) -> None:
    sign_in(client, add_person(app_database, role=role))
    for method, path in DOORS:
        answer = client.get(path) if method == "GET" else post(client, path)
        assert answer.status_code == 403, (method, path)
        assert "This page is for admins" in answer.text


def test_strangers_sign_in_first(client: FlaskClient) -> None:
    for method, path in DOORS:
        answer = client.get(path) if method == "GET" else post(client, path)
        assert answer.status_code == (303 if method == "GET" else 401), (method, path)


@pytest.mark.usefixtures("admin")
def test_acts_are_no_gets_and_carry_a_token(app: Flask, client: FlaskClient) -> None:
    acts = [path for method, path in DOORS if method == "POST" and ("GET", path) not in DOORS]
    assert "/admin/people/1/disable" in acts
    for path in acts:
        assert client.get(path).status_code == 405, path
        assert client.post(path).status_code == 400, path
    assert all(sign.allow == "admins" for sign in SIGNS)
