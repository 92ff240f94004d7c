"""Writes of the own account: trying to sign in, being let in, asking for a way back, choosing a password."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.core import limits, sessions
from portal.core.access import Actor
from portal.core.errors import NotFound
from portal.core.ids import hash_token
from portal.core.jobs import enqueue
from portal.core.letters import send_letter
from portal.core.limits import Limit
from portal.shared.people.models import Person
from portal.shared.people.operations import LINK_OF, keep_password, mail_link, use_mail_link
from portal.shared.people.queries import find_actor, find_by_email, find_mail_link

FIVE_MINUTES, HOUR, DAY = 300, 3600, 86_400
SIGN_IN_EACH, SIGN_IN_ALL = Limit(10, FIVE_MINUTES), Limit(1000, FIVE_MINUTES)
RESET_ACCOUNT, RESET_NETWORK, RESET_ALL = Limit(5, DAY), Limit(10, HOUR), Limit(200, HOUR)
TOO_MANY_FAILURES = "There were too many tries that failed. Wait a few minutes, or ask for a new password."
TOO_MANY_RESETS = "That was asked for often already. Look for the mail that came before, or try again later."


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request comes from: what the browser calls itself, and its network (/24 or /64)."""

    name: str
    network: str


def start_attempt(session: Session, email: str, browser: Browser) -> None:
    """Count a try to sign in before the password is looked at, so that many at once cannot pass the limit.

    TooMany at 10 failures in 5 minutes for the account or the network, or 1000 in all. `forget_failures` takes it back.
    """
    account, network, everybody = buckets = _sign_in_buckets(email, browser)
    wanted = ((account, SIGN_IN_EACH), (network, SIGN_IN_EACH), (everybody, SIGN_IN_ALL))
    limits.check(session, wanted, TOO_MANY_FAILURES)
    limits.count_attempt(session, buckets)


def admit(session: Session, person_id: int, browser: Browser, *, remember: bool) -> tuple[Actor, str] | None:
    """Open a fresh session: who it is for, and its token. None for somebody who is not active (any more)."""
    actor = find_actor(session, person_id)
    if actor is None:
        return None
    token = sessions.open_session(session, person_id, remember=remember, browser=browser.name, network=browser.network)
    return actor, token


def forget_failures(session: Session, email: str, browser: Browser) -> None:
    """Empty the account's count after a good sign-in; of what others share only this try is taken back.

    Else one good sign-in now and then would let somebody guess at everybody else's passwords without end.
    """
    account, *shared = _sign_in_buckets(email, browser)
    limits.forget(session, [account])
    limits.take_back(session, shared)


def ask_way_in(session: Session, email: str, browser: Browser, *, limited: bool = True) -> None:
    """Somebody asks for a new password. Known or not, the same rows are read and written; the mail is the worker's.

    TooMany at 5 a day for the address, 10 an hour for the network, 200 an hour in all.
    """
    buckets = [
        (f"reset:mail:{hash_token(email)}", RESET_ACCOUNT),
        (f"reset:net:{browser.network}", RESET_NETWORK),
        ("reset", RESET_ALL),
    ]
    if limited:
        limits.check(session, buckets, TOO_MANY_RESETS)
        limits.count_attempt(session, [bucket for bucket, _ in buckets])
    person = find_by_email(session, email)
    enqueue(session, "way_in", person.id if person else 0)


def send_way_in(session: Session, keys: Sequence[str], base_url: str) -> None:
    """The job behind `ask_way_in`: a reset link for the active, the invitation again for the invited; 0 is nobody."""
    for key in keys:
        person = session.get(Person, int(key))
        if person is not None and person.state in LINK_OF:
            mail_link(session, person.id, person, base_url)


def take_link(session: Session, token: str, purpose: str, password_hash: str, base_url: str) -> Person:
    """Use a link once to choose a password; NotFound where it was used or ran out a moment before."""
    link = find_mail_link(session, token, purpose)
    person = session.get(Person, link.person_id) if link else None
    if link is None or person is None or person.state == "disabled" or not use_mail_link(session, link):
        raise NotFound
    keep_password(session, person.id, person, password_hash)
    if purpose == "reset":
        send_letter(session, person.email, person.name, "password_changed", base_url=base_url)
    return person


def start_change(session: Session, person_id: int) -> None:
    """Count a try to change the own password, as `start_attempt` does; a good one empties the count."""
    bucket = f"password:{person_id}"
    limits.check(session, [(bucket, SIGN_IN_EACH)], TOO_MANY_FAILURES)
    limits.count_attempt(session, [bucket])


def renew_hash(session: Session, person_id: int, old: str, fresh: str) -> None:
    """Put the same password's hash at today's cost in the place of an older one, if nobody changed it meanwhile."""
    session.execute(
        update(Person).where(Person.id == person_id, Person.password_hash == old).values(password_hash=fresh)
    )


def change_password(session: Session, person_id: int, password_hash: str, base_url: str) -> None:
    """Keep the person's new password, end every session, and say so by mail; the door has checked the old one."""
    person = session.get_one(Person, person_id)
    keep_password(session, person_id, person, password_hash)
    limits.forget(session, [f"password:{person_id}"])
    send_letter(session, person.email, person.name, "password_changed", base_url=base_url)


def _sign_in_buckets(email: str, browser: Browser) -> tuple[str, str, str]:
    """Of the account, of the network, and of all; addresses are kept as hashes: a mistyped one is nobody's business."""
    return f"login:mail:{hash_token(email)}", f"login:net:{browser.network}", "login"
