"""Signed-in sessions: rows that end by themselves, by hand, and all at once; the browser holds a token alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock, sessions
from portal.core.db import Database
from portal.core.ids import hash_token
from portal.core.observed import Observations
from portal.core.sessions import ABSOLUTE, ADMIN_IDLE, IDLE, MOST, REMEMBERED, SessionSeen, UserSession
from portal.shared.people.models import Person
from portal.shared.people.queries import find_author, find_signed_in
from tests.builders import add_person, post, sign_in
from tests.core.rooms import build

NOON = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def start(database: Database, person: Person, *, remember: bool = False, at: datetime = NOON) -> str:
    with clock.at(at), database.writing() as session:
        token = sessions.open_session(session, person.id, remember=remember, browser="Fox", network="192.0.2.0/24")
        session.commit()
    return token


def is_in(database: Database, token: str, at: datetime) -> bool:
    with clock.at(at), database.reading() as session:
        return find_signed_in(session, token) is not None


def see(database: Database, token: str, at: datetime) -> None:
    with database.writing() as session:
        row = session.scalars(select(UserSession).where(UserSession.token_hash == hash_token(token))).one()
        sessions.record_seen(session, [SessionSeen(row.id, at), SessionSeen(row.id, at - IDLE)])
        session.commit()


def test_the_database_keeps_a_hash_of_the_token_and_no_token(database: Database, person: Person) -> None:
    token = start(database, person)
    with database.reading() as session:
        row = session.scalars(select(UserSession)).one()
    assert row.token_hash == hash_token(token)
    assert token not in {str(value) for value in vars(row).values()}
    assert (row.browser, row.network) == ("Fox", "192.0.2.0/24")


def test_a_session_that_is_not_used_ends_after_eight_hours(database: Database, person: Person) -> None:
    token = start(database, person)
    assert is_in(database, token, NOON + IDLE - SECOND)
    assert not is_in(database, token, NOON + IDLE)


@pytest.mark.parametrize("remember", [False, True])
def test_the_session_of_an_admin_ends_after_half_an_hour_without_use(database: Database, remember: bool) -> None:
    token = start(database, add_person(database, "Ada Admin", "admin"), remember=remember)
    assert is_in(database, token, NOON + ADMIN_IDLE - SECOND)
    assert not is_in(database, token, NOON + ADMIN_IDLE)
    see(database, token, NOON + ADMIN_IDLE - SECOND)
    assert is_in(database, token, NOON + 2 * ADMIN_IDLE - 2 * SECOND)
    assert not is_in(database, token, NOON + 2 * ADMIN_IDLE)


def test_a_session_in_use_ends_after_twelve_hours_all_the_same(database: Database, person: Person) -> None:
    token = start(database, person)
    see(database, token, NOON + ABSOLUTE - SECOND)
    assert is_in(database, token, NOON + ABSOLUTE - SECOND)
    assert not is_in(database, token, NOON + ABSOLUTE)


def test_a_remembered_session_lasts_thirty_days_used_or_not(database: Database, person: Person) -> None:
    token = start(database, person, remember=True)
    assert is_in(database, token, NOON + REMEMBERED - SECOND)
    assert not is_in(database, token, NOON + REMEMBERED)


def test_the_eleventh_session_ends_the_one_least_lately_used(database: Database, person: Person) -> None:
    tokens = [start(database, person, at=NOON + number * SECOND) for number in range(MOST)]
    see(database, tokens[0], NOON + timedelta(hours=1))
    other = start(database, add_person(database, "Omar Haddad"))
    tokens.append(start(database, person, at=NOON + timedelta(hours=2)))
    alive = [is_in(database, token, NOON + timedelta(hours=2)) for token in tokens]
    assert alive == [True, False, *[True] * (MOST - 1)]
    assert is_in(database, other, NOON + timedelta(hours=2))


def test_living_sessions_are_listed_last_used_first(database: Database, person: Person) -> None:
    start(database, person, at=NOON - ABSOLUTE)
    first, second = start(database, person), start(database, person, at=NOON + SECOND)
    with clock.at(NOON + SECOND), database.reading() as session:
        listed = [row.token_hash for row in sessions.list_sessions(session, find_author(session, person.id))]
    assert listed == [hash_token(second), hash_token(first)]


def test_one_session_is_ended_by_its_owner_alone(database: Database, person: Person) -> None:
    token, stranger = start(database, person), add_person(database, "Omar Haddad")
    with database.writing() as session:
        number = session.scalars(select(UserSession.id)).one()
        sessions.close_session(session, stranger.id, number)
        session.commit()
    assert is_in(database, token, NOON)
    with database.writing() as session:
        sessions.close_session(session, person.id, number)
        session.commit()
    assert not is_in(database, token, NOON)


def test_all_sessions_are_ended_but_the_one_to_keep(database: Database, person: Person) -> None:
    tokens = [start(database, person) for _ in range(3)]
    with database.writing() as session:
        keep = session.scalars(select(UserSession.id).where(UserSession.token_hash == hash_token(tokens[1]))).one()
        sessions.close_all(session, person.id, keep=keep)
        session.commit()
    assert [is_in(database, token, NOON) for token in tokens] == [False, True, False]
    with database.writing() as session:
        sessions.close_all(session, person.id)
        session.commit()
    assert not is_in(database, tokens[1], NOON)


def test_a_disabled_person_is_out_at_once(database: Database, person: Person) -> None:
    token = start(database, person)
    with database.writing() as session:
        session.get_one(Person, person.id).state = "disabled"
        session.commit()
    assert not is_in(database, token, NOON)


def test_sessions_that_ran_out_are_forgotten(database: Database, person: Person) -> None:
    start(database, person)
    start(database, person, remember=True)
    with clock.at(NOON + ABSOLUTE + SECOND), database.writing() as session:
        sessions.delete_expired(session)
        session.commit()
    with database.reading() as session:
        assert session.scalars(select(UserSession.is_remembered)).all() == [True]


def test_a_cookie_of_a_session_that_ended_opens_no_door(database: Database, person: Person, visitor) -> None:
    sign_in(visitor, person)
    assert visitor.get("/room").status_code == 200
    with database.writing() as session:
        sessions.close_all(session, person.id)
        session.commit()
    assert visitor.get("/room").headers["Location"] == "/login?next=%2Froom"


def test_signing_in_drops_what_the_browser_held_before(database: Database, person: Person, visitor) -> None:
    with visitor.session_transaction() as kept:
        kept["left by a stranger"], kept["csrf_token"] = "x", "0" * 40
    token = start(database, person, at=clock.now())
    post(visitor, "/enter/0", headers={"X-Token": token})
    with visitor.session_transaction() as kept:
        assert kept["_user_id"] == token
        assert "left by a stranger" not in kept
        assert "csrf_token" not in kept
        assert not kept.permanent
    assert visitor.get("/room").text == str(person.id)


def test_the_last_use_is_noted_a_minute_apart_and_not_for_assets(database: Database, person: Person, visitor) -> None:
    sign_in(visitor, person)
    seen = visitor.application.extensions["fieldhouse"][Observations]
    visitor.get("/room")
    assert seen.write() == 0
    with clock.at(clock.now() + timedelta(minutes=2)) as later:
        visitor.get(visitor.application.jinja_env.globals["asset_url"]("img/icon.svg"))
        assert seen.write() == 0
        visitor.get("/room")
        assert seen.write() == 1
    with database.reading() as session:
        assert session.scalars(select(UserSession.seen_at)).one() == later
    seen.stop()


@pytest.mark.parametrize("remember", [False, True])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(database, person: Person, remember: bool) -> None:
    names = {}
    for base_url in ("http://localhost", "https://localhost"):
        client = build(database, base_url=base_url).test_client()
        token = start(database, person, at=clock.now())
        url = f"{base_url}/enter/{int(remember)}"
        with client.session_transaction(base_url=base_url) as kept:
            kept["csrf_token"] = "0" * 40
        answer = post(client, url, headers={"X-Token": token, "Referer": base_url})
        cookie = answer.headers["Set-Cookie"]
        names[base_url] = cookie.partition("=")[0]
        assert "HttpOnly; Path=/; SameSite=Lax" in cookie.replace("Secure; ", "")
        assert ("Secure" in cookie) is base_url.startswith("https:")
        assert ("Expires" in cookie) is remember
        assert not re.search("Domain", cookie, re.IGNORECASE)
    assert names == {"http://localhost": "fieldhouse", "https://localhost": "__Host-fieldhouse"}
