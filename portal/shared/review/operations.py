"""Writes of the queue: verify, decide on flags, make obsolete, delegate, decline. Flush and publish, never commit.

Every act locks the item and is refused where it is not any more what the person has looked at, so that of two people
on one queue one acts, and the other is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.errors import Conflict, Invalid, NotFound, require
from portal.shared.finding.gap_operations import decline_gap
from portal.shared.finding.models import SearchTotal
from portal.shared.flags.models import Flag
from portal.shared.flags.operations import decide_flags
from portal.shared.flags.policy import DECIDED, may_tend
from portal.shared.flags.queries import lock_open_flags
from portal.shared.items.models import Item
from portal.shared.items.operations import hide_item, lock_visible
from portal.shared.items.queries import visible_to
from portal.shared.items.trust_forms import TrustInput
from portal.shared.items.trust_operations import reassign, verify_item
from portal.shared.items.trust_policy import Keepers, may_verify
from portal.shared.items.trust_queries import find_keepers
from portal.shared.people.models import Person
from portal.shared.people.queries import find_actor
from portal.shared.review.cards import CardSource
from portal.shared.review.models import ReviewAct
from portal.shared.review.queries import seen_of

Sources = Mapping[str, CardSource]
PAST = {
    "verified": "verified it",
    "fixed": "said that it is fixed",
    "kept": "kept it as it is",
    "obsolete": "made it obsolete",
    "hidden": "took it from view",
    "removed": "put it in the bin",
    "delegated": "gave it to somebody",
    "declined": "said that it is not for us",
}
NOT_YOURS = "Only its owner, its verifier and managers look after this."


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with an act: the state that was looked at, the words for the reporters, and which flags it answers."""

    seen: str
    answer: str = ""
    chosen: Sequence[int] | None = None


def keep_item(session: Session, actor: Actor, item_id: int, given: Given, sources: Sources) -> ReviewAct:
    """It is right as it stands: verify it for its next interval, and answer open flags with the reason."""
    item, flags = _begin(session, actor, item_id, given)
    verb, before = "kept" if flags else "verified", snapshot(item)
    closed = decide_flags(
        session, actor, item, DECIDED["kept"], answer=given.answer, chosen=given.chosen
    ) if flags else []  # fmt: skip
    if not flags or may_vouch(actor, item, find_keepers(session, item), sources):
        verify_item(session, actor, item.id)
    return _note(session, actor, item, verb, before, closed=closed)


def fix_item(session: Session, actor: Actor, item_id: int, given: Given, sources: Sources) -> ReviewAct:
    """Its words were put right: that answers the flags, and is a word for it by whoever may give one."""
    item, _ = _begin(session, actor, item_id, given)
    before = snapshot(item)
    closed = decide_flags(session, actor, item, DECIDED["fixed"], answer=given.answer, chosen=given.chosen)
    if may_vouch(actor, item, find_keepers(session, item), sources):
        verify_item(session, actor, item.id)
    return _note(session, actor, item, "fixed", before, closed=closed)


def take_from_view(session: Session, actor: Actor, item_id: int, given: Given, sources: Sources) -> ReviewAct:
    """Hide what was reported."""
    item, _ = _begin(session, actor, item_id, given)
    before = snapshot(item)
    closed = decide_flags(session, actor, item, DECIDED["hidden"], answer=given.answer)
    hide_item(session, actor, item.id)
    _record(session, actor, item, "hidden after a report", given.answer)
    return _note(session, actor, item, "hidden", before, closed=closed)


def remove_item(session: Session, actor: Actor, item_id: int, given: Given, sources: Sources) -> ReviewAct:
    """Put what was reported in the bin, where its kind has one."""
    item, _ = _begin(session, actor, item_id, given)
    remove = sources[item.kind].remove
    if remove is None:
        raise NotFound
    before = snapshot(item)
    closed = decide_flags(session, actor, item, DECIDED["removed"], answer=given.answer)
    remove(session, actor, item.id)
    _record(session, actor, item, "removed after a report", given.answer)
    return _note(session, actor, item, "removed", before, closed=closed)


DECIDING: Mapping[str, Callable[[Session, Actor, int, Given, Sources], ReviewAct]] = {
    "fixed": fix_item,
    "kept": keep_item,
    "hidden": take_from_view,
    "removed": remove_item,
}
"""What each decision of the table does; `obsolete` needs a successor or a reason, see `retire_item`."""


def retire_item(
    session: Session, actor: Actor, item_id: int, given: Given, sources: Sources, *, successor_id: int
) -> ReviewAct:
    """Make it obsolete, which answers every flag but that it is sensitive: it can still be read."""
    item, flags = _begin(session, actor, item_id, given)
    retire = sources[item.kind].retire
    if retire is None:
        raise NotFound
    before, answered = snapshot(item), [flag for flag in flags if flag.reason in DECIDED["obsolete"].reasons]
    retire(session, actor, item.id, successor_id, given.answer)
    closed = decide_flags(session, actor, item, DECIDED["obsolete"], answer=given.answer) if answered else []
    return _note(session, actor, item, "obsolete", before, closed=closed)


def delegate_item(session: Session, actor: Actor, item_id: int, given: Given, *, person_id: int) -> ReviewAct:
    """Make somebody its verifier, who hears of it; it leaves the own queue."""
    item, _ = _begin(session, actor, item_id, given)
    receiver = find_actor(session, person_id)
    if receiver is None:
        raise Invalid({"person": "To whom: this person does not work here any more."})
    if session.scalar(select(Item.id).where(Item.id == item.id, visible_to(receiver))) is None:
        raise Invalid({"person": f"To whom: {receiver.name} may not read this."})
    before = snapshot(item)
    reassign(session, actor, item, replace(TrustInput.of(item), verifier_id=receiver.person_id, verifier_team_id=None))
    return _note(session, actor, item, "delegated", before)


def decline_search(session: Session, actor: Actor, gap_id: int, reason: str) -> ReviewAct:
    """What was searched in vain is not for us."""
    total = session.scalars(select(SearchTotal).where(SearchTotal.id == gap_id).with_for_update()).first()
    if total is not None and total.declined_at is not None:
        raise Conflict("Somebody was quicker and said that it is not for us. Nothing was changed.")
    total = decline_gap(session, actor, gap_id, reason)
    act = ReviewAct(
        person_id=actor.person_id, gap_id=total.id, verb="declined", title=total.words, at=clock.now(), before={},
        after={},
    )  # fmt: skip
    session.add(act)
    session.flush()
    return act


def may_vouch(actor: Actor, item: Item, keepers: Keepers, sources: Sources) -> bool:
    """Whether this person's word counts for the item, and its kind is vouched for at all."""
    source = sources.get(item.kind)
    is_open = source is not None and source.verified and item.status == "published"
    return is_open and may_verify(actor, item, keepers)


def snapshot(item: Item) -> dict[str, Any]:
    """What acts of the queue change, as JSON."""
    return {
        "verified_on": item.verified_on.isoformat() if item.verified_on else None,
        "verify_by": item.verify_by.isoformat() if item.verify_by else None,
        "verified_by_id": item.verified_by_id,
        "verifier_id": item.verifier_id,
        "verifier_team_id": item.verifier_team_id,
        "status": item.status,
        "is_hidden": item.hidden_at is not None,
    }


def _begin(session: Session, actor: Actor, item_id: int, given: Given) -> tuple[Item, Sequence[Flag]]:
    item = lock_visible(session, actor, Item, item_id)
    require(may_tend(actor, item), NOT_YOURS)
    flags = lock_open_flags(session, item.id)
    if given.seen != seen_of(item, [flag.id for flag in flags]):
        raise Conflict(_who_was_quicker(session, actor, item))
    return item, flags


def _who_was_quicker(session: Session, actor: Actor, item: Item) -> str:
    """Who acted on it last, where that is today's news; else that it has changed."""
    last = session.execute(
        select(ReviewAct, Person)
        .join(Person, Person.id == ReviewAct.person_id)
        .where(ReviewAct.item_id == item.id, ReviewAct.undone_at.is_(None))
        .where(ReviewAct.at >= clock.start_of(clock.today()))
        .order_by(ReviewAct.id.desc())
        .limit(1)
    ).first()
    if last is None or item.hidden_at is not None:
        return "It has changed since you looked at it. Nothing was done; this is how it stands now."
    who = "You have" if last[0].person_id == actor.person_id else f"{last[1].shown_name} was quicker and"
    return f"{who} {'already ' if who == 'You have' else ''}{PAST[last[0].verb]}. Nothing was changed."


def _record(session: Session, actor: Actor, item: Item, act: str, reason: str) -> None:
    audit.record(session, actor.person_id, act, f"{item.kind} {item.id}", {"reason": reason} if reason else {})


def _note(
    session: Session, actor: Actor, item: Item, verb: str, before: dict[str, Any], *, closed: Sequence[int] = ()
) -> ReviewAct:
    """Keep the act with what it changed, so that it can be taken back."""
    session.flush()
    act = ReviewAct(
        person_id=actor.person_id, item_id=item.id, verb=verb, title=item.title, at=clock.now(),
        before={**before, "flags": list(closed)}, after=snapshot(item),
    )  # fmt: skip
    session.add(act)
    session.flush()
    return act
