"""Makes what tests need through the real operations, so that no impossible state is ever tested."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from portal.cli.context import Context
from portal.core import sessions
from portal.core.access import Actor
from portal.core.db import Database
from portal.core.passwords import hash_password
from portal.features.objections import operations as objections
from portal.features.objections.forms import AnswerInput, AskedInput
from portal.features.objections.models import Answer, Asked
from portal.features.paths import operations as paths
from portal.features.paths.forms import PathInput
from portal.features.paths.models import Path
from portal.features.paths.queries import Step
from portal.features.playbooks import move_operations as moves
from portal.features.playbooks import operations as playbooks
from portal.features.playbooks.forms import PlaybookInput
from portal.features.playbooks.models import Playbook
from portal.settings import Settings
from portal.shared.items.models import Item
from portal.shared.people import operations as people
from portal.shared.people.forms import PersonInput
from portal.shared.people.models import Department, Person, Team
from portal.shared.people.queries import find_author
from portal.shared.tags import operations as tags
from portal.shared.votes import operations as votes
from portal.wiring import LISTENERS

PASSWORD = "seven quiet rivers"


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once: hashing is slow on purpose."""
    return hash_password(PASSWORD)


def add_department(database: Database, name: str = "Sales", line: str = "") -> Department:
    """A department."""
    with database.writing() as session:
        department = people.add_department(session, None, name, line)
        session.commit()
    return department


def add_team(database: Database, name: str, department: Department, manager: Person | None = None) -> Team:
    """A team in a department."""
    with database.writing() as session:
        team = people.add_team(session, None, name, department.id, manager.id if manager else None)
        session.commit()
    return team


def add_person(
    database: Database,
    name: str = "Dana Ruiz",
    role: str = "rep",
    *,
    email: str = "",
    title: str = "",
    department: Department | None = None,
    team: Team | None = None,
    manager: Person | None = None,
    state: str = "active",
) -> Person:
    """A person with PASSWORD; the mail address is made of the name: `dana.ruiz@example.com`."""
    given = PersonInput(
        email=email or f"{'.'.join(name.lower().split())}@example.com",
        name=name,
        role=role,
        title=title,
        department_id=department.id if department else None,
        team_id=team.id if team else None,
        manager_id=manager.id if manager else None,
    )
    with database.writing() as session:
        person = people.add_person(session, None, given)
        if state != "invited":
            people.keep_password(session, None, person, password_hash())
        if state == "disabled":
            people.disable_person(session, None, person)
        session.commit()
    return person


def sign_in(client: FlaskClient, person: Person) -> None:
    """Open a real session for the person in this client, as the door `/login` would."""
    database: Database = client.application.extensions["fieldhouse"][Database]
    with database.writing() as session:
        token = sessions.open_session(session, person.id, remember=False, browser="test", network="127.0.0.0/24")
        session.commit()
    with client.session_transaction() as kept:
        kept.clear()
        kept["_user_id"], kept["_fresh"] = token, True


def csrf_token(client: FlaskClient) -> str:
    """The token that a form of this client's session would carry."""
    with client.session_transaction() as kept:
        raw = kept.setdefault("csrf_token", "0" * 40)
    token = URLSafeTimedSerializer(client.application.secret_key or "", salt="wtf-csrf-token").dumps(raw)
    return token if isinstance(token, str) else token.decode()


def post(client: FlaskClient, url: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
    """Send a form with its token, as a page of the portal would."""
    return client.post(url, data={"csrf_token": csrf_token(client), **(data or {})}, **more)


def actor_of(database: Database, person: Person) -> Actor:
    """The person as operations see them."""
    with database.reading() as session:
        return find_author(session, person.id)


def person_of(database: Database, person_id: int) -> Person:
    """A person by id."""
    with database.reading() as session:
        return session.get_one(Person, person_id)


def add_vocabularies(database: Database) -> None:
    """A few stages and categories."""
    with database.writing() as session:
        for vocabulary, name in (("stage", "Negotiation"), ("category", "Price"), ("category", "Timing")):
            tags.add_term(session, None, vocabulary, name)
        session.commit()


def ask_objection(
    database: Database, person: Person, title: str = "Too expensive", kind: str = "objection", **given: Any
) -> Asked:
    """An objection or question; further fields are those of AskedInput."""
    actor = actor_of(database, person)
    prepared = objections.prepare_asked(AskedInput(title=title, **given))
    with database.writing() as session:
        asked = objections.ask(session, actor, kind, prepared)
        session.commit()
    return asked


def post_answer(database: Database, person: Person, asked: Asked, say: str = "Words to say", **given: Any) -> Answer:
    """An answer; further fields are those of AnswerInput."""
    actor = actor_of(database, person)
    prepared = objections.prepare_answer(AnswerInput(say=say, **given))
    with database.writing() as session:
        answer = objections.post_answer(session, actor, asked.id, prepared)
        session.commit()
    return answer


def write_playbook(
    database: Database, person: Person, title: str = "First visit", text: str = "Bring a meter.", **given: Any
) -> Playbook:
    """A published playbook; further fields are those of PlaybookInput."""
    actor = actor_of(database, person)
    prepared = playbooks.prepare_playbook(PlaybookInput(title=title, text=text, **given))
    with database.writing() as session:
        playbook = playbooks.write_playbook(session, actor, prepared)
        session.commit()
    return playbook


def edit_playbook(database: Database, person: Person, playbook: Playbook, text: str, **given: Any) -> Playbook:
    """The next version of a playbook, whatever version stands."""
    actor = actor_of(database, person)
    prepared = playbooks.prepare_playbook(PlaybookInput(**{"title": playbook.title, "text": text, **given}))
    with database.writing() as session:
        version = session.get_one(Playbook, playbook.id).version
        edited = playbooks.edit_playbook(session, actor, playbook.id, prepared, version)
        session.commit()
    return edited


def write_path(
    database: Database, person: Person, items: Iterable[Item] = (), title: str = "First week", **given: Any
) -> Path:
    """A published path of these items; further fields are those of PathInput."""
    actor = actor_of(database, person)
    steps = tuple(Step(one.id, f"Why {one.title}") for one in items)
    prepared = paths.prepare_path(PathInput(**{"title": title, "steps": steps, **given}))
    with database.writing() as session:
        path = paths.write_path(session, actor, prepared)
        session.commit()
    return path


def draft_playbook(
    database: Database, person: Person, title: str = "Second visit", text: str = "Bring two meters.", **given: Any
) -> Playbook:
    """A playbook that was never published; further fields are those of PlaybookInput."""
    actor = actor_of(database, person)
    prepared = playbooks.prepare_playbook(PlaybookInput(title=title, text=text, **given))
    with database.writing() as session:
        playbook = playbooks.draft_playbook(session, actor, prepared)
        session.commit()
    return playbook


def draft_edit(database: Database, person: Person, playbook: Playbook, text: str, **given: Any) -> Playbook:
    """The next text of a playbook as a draft, whatever version is the newest."""
    actor = actor_of(database, person)
    prepared = playbooks.prepare_playbook(PlaybookInput(**{"title": playbook.title, "text": text, **given}))
    with database.writing() as session:
        version = session.get_one(Playbook, playbook.id).version
        drafted = playbooks.draft_edit(session, actor, playbook.id, prepared, version)
        session.commit()
    return drafted


def send_for_review(database: Database, person: Person, playbook: Playbook) -> Playbook:
    """The text that waits, sent for review."""
    actor = actor_of(database, person)
    with database.writing() as session:
        version = session.get_one(Playbook, playbook.id).version
        sent = moves.send_for_review(session, actor, playbook.id, version)
        session.commit()
    return sent


def vote(database: Database, person: Person, item: Item) -> None:
    """The person finds the item useful."""
    actor = actor_of(database, person)
    with database.writing() as session:
        session.info["listeners"] = LISTENERS
        votes.cast_vote(session, actor, item.id)
        session.commit()


def choose(database: Database, person: Person, asked: Asked, answer: Answer) -> None:
    """The asker's choice, or its end."""
    actor = actor_of(database, person)
    with database.writing() as session:
        objections.choose_answer(session, actor, asked.id, answer.id)
        session.commit()


def drain(app: Flask) -> int:
    """Do every job that is due, as the worker would; returns the number of batches."""
    services = app.extensions["fieldhouse"]
    return Context(services[Settings], services).worker.drain()
