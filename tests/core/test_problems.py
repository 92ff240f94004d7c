"""Problems are pages of the house: what happened, what was kept, what to do, and an id that the log knows."""

import re

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolExhausted

from portal.core.db import Database
from portal.core.problems import KEPT, SAID, error_page
from portal.shared.people.models import Person
from tests.builders import post, sign_in
from tests.core.rooms import RAISED


def request_id(answer) -> str:
    shown = re.search(r"request\s+<code>([\w-]+)</code>", answer.text)
    assert shown, answer.text
    assert answer.headers["X-Request-Id"] == shown[1]
    return shown[1]


@pytest.mark.parametrize(
    ("what", "status", "told"),
    [
        ("refused", 403, "Only for the cook."),
        ("gone", 404, "There is nothing at this address, or you may not see it."),
        ("invalid", 422, "Name: please write something here."),
        ("slower", 429, "That was often."),
        ("overtaken", 409, "Somebody else saved."),
        ("broken", 500, "An error was recorded."),
    ],
)
def test_each_problem_has_its_page(visitor: FlaskClient, what: str, status: int, told: str) -> None:
    answer = visitor.get(f"/raise/{what}")
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert told in answer.text
    assert SAID[status].headline in answer.text
    assert request_id(answer)
    assert "Fieldhouse" in answer.text


def test_an_error_tells_the_visitor_nothing_and_the_log_everything(visitor: FlaskClient, told) -> None:
    answer = visitor.get("/raise/broken")
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text
    error, line = told()
    assert (error["event"], line["event"], line["status"]) == ("unforeseen_error", "request", 500)
    assert "canary-in-an-error" in error["exception"]
    assert error["request_id"] == line["request_id"] == request_id(answer)


def test_when_to_come_back_is_said_in_seconds(visitor: FlaskClient) -> None:
    assert visitor.get("/raise/slower").headers["Retry-After"] == "42"


def test_addresses_and_methods_that_are_not_there_have_their_page(visitor: FlaskClient) -> None:
    nowhere, wrong = visitor.get("/nowhere"), post(visitor, "/")
    assert (nowhere.status_code, wrong.status_code) == (404, 405)
    assert SAID[404].headline in nowhere.text
    assert SAID[404].todo not in nowhere.text, "a visitor has no search bar"
    assert SAID[405].headline in wrong.text
    assert "GET" in wrong.headers["Allow"]


def test_a_refused_form_says_that_what_was_typed_is_kept(visitor: FlaskClient) -> None:
    assert KEPT in visitor.post("/acts").text
    assert KEPT not in visitor.get("/nowhere").text


def test_a_request_id_that_came_along_is_kept_if_it_is_harmless(visitor: FlaskClient) -> None:
    assert visitor.get("/", headers={"X-Request-Id": "abc-DEF_123"}).headers["X-Request-Id"] == "abc-DEF_123"
    for odd in ("short", "x" * 65, "<script>alert(1)", "a b c d e f", "ééééééééé", "abcdefgh\t"):
        answer = visitor.get("/raise/gone", headers={"X-Request-Id": odd})
        assert request_id(answer) != odd


def test_each_request_has_an_id_of_its_own(visitor: FlaskClient) -> None:
    assert len({visitor.get("/").headers["X-Request-Id"] for _ in range(20)}) == 20


def test_the_name_of_who_is_signed_in_stands_on_error_pages(visitor: FlaskClient, person: Person) -> None:
    assert person.slug not in visitor.get("/nowhere").text
    sign_in(visitor, person)
    assert person.slug in visitor.get("/nowhere").text


def test_a_template_that_is_given_too_little_is_an_error_and_no_hole(visitor: FlaskClient, told) -> None:
    assert visitor.get("/vague").status_code == 500
    assert "'headline' is undefined" in told()[0]["exception"]


def test_without_a_database_everybody_is_told_so_in_a_page_of_the_house(house: Flask, person: Person) -> None:
    client = house.test_client()
    sign_in(client, person)
    away = Database("postgresql://postgres@/none?host=/nowhere")
    house.extensions["fieldhouse"][Database] = away
    for path in ("/room", "/numbers/1", "/nowhere"):
        answer = client.get(path)
        assert answer.status_code in (503, 404)
        assert request_id(answer)
        assert person.slug not in answer.text
    assert client.get("/room").headers["Retry-After"] == "3"
    assert SAID[503].headline in client.get("/room").text


def test_a_database_without_tables_is_a_page_of_the_house_for_who_is_signed_in(
    house: Flask, person: Person, empty_url: str
) -> None:
    client = house.test_client()
    sign_in(client, person)
    empty = Database(empty_url)
    house.extensions["fieldhouse"][Database] = empty
    answer = client.get("/room")
    assert answer.status_code in (500, 503)
    assert request_id(answer)
    assert "user_session" not in answer.text
    empty.dispose()


def test_a_pool_that_is_used_up_is_no_error_of_ours(house: Flask) -> None:
    house.view_functions["rooms.hall"] = raise_exhausted
    answer = house.test_client().get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")


def raise_exhausted() -> None:
    raise PoolExhausted("QueuePool limit reached")


def test_a_statement_that_failed_in_the_reading_unit_leaves_the_page_readable(house: Flask, person: Person) -> None:
    def broken() -> str:
        from portal.core.web import Door

        Door().session.execute(text("SELECT nothing FROM nowhere"))
        return ""

    house.view_functions["rooms.hall"] = broken
    client = house.test_client()
    sign_in(client, person)
    answer = client.get("/")
    assert answer.status_code in (500, 503)
    assert request_id(answer)


def test_a_status_without_words_of_its_own_borrows_some(house: Flask) -> None:
    with house.test_request_context("/"):
        g.request_id = "abcdefgh"
        assert SAID[400].headline in error_page(418).get_data(as_text=True)
        assert SAID[500].headline in error_page(507).get_data(as_text=True)


def test_every_word_for_a_problem_says_what_to_do() -> None:
    assert all(said.headline and said.happened and said.todo for said in SAID.values())
    assert {getattr(problem, "status", 500) for problem in RAISED.values()} <= set(SAID)


def test_a_request_is_one_line_of_the_log_and_assets_are_none(visitor: FlaskClient, told) -> None:
    visitor.get("/things/1-x?q=canary-query")
    visitor.get(visitor.application.jinja_env.globals["asset_url"]("img/icon.svg"))
    (line,) = told()
    assert {name: line[name] for name in ("event", "level", "method", "path", "status")} == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "path": "/things/1-x",
        "status": 301,
    }
    assert "canary-query" not in str(line)
