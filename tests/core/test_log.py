"""Logs: a line an event, a request id on each, and no secret in any."""

import logging

import pytest
import structlog
from sqlalchemy import text

from portal.core import mail
from portal.core.ids import new_token
from portal.core.jobs import JobKind, Worker
from portal.core.log import hide_secrets

CANARY = "canary-4711-secret"


def hidden(**entry: object) -> dict[str, object]:
    return dict(hide_secrets(None, "info", dict(entry)))


@pytest.mark.parametrize(
    "name",
    ["password", "Password", "passwd", "secret_key", "token", "csrf_token", "Cookie", "Authorization", "api_token"],
)
def test_a_field_that_names_a_secret_is_blanked_whatever_it_holds(name: str) -> None:
    for value in (CANARY, [CANARY], {"a": CANARY}, 12345):
        assert hidden(**{name: value}) == {name: "…"}


@pytest.mark.parametrize(
    "address",
    [
        f"/reset?token={CANARY}",
        f"GET /x?a=1&password={CANARY}&b=2",
        f"TOKEN={CANARY}",
        f"postgresql://portal:{CANARY}@db.example.com/portal",
        f"smtp://user:{CANARY}@mail.example.com:587",
        f"/invitation/{CANARY}-long-enough-for-a-token",
        f"https://portal.example.com/reset/{CANARY}-long-enough-for-a-token",
    ],
)
def test_secrets_inside_addresses_are_blanked_however_deep(address: str) -> None:
    deep = {"inner": [address, (address,)], "more": {"url": address}}
    line = hidden(event=address, detail=deep, exception=f"Traceback\n{address}\n")
    assert CANARY not in str(line)
    assert "…" in str(line["event"])


@pytest.mark.parametrize(
    "plain",
    ["/reset", "/invitation", "http://example.com:8000/a@b", "12:30 dana@example.com", "key: value", "/reset/short"],
)
def test_what_is_no_secret_is_told(plain: str) -> None:
    given = {"event": plain, "number": 7, "none": None, "flag": True}
    assert hidden(**given) == given


def test_a_line_is_json_with_time_level_and_what_was_bound(told) -> None:
    structlog.contextvars.bind_contextvars(request_id="abcdefgh")
    structlog.get_logger("jobs").warning("job_failed", key="mail:1", error=f"password={CANARY}")
    (line,) = told()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "job_failed",
        "key": "mail:1",
        "error": "password=…",
        "level": "warning",
        "request_id": "abcdefgh",
    }


def test_an_error_is_told_with_its_traceback_and_without_its_variables(told) -> None:
    password = CANARY
    try:
        raise LookupError(len(password))
    except LookupError:
        structlog.get_logger("web").exception("broken")
    (line,) = told()
    assert "LookupError: 18" in line["exception"]
    assert CANARY not in str(line)


def test_on_a_terminal_no_variables_are_told_either(told) -> None:
    told.configure("text")
    password = CANARY
    try:
        raise LookupError(len(password))
    except LookupError:
        structlog.get_logger("web").exception("broken", token=CANARY)
        logging.getLogger("library").exception("also broken")
    shown = told.text()
    assert shown.count("LookupError: 18") == 2
    assert CANARY not in shown


def test_lines_of_libraries_pass_the_same_way(told) -> None:
    logging.getLogger("library").warning("connecting to %s", f"smtp://user:{CANARY}@host")
    logging.getLogger("library").info("chatter")
    (line,) = told()
    assert line["event"] == "connecting to smtp://user:…@host"
    assert line["level"] == "warning"


def test_style_auto_is_json_where_nobody_looks(told) -> None:
    told.configure("auto")
    structlog.get_logger().info("hello")
    assert told.text().startswith("{")


def test_what_is_below_the_level_is_left_out(told) -> None:
    told.configure("json", "ERROR")
    structlog.get_logger().warning("hello")
    logging.getLogger("library").warning("hello")
    assert told.text() == ""


def test_no_secret_of_a_request_reaches_the_log(visitor, told) -> None:
    token = new_token()
    visitor.post(f"/reset/{token}", data={"password": CANARY, "csrf_token": CANARY}, headers={"Cookie": f"x={CANARY}"})
    visitor.get(f"/nowhere?token={CANARY}", headers={"Authorization": f"Bearer {CANARY}", "Referer": f"/?key={CANARY}"})
    visitor.get("/raise/broken", query_string={"password": CANARY})
    lines = told()
    assert len(lines) == 4
    assert CANARY not in str(lines)
    assert token not in str(lines)


def test_no_mail_that_the_database_refuses_reaches_the_log(house, database, told) -> None:
    """PostgreSQL tells the whole row that it refuses; SQLAlchemy tells every parameter."""

    def refused() -> str:
        with database.writing() as session:
            session.execute(text("INSERT INTO outgoing_mail (id, body) VALUES (1, :body)"), {"body": CANARY})
        return ""

    house.view_functions["rooms.hall"] = refused
    assert house.test_client().get("/").status_code == 500
    error = told()[0]
    assert "outgoing_mail" in error["exception"]
    assert CANARY not in str(error)


def test_no_mail_that_cannot_be_sent_reaches_the_log(database, told) -> None:
    class Refusing:
        def send(self, message) -> None:
            raise OSError(f"cannot send to smtp://user:{CANARY}@host")

    with database.writing() as session:
        mail.post(session, "dana@example.com", "Dana", "Hello", f"https://portal.example.com/reset/{CANARY}")
        session.commit()
    kinds = {"mail": JobKind(lambda keys: mail.send(database, Refusing(), "portal@example.com", keys))}
    assert Worker(database, kinds).drain() == 1
    (line,) = told()
    assert (line["event"], line["error"]) == ("job_failed", "OSError: cannot send to smtp://user:…@host")
