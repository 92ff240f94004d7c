"""Passwords: forgotten, invited, chosen, changed; what links may do, and who learns what."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.core.passwords import is_right
from portal.settings import Settings
from portal.shared.people import operations
from portal.shared.people.models import MailLink, Person
from tests.builders import PASSWORD, add_person, drain, post, sign_in
from tests.plugins.statements import count_statements

NEW = "four slow green boats"


def mails(settings: Settings) -> list[tuple[str, str, str]]:
    """Recipient, subject and text of the mails in the folder, oldest first."""
    found = []
    for path in sorted(Path(settings.mail_dir).glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        found.append((str(message["to"]), str(message["subject"]), str(body.get_content())))
    return found


def link_in(text: str) -> str:
    """The path of the first link of a mail."""
    found = re.search(r"http://localhost(/\S+)", text)
    assert found
    return found[1]


def invite(database: Database, person: Person) -> str:
    """The path of a fresh invitation."""
    with database.writing() as session:
        link = operations.make_link(session, None, session.get_one(Person, person.id), "")
        session.commit()
    return link


def kept_hash(database: Database, person: Person) -> str:
    """The hash that is kept of somebody."""
    with database.reading() as session:
        return session.get_one(Person, person.id).password_hash


def test_forgotten_password_is_chosen_again_by_mail(
    app: Flask, client: FlaskClient, app_database: Database, settings: Settings
) -> None:
    person = add_person(app_database)
    other = app.test_client()
    sign_in(other, person)
    assert post(client, "/reset", {"email": "Dana.Ruiz@example.com"}).location == "/login"
    assert "a mail with a link is on its way" in client.get("/login").text
    drain(app)
    [(to, subject, text)] = mails(settings)
    assert (to, subject) == ("Dana Ruiz <dana.ruiz@example.com>", "Choose a new password for Fieldhouse")
    link = link_in(text)
    assert "dana.ruiz@example.com" in client.get(link).text
    assert post(client, link, {"password": NEW}).location == "/login"
    assert other.get("/people").status_code == 303, "whoever was signed in with the old password is out"
    assert post(client, "/login", {"email": person.email, "password": PASSWORD}).status_code == 401
    assert post(client, "/login", {"email": person.email, "password": NEW}).status_code == 303
    drain(app)
    assert mails(settings)[-1][1] == "Your password for Fieldhouse was changed"
    assert client.get(link).status_code == 404, "a link works once"
    assert post(client, link, {"password": PASSWORD}).status_code == 404


def test_unknown_and_known_mail_get_the_same_answer_and_the_same_work(
    client: FlaskClient, app_database: Database
) -> None:
    add_person(app_database)
    answers, work = [], []
    for email in ("nobody@example.com", "dana.ruiz@example.com"):
        with count_statements(app_database) as counted:
            answer = post(client, "/reset", {"email": email})
        answers.append((answer.status_code, answer.location, client.get("/login").text.replace(email, "MAIL")))
        work.append([re.sub(r"\s+", " ", statement) for statement in counted.statements])
    assert re.sub(r'content="[^"]+"|value="[^"]+"', "", answers[0][2]) == re.sub(
        r'content="[^"]+"|value="[^"]+"', "", answers[1][2]
    )
    assert work[0] == work[1]


def test_nobody_and_the_disabled_get_no_mail(app: Flask, client: FlaskClient, app_database: Database) -> None:
    add_person(app_database, state="disabled")
    for email in ("nobody@example.com", "dana.ruiz@example.com"):
        assert post(client, "/reset", {"email": email}).status_code == 303
    drain(app)
    with app_database.reading() as session:
        assert session.scalars(select(OutgoingMail)).all() == []
        assert session.scalars(select(Job)).all() == []


def test_invited_person_who_lost_the_mail_gets_a_fresh_invitation(
    app: Flask, client: FlaskClient, app_database: Database, settings: Settings
) -> None:
    person = add_person(app_database, state="invited")
    old = invite(app_database, person)
    post(client, "/reset", {"email": person.email})
    drain(app)
    [(_, subject, text)] = mails(settings)
    assert subject == "Your invitation to Fieldhouse"
    assert client.get(old).status_code == 404
    assert client.get(link_in(text)).status_code == 200


def test_reset_is_asked_at_most_five_times_a_day_for_one_address(client: FlaskClient, app_database: Database) -> None:
    for number in range(5):
        client.environ_base["REMOTE_ADDR"] = f"10.0.{number}.1"
        assert post(client, "/reset", {"email": "somebody@example.com"}).status_code == 303
    client.environ_base["REMOTE_ADDR"] = "10.0.9.1"
    answer = post(client, "/reset", {"email": "somebody@example.com"})
    assert answer.status_code == 429
    assert 86_000 < int(answer.headers["Retry-After"]) <= 86_401
    assert "somebody@example.com" in answer.text
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        assert post(client, "/reset", {"email": "somebody@example.com"}).status_code == 303


def test_reset_is_asked_at_most_ten_times_an_hour_from_one_network(client: FlaskClient) -> None:
    for number in range(10):
        assert post(client, "/reset", {"email": f"somebody{number}@example.com"}).status_code == 303
    assert post(client, "/reset", {"email": "one.more@example.com"}).status_code == 429


def test_what_is_no_mail_address_is_said_and_kept(client: FlaskClient) -> None:
    answer = post(client, "/reset", {"email": "<b>dana"})
    assert answer.status_code == 422
    assert "is no mail address" in answer.text
    assert 'value="&lt;b&gt;dana"' in answer.text


@pytest.mark.parametrize(("purpose", "lives"), [("reset", timedelta(hours=1)), ("invitation", timedelta(days=7))])
def test_links_run_out(client: FlaskClient, app_database: Database, purpose: str, lives: timedelta) -> None:
    person = add_person(app_database, state="invited" if purpose == "invitation" else "active")
    link = invite(app_database, person)
    assert link.startswith(f"/{purpose}/")
    with clock.at(clock.now() + lives - timedelta(seconds=5)):
        assert client.get(link).status_code == 200
    with clock.at(clock.now() + lives + timedelta(seconds=1)):
        assert client.get(link).status_code == 404
        assert post(client, link, {"password": NEW}).status_code == 404


def test_link_is_for_its_purpose_alone_and_kept_as_a_hash(client: FlaskClient, app_database: Database) -> None:
    link = invite(app_database, add_person(app_database))
    token = link.rpartition("/")[2]
    assert client.get(f"/invitation/{token}").status_code == 404
    assert len(token) >= 43
    with app_database.reading() as session:
        [kept] = session.scalars(select(MailLink.token_hash))
    assert token not in kept


def test_invited_person_chooses_a_password_and_is_in(client: FlaskClient, app_database: Database) -> None:
    person = add_person(app_database, state="invited")
    link = invite(app_database, person)
    assert "Welcome, Dana Ruiz" in client.get(link).text
    refused = post(client, link, {"password": "short"})
    assert refused.status_code == 422
    assert "At least 12 characters" in refused.text
    assert post(client, link, {"password": NEW}).location == "/"
    assert client.get("/people").status_code == 200
    with app_database.reading() as session:
        assert session.get_one(Person, person.id).state == "active"
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    "password", ["qwertyuiop12", "password1234", "dana.ruiz@example.com", "dana.ruiz.1", "fieldhouse-12", "a" * 1025]
)
def test_passwords_that_others_would_guess_are_refused(
    client: FlaskClient, app_database: Database, password: str
) -> None:
    link = invite(app_database, add_person(app_database, state="invited"))
    assert post(client, link, {"password": password}).status_code == 422


@pytest.mark.parametrize("password", ["just small words", "Ünï code with späces", "a b" * 341 + "!"])
def test_any_long_words_make_a_password(client: FlaskClient, app_database: Database, password: str) -> None:
    person = add_person(app_database, state="invited")
    post(client, invite(app_database, person), {"password": password})
    assert is_right(password, kept_hash(app_database, person))


def test_token_of_a_link_stands_in_no_log(
    client: FlaskClient, app_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    link = invite(app_database, add_person(app_database))
    client.get(link)
    client.post(link)
    post(client, link, {"password": "short"})
    written = "".join(capsys.readouterr())
    assert "/reset/…" in written
    assert link.rpartition("/")[2] not in written


def test_disabling_ends_open_links(client: FlaskClient, app_database: Database) -> None:
    person = add_person(app_database)
    link = invite(app_database, person)
    with app_database.writing() as session:
        operations.disable_person(session, None, session.get_one(Person, person.id))
        session.commit()
    assert client.get(link).status_code == 404


def test_password_is_changed_with_the_old_one(
    app: Flask, client: FlaskClient, app_database: Database, settings: Settings
) -> None:
    person = add_person(app_database)
    other = app.test_client()
    sign_in(other, person)
    sign_in(client, person)
    refused = post(client, "/me/password", {"current": "not this one", "password": NEW})
    assert refused.status_code == 422
    assert "this is not it" in refused.text
    assert kept_hash(app_database, person) == person.password_hash
    with client.session_transaction() as kept:
        before = kept["_user_id"]
    assert post(client, "/me/password", {"current": PASSWORD, "password": NEW}).location == "/me"
    assert client.get("/me").status_code == 200, "this browser stays in, with a fresh session"
    with client.session_transaction() as kept:
        assert kept["_user_id"] != before
    assert other.get("/me").status_code == 303
    assert is_right(NEW, kept_hash(app_database, person))
    drain(app)
    assert [subject for _, subject, _ in mails(settings)] == ["Your password for Fieldhouse was changed"]
    with app_database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.act, last.subject, last.actor_id) == ("password set", person.email, person.id)
    assert NEW not in str(last.detail)


def test_guessing_the_old_password_is_counted(client: FlaskClient, app_database: Database) -> None:
    sign_in(client, add_person(app_database))
    for _ in range(10):
        assert post(client, "/me/password", {"current": "wrong", "password": NEW}).status_code == 422
    assert post(client, "/me/password", {"current": PASSWORD, "password": NEW}).status_code == 429


def test_own_sessions_are_listed_and_ended_one_by_one(app: Flask, client: FlaskClient, app_database: Database) -> None:
    person = add_person(app_database)
    phone = app.test_client()
    for browser, agent in (
        (phone, "Mozilla/5.0 (iPhone) Safari/605"),
        (client, "Mozilla/5.0 (X11; Linux) Firefox/150"),
    ):
        browser.environ_base["HTTP_USER_AGENT"] = agent
        post(browser, "/login", {"email": person.email, "password": PASSWORD})
    with count_statements(app_database) as counted:
        page = client.get("/me").text
    assert len(counted) <= 8
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert page.count("this one") == 1
    ids = re.findall(r"/me/sessions/(\d+)/end", page)
    assert len(ids) == 2
    assert post(client, f"/me/sessions/{ids[1]}/end").location == "/me"
    assert phone.get("/me").status_code == 303
    assert client.get("/me").status_code == 200


def test_sessions_of_others_are_out_of_reach(app: Flask, client: FlaskClient, app_database: Database) -> None:
    other = app.test_client()
    sign_in(other, add_person(app_database, "Ana Melo"))
    [number] = re.findall(r"/me/sessions/(\d+)/end", other.get("/me").text)
    sign_in(client, add_person(app_database))
    assert post(client, f"/me/sessions/{number}/end").status_code == 404
    assert other.get("/me").status_code == 200


def test_sign_out_everywhere_ends_every_session(app: Flask, client: FlaskClient, app_database: Database) -> None:
    person, other = add_person(app_database), app.test_client()
    sign_in(other, person)
    sign_in(client, person)
    assert post(client, "/me/sessions/end").location == "/login"
    assert [one.get("/me").status_code for one in (client, other)] == [303, 303]


def test_own_page_is_for_the_signed_in(client: FlaskClient) -> None:
    assert client.get("/me").status_code == 303
    for path in ("/me/password", "/me/sessions/end", "/me/sessions/1/end"):
        assert post(client, path).status_code == 401
