"""Doors of signing in and out: the one way in, and the one place that opens sessions."""

import structlog
from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import limits, login
from portal.core.access import Actor, anyone
from portal.core.errors import Problem, TooMany
from portal.core.guard import safe_next
from portal.core.passwords import MOST, hash_password, is_outdated, is_right
from portal.core.sessions import close_session
from portal.core.web import Door, Feature, go, page, say
from portal.features.account.operations import Browser, admit, forget_failures, renew_hash, start_attempt
from portal.features.account.pages import SignInPage
from portal.settings import Settings
from portal.shared.people.models import Person
from portal.shared.people.queries import find_by_email

feature = Feature("account")
log = structlog.get_logger("account")

WRONG = "That mail address and password do not belong together. Look at both, or ask for a new password."


@feature.get("/login", allow=anyone)
def sign_in(door: Door) -> ResponseReturnValue:
    """The way in; who is in already goes on."""
    target = safe_next(door.args.get("next"))
    return go(target) if door.visitor else page("account/sign_in.html", SignInPage({"next": target}))


@feature.post("/login", allow=anyone)
def try_sign_in(door: Door) -> ResponseReturnValue:
    """Known or not, the hasher runs once and the answer is the same; a refused try is counted, and 401."""
    email, browser = door.fields.line("email", "Mail").lower(), browser_of_request()
    password = "".join(door.fields.typed("password")[:1])
    person = find_by_email(door.session, email)
    kept = person.password_hash if person is not None and person.is_active else ""
    if door.service(Settings).limits:
        try:
            door.write(lambda session: start_attempt(session, email, browser))
        except TooMany as problem:
            log.warning("sign_in_throttled", network=browser.network)
            return with_pause(_refused(door, problem.message, 429), problem)
    if is_right(password, kept) and len(password) <= MOST and person is not None:
        _renew_outdated(door, person, password)
        remember = door.fields.flag("remember")
        if start_session(door, person.id, remember=remember, email=email):
            return go(safe_next(door.fields.values.get("next")))
    log.warning("sign_in_refused", network=browser.network, person=person.id if person else None)
    return _refused(door, WRONG, 401)


@feature.post("/logout", allow=anyone)
def sign_out(door: Door) -> ResponseReturnValue:
    """End this session, here and in the database."""
    visitor = door.visitor
    if visitor is not None and visitor.session_id is not None:
        person_id, session_id = visitor.person_id, visitor.session_id
        door.write(lambda session: close_session(session, person_id, session_id))
    login.forget()
    say("You are signed out.")
    return go("/login")


def start_session(door: Door, person_id: int, *, remember: bool = False, email: str = "") -> Actor | None:
    """Open a fresh session for somebody in this browser; the one before ends. None where they may not enter.

    `email` is what was typed to sign in; its count of failures is emptied, and this try was none.
    """
    browser, before = browser_of_request(), door.visitor

    def enter(session: Session) -> tuple[Actor, str] | None:
        if before is not None and before.session_id is not None:
            close_session(session, before.person_id, before.session_id)
        admitted = admit(session, person_id, browser, remember=remember)
        if admitted is not None and email:
            forget_failures(session, email, browser)
        return admitted

    admitted = door.write(enter)
    if admitted is None:
        return None
    login.remember(*admitted, for_long=remember)
    log.info("signed_in", person=person_id)
    return admitted[0]


def browser_of_request() -> Browser:
    """Where this request comes from; behind proxies, the address that they vouch for."""
    return Browser(request.user_agent.string[:200], limits.network(request.remote_addr))


def with_pause(response: Response, problem: Problem) -> Response:
    """Say in a header when a limit opens again, where it was a limit that refused."""
    if isinstance(problem, TooMany):
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _renew_outdated(door: Door, person: Person, password: str) -> None:
    """Hash again, at today's cost, what was hashed at a lower one."""
    old = person.password_hash
    if is_outdated(old):
        fresh = hash_password(password)
        door.write(lambda session: renew_hash(session, person.id, old, fresh))


def _refused(door: Door, message: str, status: int) -> Response:
    typed = door.fields.values
    kept = {name: typed.get(name, "") for name in ("email", "next", "remember")}
    return page("account/sign_in.html", SignInPage(kept, message), status)
