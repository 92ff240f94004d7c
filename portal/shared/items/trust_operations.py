"""Writes of who keeps an item true: owner, verifier and interval, and the word that somebody gives for it."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal import events
from portal.core import clock
from portal.core.access import Actor
from portal.core.bus import publish
from portal.core.errors import Conflict, Invalid, require
from portal.shared.items import trust_policy
from portal.shared.items.models import Item
from portal.shared.items.operations import lock_reachable, lock_visible, note_move
from portal.shared.items.trust_forms import TrustInput
from portal.shared.items.trust_queries import ENTRUSTED, find_keepers, list_read_by_team, list_readable
from portal.shared.people.models import Person, Team


class Reassigned(Conflict):
    """Somebody changed owner, verifier or interval since the form was opened."""

    def __init__(self) -> None:
        super().__init__("Somebody changed this while you had it open. Look at what stands now; nothing was changed.")


def verify_item(session: Session, actor: Actor, item_id: int) -> None:
    """Vouch for an item, for as many days from today as its interval says.

    This alone verifies: neither an edit, whoever makes it, nor another interval does, since both can be done without
    reading the whole. Who edits what they may verify finds the button beside the text.
    """
    item = lock_visible(session, actor, Item, item_id)
    require(trust_policy.may_verify(actor, item, find_keepers(session, item)), "This is for its verifier and managers.")
    if item.status != "published":
        raise Conflict("Only what is published can be verified. Nothing was changed.")
    item.verified_on, item.verified_by_id = clock.today(), actor.person_id
    _count_days(item)
    publish(session, events.ItemVerified(item.id, item.kind, actor.person_id))


def withdraw_verification(
    session: Session, actor: Actor, item: Item, *, on: date | None, by: date | None, by_id: int | None
) -> None:
    """Take a word back that was given for a locked item by mistake: what stood before stands again."""
    item.verified_on, item.verify_by, item.verified_by_id = on, by, by_id
    publish(session, events.VerificationWithdrawn(item.id, item.kind, actor.person_id))


def entrust(session: Session, actor: Actor, item_id: int, given: TrustInput, seen: str) -> Item:
    """Name owner, verifier and interval; Reassigned where others than `seen` stand by now.

    Nobody's word is given by that: `verified_on` stays, and `verify_by` is counted from it anew, so that a shorter
    interval can make an item stale at once. Who is newly named must be here and among the item's readers.
    """
    item = lock_reachable(session, actor, Item, item_id)
    require(trust_policy.may_entrust(actor, item), "Only its owner and managers may say who keeps this true.")
    stands = TrustInput.of(item)
    if seen != stands.seen:
        raise Reassigned
    check_named(session, item, given)
    reassign(session, actor, item, given)
    return item


def reassign(session: Session, actor: Actor, item: Item, given: TrustInput) -> None:
    """Give a locked item other keepers, with a step in its history; the caller has asked whether that may be."""
    stands = TrustInput.of(item)
    if given != stands:
        note = said_of(session, stands, given)
        set_trust(session, actor, item, given)
        note_move(session, actor, item, ENTRUSTED, note=note)


def set_trust(session: Session, actor: Actor, item: Item, given: TrustInput) -> None:
    """Write what was decided on a locked item, and say it; the caller has asked whether it may be."""
    item.owner_id, item.verifier_id, item.verifier_team_id = given.owner_id, given.verifier_id, given.verifier_team_id
    if item.verify_days != given.days:
        item.verify_days = given.days
        _count_days(item)
    publish(session, events.ItemEntrusted(item.id, item.kind, actor.person_id))


def check_named(session: Session, item: Item, given: TrustInput) -> None:
    """Invalid where somebody is newly named who has left, or who may not read the item."""
    errors, stands = {}, TrustInput.of(item)
    for field, label, number, before in (
        ("owner", "Owner", given.owner_id, stands.owner_id),
        ("verifier", "Verifier", given.verifier_id, stands.verifier_id),
    ):
        if number is not None and number != before and (said := unfit(session, number, item.id)):
            errors[field] = f"{label}: {said}"
    team_id = given.verifier_team_id
    if team_id is not None and team_id != stands.verifier_team_id:
        team = session.get(Team, team_id)
        if team is None:
            errors["verifier"] = "Verifier: there is no such team."
        elif not list_read_by_team(session, team, [item.id]):
            errors["verifier"] = f"Verifier: {team.name} may not read this. Open it to that team first."
    if errors:
        raise Invalid(errors)


def unfit(session: Session, person_id: int, item_id: int) -> str:
    """Why somebody cannot keep an item, or nothing."""
    person = session.get(Person, person_id)
    if person is None or person.state == "erased":
        return "there is no such person."
    if not person.is_present:
        return f"{person.name} is disabled and cannot look after anything. Choose somebody who is here."
    if item_id not in list_readable(session, person_id, [item_id]):
        return f"{person.name} may not read this. Choose one of its readers."
    return ""


def said_of(session: Session, before: TrustInput, after: TrustInput) -> str:
    """What differs, in words: `Owner: Dana Ruiz → Priya Anand. Checked every 90 → 30 days.`"""
    said = []
    if before.owner_id != after.owner_id:
        said.append(f"Owner: {_named(session, before.owner_id)} → {_named(session, after.owner_id)}.")
    if replace(before, owner_id=None, days=0) != replace(after, owner_id=None, days=0):
        said.append(f"Verifier: {_verifier(session, before)} → {_verifier(session, after)}.")
    if before.days != after.days:
        said.append(f"Checked every {before.days} → {after.days} days.")
    return " ".join(said)


def _verifier(session: Session, given: TrustInput) -> str:
    team = session.get(Team, given.verifier_team_id) if given.verifier_team_id else None
    return team.name if team else _named(session, given.verifier_id)


def _named(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.shown_name if person else "nobody"


def _count_days(item: Item) -> None:
    """The last day of a verification, in days of the calendar: a change of the clocks makes none longer or shorter."""
    item.verify_by = item.verified_on + timedelta(days=item.verify_days) if item.verified_on else None
