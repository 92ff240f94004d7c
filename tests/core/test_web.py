"""Doors: who may enter, what a view sees, and how a write comes to its end."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.core.access import anyone
from portal.core.db import Database
from portal.core.jobs import Submission
from portal.core.limits import Attempt, count_attempt
from portal.core.web import Door, Feature, found, page
from portal.shared.people.models import Person
from tests.builders import add_person, csrf_token, post, sign_in
from tests.core.rooms import feature


def things(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Attempt)) or 0


@pytest.fixture
def member(visitor: FlaskClient, person: Person) -> FlaskClient:
    """A browser that is signed in."""
    sign_in(visitor, person)
    return visitor


def test_a_stranger_signs_in_first_and_comes_back(visitor: FlaskClient) -> None:
    for asked, back in {
        "/room": "%2Froom",
        "/room?a=1&b=%26+%23x": "%2Froom%3Fa%3D1%26b%3D%2526%2B%2523x",
        "/room?": "%2Froom",
        "/room?q=caf%C3%A9": "%2Froom%3Fq%3Dcaf%25C3%25A9",
    }.items():
        answer = visitor.get(asked)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/login?next={back}")


def test_bytes_that_are_no_text_in_a_query_do_no_harm(visitor: FlaskClient) -> None:
    answer = visitor.get("/room", environ_overrides={"QUERY_STRING": "q=\xff\xe9"})
    assert answer.headers["Location"] == "/login?next=%2Froom%3Fq%3D%25FF%25E9"


def test_a_stranger_who_posts_or_asks_for_a_piece_is_told_to_sign_in(visitor: FlaskClient) -> None:
    answers = [post(visitor, "/things"), visitor.get("/room", headers={"HX-Request": "true"})]
    for answer in answers:
        assert answer.status_code == 401
        assert "Please sign in" in answer.text


def test_somebody_without_the_role_is_told_so_and_it_is_noted(member: FlaskClient, told, person: Person) -> None:
    answer = member.get("/office")
    assert answer.status_code == 403
    assert "This page is for admins." in answer.text
    refused = told()[0]
    assert (refused["event"], refused["person"], refused["needs"]) == ("refused", person.id, "admins")


def test_an_admin_enters_the_office(database: Database, visitor: FlaskClient) -> None:
    sign_in(visitor, add_person(database, "Ada Admin", "admin"))
    assert visitor.get("/office").text == "office"


def test_a_door_for_strangers_leads_others_to_the_front_page(member: FlaskClient, house: Flask) -> None:
    assert house.test_client().get("/porch").text == "porch"
    assert member.get("/porch").headers["Location"] == "/"


def test_the_same_address_with_another_method_is_no_door(visitor: FlaskClient) -> None:
    answer = post(visitor, "/room")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_doors_are_listed_with_who_may_enter() -> None:
    signs = {sign.endpoint: (sign.method, sign.rule, sign.allow) for sign in feature.signs}
    assert signs["rooms.office"] == ("GET", "/office", "admins")
    assert signs["rooms.make"] == ("POST", "/things", "signed in")


def test_a_door_cannot_be_declared_without_saying_who_may_enter() -> None:
    with pytest.raises(TypeError, match="allow"):
        Feature("careless").get("/")


def test_a_get_cannot_write(database: Database, visitor: FlaskClient) -> None:
    assert visitor.get("/scribble").status_code >= 500
    assert things(database) == 0


def test_an_old_slug_is_forwarded_for_good_and_keeps_its_query(visitor: FlaskClient) -> None:
    answer = visitor.get("/things/40-old-words?page=2&q=a%26b")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/things/40-right-words?page=2&q=a%26b")
    assert visitor.get("/things/40").headers["Location"] == "/things/40-right-words"
    assert visitor.get("/things/40-right-words").text == "thing"


def test_an_id_that_no_row_could_bear_is_a_page_that_is_not_there(visitor: FlaskClient) -> None:
    assert visitor.get("/numbers/" + "9" * 9).text == "0"
    assert visitor.get("/numbers/" + "9" * 10).status_code == 404
    assert visitor.get("/things/" + "9" * 40).status_code == 404


def run_view(house: Flask, work: Callable[[Door], object]) -> object:
    with house.test_request_context("/"):
        return work(Door())


def test_only_the_writing_unit_is_repeated_never_the_view(house: Flask, database: Database) -> None:
    calls = Counter[str]()

    def unit(session) -> str:
        calls["unit"] += 1
        count_attempt(session, [f"try {calls['unit']}"])
        session.flush()
        if calls["unit"] == 1:
            raise IntegrityError("INSERT", {}, ValueError())
        return "done"

    def view(door: Door) -> object:
        calls["view"] += 1
        return door.write(unit)

    assert run_view(house, view) == "done"
    assert calls == {"view": 1, "unit": 2}
    with database.reading() as session:
        assert session.scalars(select(Attempt.bucket)).all() == ["try 2"]


def test_no_reading_unit_is_held_while_writing(house: Flask, database: Database) -> None:
    def view(door: Door) -> int:
        door.session.scalar(text("SELECT 1"))
        assert database.readers.pool.checkedout() == 1
        door.write(lambda session: count_attempt(session, ["a"]))
        assert database.readers.pool.checkedout() == 0
        return door.session.scalar(select(func.count()).select_from(Attempt)) or 0

    assert run_view(house, view) == 1
    assert database.readers.pool.checkedout() == 0


def test_an_error_in_the_unit_commits_nothing(house: Flask, database: Database) -> None:
    def unit(session) -> None:
        count_attempt(session, ["lost"])
        session.flush()
        raise LookupError

    with pytest.raises(LookupError):
        run_view(house, lambda door: door.write(unit))
    assert things(database) == 0


def test_a_form_that_creates_answers_a_repeat_with_the_first_result(member: FlaskClient, database: Database) -> None:
    first, second = (post(member, "/things", {"once": "key-1"}) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert post(member, "/things", {"once": "key-2"}).headers["Location"] != first.headers["Location"]
    assert things(database) == 2


def test_a_form_without_a_key_creates_each_time(member: FlaskClient, database: Database) -> None:
    locations = {post(member, "/things").headers["Location"] for _ in range(3)}
    assert len(locations) == things(database) == 3


def test_the_key_of_somebody_else_says_nothing(member: FlaskClient, house: Flask, database: Database) -> None:
    other = house.test_client()
    sign_in(other, add_person(database, "Omar Haddad"))
    ours, theirs = (post(client, "/things", {"once": "same"}).headers["Location"] for client in (member, other))
    assert ours != theirs


def test_ten_posts_of_one_form_at_once_create_one_thing_and_answer_alike(house, database, person) -> None:
    start, locations = threading.Barrier(10, timeout=20), []
    clients = [house.test_client() for _ in range(10)]
    for client in clients:
        sign_in(client, person)

    def work(client: FlaskClient) -> None:
        data = {"csrf_token": csrf_token(client), "once": "double-click"}
        start.wait()
        answer = client.post("/things", data=data)
        locations.append((answer.status_code, answer.headers.get("Location")))

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(locations) == 10
    assert len(set(locations)) == 1
    assert locations[0][0] == 303
    assert things(database) == 1


def test_a_creation_that_fails_leaves_its_key_free(house: Flask, database: Database, member: FlaskClient) -> None:
    failing = []

    @event.listens_for(database.writers, "before_cursor_execute")
    def fail_once(connection, cursor, statement, *rest) -> None:
        if statement.startswith("INSERT INTO attempt") and not failing:
            failing.append(statement)
            raise LookupError("not now")

    assert post(member, "/things", {"once": "key"}).status_code == 500
    with database.reading() as session:
        assert session.scalars(select(Submission)).all() == []
    assert post(member, "/things", {"once": "key"}).headers["Location"].startswith("/things/")


def test_a_template_sees_the_fields_of_its_page_and_nothing_else(house: Flask) -> None:
    with house.test_request_context("/"), pytest.raises(TypeError, match="page dataclass"):
        page("errors/error.html", {"status": 200})
    with house.test_request_context("/"), pytest.raises(TypeError, match="page dataclass"):
        page("errors/error.html", Person)


def test_something_found_is_handed_on() -> None:
    assert found("thing") == "thing"
    assert anyone.admits(None)


def test_a_reading_unit_of_a_request_is_closed_at_its_end(visitor: FlaskClient, database: Database) -> None:
    for path in ("/numbers/1", "/scribble", "/raise/broken"):
        visitor.get(path)
        assert database.readers.pool.checkedout() == 0
    with database.reading() as session, pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM attempt"))
