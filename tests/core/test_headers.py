"""The header set stands on every answer: pages, errors, redirects, assets, whatever the method."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.db import Database
from portal.core.headers import PAGE_POLICY
from tests.builders import add_person, post, sign_in
from tests.core.rooms import build

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture
def backend() -> str:
    """Nothing here asks what kind of database there is."""
    return "sqlite"


def check(answer) -> None:
    for name, value in EVERYWHERE.items():
        assert answer.headers.getlist(name) == [value], (name, answer.request.path)
    assert answer.headers["Content-Security-Policy"] == PAGE_POLICY
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["X-Request-Id"]


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in PAGE_POLICY.split(";"))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert "unsafe" not in PAGE_POLICY
    assert "http" not in PAGE_POLICY
    assert "*" not in PAGE_POLICY


ANSWERS = {
    "/": 200,
    "/room": 303,
    "/nowhere": 404,
    "/raise/refused": 403,
    "/raise/gone": 404,
    "/raise/invalid": 422,
    "/raise/slower": 429,
    "/raise/overtaken": 409,
    "/raise/broken": 500,
    "/acts": 405,
    "/scribble": 503,
    "/things/4": 301,
    "/assets/none.css": 404,
    "/vague": 500,
}


@pytest.mark.parametrize(("path", "status"), ANSWERS.items())
def test_every_answer_to_a_get_bears_the_headers(visitor: FlaskClient, path: str, status: int) -> None:
    answer = visitor.get(path)
    assert answer.status_code == status
    check(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "NONSENSE"])
def test_every_method_bears_the_headers(visitor: FlaskClient, method: str) -> None:
    for path in ("/", "/nowhere", "/acts"):
        check(visitor.open(path, method=method))


def test_a_refused_form_bears_the_headers(visitor: FlaskClient) -> None:
    for answer in (visitor.post("/acts"), post(visitor, "/acts", headers={"Origin": "null"}), post(visitor, "/acts")):
        check(answer)


def test_an_asset_may_be_kept_by_everybody(visitor: FlaskClient) -> None:
    answer = visitor.get(visitor.application.jinja_env.globals["asset_url"]("img/icon.svg"))
    check(answer)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_an_error_page_that_names_somebody_is_kept_by_nobody(database: Database, visitor: FlaskClient) -> None:
    sign_in(visitor, add_person(database))
    answer = visitor.get("/assets/none.css")
    assert "dana-ruiz" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_https_is_insisted_on_where_the_portal_has_it(database: Database) -> None:
    for base_url, told in (("http://localhost", None), ("https://localhost", "max-age=31536000; includeSubDomains")):
        client = build(database, base_url=base_url).test_client()
        for path in ("/", "/nowhere"):
            assert client.get(path).headers.get("Strict-Transport-Security") == told


def paths(app: Flask) -> list[str]:
    """Every address of the portal, with 1 for what varies."""
    first_choice = [re.sub(r"<any\(([^,)]+)[^>]*>", r"\1", rule.rule) for rule in app.url_map.iter_rules()]
    return sorted({re.sub(r"<[^>]+>", "1", rule) for rule in first_choice})


def test_every_route_of_the_portal_bears_the_headers_signed_in_or_not(app: Flask, app_database: Database) -> None:
    stranger, admin = app.test_client(), app.test_client()
    sign_in(admin, add_person(app_database, "Ada Admin", "admin"))
    assert len(paths(app)) > 30
    for path in paths(app):
        for client in (stranger, admin):
            for method in ("GET", "POST"):
                answer = client.open(path, method=method)
                check(answer)
                assert answer.status_code < 500, (method, path)
                assert answer.headers["Cache-Control"], path
