"""Doors of passwords and sessions: forgotten, chosen behind a mailed link, changed, and ended on the own page."""

from collections.abc import Mapping

from flask import Response
from flask.typing import ResponseReturnValue

from portal.core import login
from portal.core.access import anyone, signed_in
from portal.core.errors import Invalid, NotFound, TooMany
from portal.core.passwords import hash_password, is_right
from portal.core.sessions import close_all, close_session, list_sessions
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.account.operations import ask_way_in, change_password, start_change, take_link
from portal.features.account.pages import ChoosePage, ForgottenPage, LinkGonePage, OwnPage, own_session
from portal.features.account.views import browser_of_request, start_session, with_pause
from portal.settings import Settings
from portal.shared.people.forms import read_mail, read_new_password
from portal.shared.people.models import Person
from portal.shared.people.queries import find_mail_link, find_person

feature = Feature("passwords")

LINK = "/<any(invitation, reset):purpose>/<token>"
ON_ITS_WAY = "If {} belongs to somebody here, a mail with a link is on its way."
WRONG = "Present password: this is not it."


@feature.get("/reset", allow=anyone)
def forgotten(door: Door) -> ResponseReturnValue:
    """Ask for a new password by mail."""
    return page("account/forgotten.html", ForgottenPage())


@feature.post("/reset", allow=anyone)
def ask(door: Door) -> ResponseReturnValue:
    """The same answer for everybody; the mail, if any, is written by the worker."""
    fields, browser, is_limited = door.fields, browser_of_request(), door.service(Settings).limits
    email = read_mail(fields)
    try:
        fields.check()
        door.write(lambda session: ask_way_in(session, email, browser, limited=is_limited))
    except (Invalid, TooMany) as problem:
        errors = problem.errors if isinstance(problem, Invalid) else {"": problem.message}
        return with_pause(page("account/forgotten.html", ForgottenPage(fields.values, errors), problem.status), problem)
    say(ON_ITS_WAY.format(email))
    return go("/login")


@feature.get(LINK, allow=anyone)
def choose(door: Door, purpose: str, token: str) -> ResponseReturnValue:
    """Choose a password behind a mailed link; the link is used up by choosing, not by looking."""
    person = _behind_link(door, token, purpose)
    return _choose_page(purpose, person) if person else _link_gone(purpose)


@feature.post(LINK, allow=anyone)
def chosen(door: Door, purpose: str, token: str) -> ResponseReturnValue:
    """An invited person is in at once; after a reset one signs in with the new password."""
    person, base_url = _behind_link(door, token, purpose), door.service(Settings).base_url
    if person is None:
        return _link_gone(purpose)
    try:
        fresh = hash_password(read_new_password(door.fields, person))
        door.write(lambda session: take_link(session, token, purpose, fresh, base_url))
    except Invalid as problem:
        return _choose_page(purpose, person, problem.errors)
    except NotFound:
        return _link_gone(purpose)
    if purpose == "invitation" and start_session(door, person.id):
        say(f"Welcome, {person.name}. Search is the front door: type what a buyer said.")
        return go("/")
    login.forget()
    say("Your new password is kept. Sign in with it.")
    return go("/login")


@feature.get("/me", allow=signed_in)
def own(door: Door) -> ResponseReturnValue:
    """Where one is signed in, and the password."""
    return _own_page(door)


@feature.post("/me/password", allow=signed_in)
def change(door: Door) -> ResponseReturnValue:
    """A new password for the old one; every session ends but this one, which becomes a fresh one."""
    fields, base_url, is_limited = door.fields, door.service(Settings).base_url, door.service(Settings).limits
    person = found(find_person(door.session, door.actor.person_id))
    try:
        fresh_word = read_new_password(fields, person)
        if is_limited:
            door.write(lambda session: start_change(session, person.id))
        if not is_right("".join(fields.typed("current")[:1]), person.password_hash):
            raise Invalid({"current": WRONG})
        fresh = hash_password(fresh_word)
        door.write(lambda session: change_password(session, person.id, fresh, base_url))
    except (Invalid, TooMany) as problem:
        errors = problem.errors if isinstance(problem, Invalid) else {"current": problem.message}
        return with_pause(_own_page(door, errors, problem.status), problem)
    start_session(door, person.id)
    say("Your new password is kept. Every other browser is signed out.")
    return go("/me")


@feature.post("/me/sessions/<int:session_id>/end", allow=signed_in)
def end_one(door: Door, session_id: int) -> ResponseReturnValue:
    """Sign out one of the own browsers."""
    actor = door.actor
    if session_id not in {row.id for row in list_sessions(door.session, actor)}:
        raise NotFound
    door.write(lambda session: close_session(session, actor.person_id, session_id))
    if session_id == actor.session_id:
        login.forget()
    say("That browser is signed out.")
    return go("/me")


@feature.post("/me/sessions/end", allow=signed_in)
def end_all(door: Door) -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    person_id = door.actor.person_id
    door.write(lambda session: close_all(session, person_id))
    login.forget()
    say("You are signed out everywhere.")
    return go("/login")


def _behind_link(door: Door, token: str, purpose: str) -> Person | None:
    link = find_mail_link(door.session, token, purpose)
    return find_person(door.session, link.person_id) if link else None


def _choose_page(purpose: str, person: Person, errors: Mapping[str, str] | None = None) -> Response:
    content = ChoosePage(purpose, person.name, person.email, errors or {})
    return page("account/choose.html", content, 422 if errors else 200)


def _link_gone(purpose: str) -> Response:
    return page("account/link_gone.html", LinkGonePage(purpose), 404)


def _own_page(door: Door, errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    actor = door.actor
    rows = list_sessions(door.session, actor)
    content = OwnPage(tuple(own_session(row, actor.session_id) for row in rows), errors or {})
    return page("account/own.html", content, status)
