"""Signing in and out: who gets in, what a stranger learns, and how often one may guess."""

from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock, passwords
from portal.core.db import Database
from portal.core.limits import Attempt
from portal.core.sessions import UserSession
from portal.features.account import views
from portal.shared.people.models import Person
from tests.builders import PASSWORD, add_person, post, sign_in


def try_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> Any:
    """Send the form of `/login`."""
    return post(client, "/login", {"email": email, "password": password, **more})


def test_right_password_lets_in_and_leads_on(client: FlaskClient, app_database: Database) -> None:
    add_person(app_database)
    answer = try_in(client, " Dana.Ruiz@Example.com ", next="/people?q=a")
    assert (answer.status_code, answer.location) == (303, "/people?q=a")
    assert client.get("/people").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_next_never_leads_to_another_site(client: FlaskClient, app_database: Database, target: str) -> None:
    add_person(app_database)
    assert try_in(client, "dana.ruiz@example.com", next=target).location == "/"


def test_stranger_is_led_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/people?q=dana&page=2")
    assert answer.status_code == 303
    assert unquote(answer.location.partition("next=")[2]) == "/people?q=dana&page=2"
    assert 'value="/people?q=dana&amp;page=2"' in client.get(answer.location).text


@pytest.mark.parametrize("state", ["nobody", "active", "invited", "disabled"])
def test_refused_tries_look_alike_and_hash_once(
    client: FlaskClient, app_database: Database, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    email = "nobody@example.com"
    if state != "nobody":
        email = add_person(app_database, state=state).email
    hashed: list[str] = []

    def count(password: str, kept: str) -> bool:
        hashed.append(password)
        return passwords.is_right(password, kept)

    monkeypatch.setattr(views, "is_right", count)
    password = "wrong on purpose" if state == "active" else PASSWORD
    answer = try_in(client, email, password)
    assert answer.status_code == 401
    assert views.WRONG in answer.text
    assert f'value="{email}"' in answer.text
    assert hashed == [password]


def test_password_counts_to_its_last_letter(client: FlaskClient, app_database: Database) -> None:
    email = add_person(app_database).email
    for wrong in (PASSWORD + " ", PASSWORD.upper(), PASSWORD + "x" * 1100):
        assert try_in(client, email, wrong).status_code == 401
    assert try_in(client, email).status_code == 303


def test_tenth_failure_closes_the_account_for_five_minutes(client: FlaskClient, app_database: Database) -> None:
    email = add_person(app_database).email
    for number in range(10):
        client.environ_base["REMOTE_ADDR"] = f"10.0.{number}.1"
        assert try_in(client, email, "wrong").status_code == 401
    client.environ_base["REMOTE_ADDR"] = "10.1.0.1"
    answer = try_in(client, email)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 301
    with clock.at(clock.now() + timedelta(seconds=301)):
        assert try_in(client, email).status_code == 303


def test_tenth_failure_closes_the_network(client: FlaskClient, app_database: Database) -> None:
    for number in range(10):
        assert try_in(client, f"somebody{number}@example.com", "wrong").status_code == 401
    email = add_person(app_database).email
    assert try_in(client, email).status_code == 429
    assert try_in(client, email).status_code == 429, "a forwarded address that no proxy vouches for changes nothing"
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "192.0.2.7"
    assert try_in(client, email).status_code == 429
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert try_in(client, email).status_code == 303


def test_only_failures_count_and_success_forgets_those_of_the_account(
    client: FlaskClient, app_database: Database
) -> None:
    email = add_person(app_database).email
    for network in ("192.0.2.7", "198.51.100.7"):
        client.environ_base["REMOTE_ADDR"] = network
        for _ in range(9):
            assert try_in(client, email, "wrong").status_code == 401
        assert try_in(client, email).status_code == 303
    with app_database.reading() as session:
        counted = Counter(session.scalars(select(Attempt.bucket)))
    assert counted == {"login": 18, "login:net:192.0.2.0/24": 9, "login:net:198.51.100.0/24": 9}


def test_a_good_sign_in_opens_no_more_tries_at_the_passwords_of_others(
    client: FlaskClient, app_database: Database
) -> None:
    mine, others = add_person(app_database).email, [f"other{number}@example.com" for number in range(9)]
    for email in others:
        assert try_in(client, email, "guessed").status_code == 401
    for _ in range(3):
        assert try_in(client, mine).status_code == 303, "what is good is never counted"
    assert try_in(client, "one.more@example.com", "guessed").status_code == 401
    assert try_in(client, "one.more@example.com", "guessed").status_code == 429


def test_refused_try_is_kept_without_the_address(client: FlaskClient, app_database: Database) -> None:
    try_in(client, "typo@example.com", "wrong")
    with app_database.reading() as session:
        buckets = session.scalars(select(Attempt.bucket)).all()
    assert len(buckets) == 3
    assert not any("typo" in bucket for bucket in buckets)


def test_each_sign_in_is_a_fresh_session(client: FlaskClient, app_database: Database) -> None:
    email = add_person(app_database).email
    tokens = []
    for _ in range(2):
        try_in(client, email)
        with client.session_transaction() as kept:
            tokens.append(kept["_user_id"])
    assert tokens[0] != tokens[1]
    with app_database.reading() as session:
        assert len(session.scalars(select(UserSession)).all()) == 1, "the one before has ended"


def test_remember_keeps_the_session_for_thirty_days(client: FlaskClient, app_database: Database) -> None:
    email = add_person(app_database).email
    assert "Expires" not in try_in(client, email).headers["Set-Cookie"]
    assert "Expires" in try_in(client, email, remember="yes").headers["Set-Cookie"]
    with clock.at(clock.now() + timedelta(days=29)):
        assert client.get("/people").status_code == 200
    with clock.at(clock.now() + timedelta(days=31)):
        assert client.get("/people").status_code == 303


def test_sign_out_ends_the_session_in_the_database_too(client: FlaskClient, app_database: Database) -> None:
    sign_in(client, add_person(app_database))
    with client.session_transaction() as kept:
        old = dict(kept)
    assert post(client, "/logout").location == "/login"
    with client.session_transaction() as kept:
        kept.update(old)
    assert client.get("/people").status_code == 303, "the old cookie opens nothing"


def test_form_without_its_token_is_refused(client: FlaskClient, app_database: Database) -> None:
    add_person(app_database)
    assert client.post("/login", data={"email": "dana.ruiz@example.com", "password": PASSWORD}).status_code == 400
    sign_in(client, add_person(app_database, "Ana Melo"))
    assert client.post("/logout").status_code == 400
    assert client.get("/people").status_code == 200


def test_outdated_hash_is_renewed_at_sign_in(
    client: FlaskClient, app_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = add_person(app_database)
    monkeypatch.setattr(views, "is_outdated", lambda kept: kept == person.password_hash)
    try_in(client, person.email)
    with app_database.reading() as session:
        kept = session.get_one(Person, person.id).password_hash
    assert kept != person.password_hash
    assert passwords.is_right(PASSWORD, kept)


def test_who_is_in_already_goes_on_from_the_way_in(client: FlaskClient, app_database: Database) -> None:
    sign_in(client, add_person(app_database))
    assert client.get("/login?next=/people").location == "/people"
