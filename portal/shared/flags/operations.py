"""Writes of flags: report, take back, decide, open again. Flush, never commit."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import add_once
from portal.core.errors import Conflict, Invalid, NotFound, TooMany, require
from portal.shared.flags import policy
from portal.shared.flags.forms import FlagInput
from portal.shared.flags.models import SENTENCE, Flag
from portal.shared.flags.policy import Decision
from portal.shared.flags.queries import count_recent, lock_open_flags
from portal.shared.items.models import Item
from portal.shared.items.operations import lock_visible
from portal.shared.items.queries import find_item
from portal.shared.people.models import Person

A_DAY = 20
"""So many reports of one person stand in a day."""


def flag_item(session: Session, actor: Actor, item_id: int, given: FlagInput, *, limited: bool = True) -> bool:
    """Report that an item is not right; False where the same person's same report is open already."""
    item = lock_visible(session, actor, Item, item_id)
    require(policy.may_flag(item), "This takes no reports: nobody relies on its words.")
    if given.duplicate_of:
        _check_other(session, actor, item, given.duplicate_of)
    is_new = add_once(
        session, Flag, item_id=item.id, reporter_id=actor.person_id, reason=given.reason, sentence=given.sentence,
        duplicate_of_id=given.duplicate_of or None, at=clock.now(), answer="",
    )  # fmt: skip
    if is_new and limited:
        _check_budget(session, actor)
    return is_new


def withdraw_flag(session: Session, actor: Actor, flag_id: int) -> None:
    """Take an own report back while nobody has decided."""
    item_id = session.scalar(select(Flag.item_id).where(Flag.id == flag_id, Flag.reporter_id == actor.person_id))
    if item_id is None:
        raise NotFound
    flag = session.scalars(select(Flag).where(Flag.id == flag_id).with_for_update()).first()
    if flag is None:
        raise NotFound
    if flag.decided_at is not None:
        raise Conflict("It was decided meanwhile. What became of it stands below.")
    session.delete(flag)
    session.flush()


def decide_flags(
    session: Session,
    actor: Actor,
    item: Item,
    decision: Decision,
    *,
    answer: str = "",
    chosen: Sequence[int] | None = None,
) -> list[int]:
    """Answer the open flags of a locked item, all or the chosen; returns their numbers, for `reopen_flags`.

    Flags of a reason that the decision does not answer stay open; Invalid where none is left. What the decision does
    to the item is the caller's.
    """
    require(decision.who.may(actor, item), f"This is for {decision.who.words}.")
    if len(answer) > SENTENCE:
        raise Invalid({"answer": f"Why: at most {SENTENCE} characters, these are {len(answer):,}."})
    if decision.needs == "a reason" and not answer:
        raise Invalid({"answer": "Say why in a sentence: those who reported it read it."})
    flags = [flag for flag in lock_open_flags(session, item.id) if chosen is None or flag.id in chosen]
    answered = [flag for flag in flags if flag.reason in decision.reasons]
    if not answered:
        said = " and ".join(decision.reasons)
        raise Invalid({"answer": f"“{decision.name}” answers reports of {said}; none of these was chosen."})
    for flag in answered:
        flag.decided_at, flag.decided_by_id = clock.now(), actor.person_id
        flag.decision, flag.answer = decision.name, answer
    session.flush()
    return [flag.id for flag in answered]


def reopen_flags(session: Session, flag_ids: Sequence[int]) -> None:
    """Take a decision back of which nobody was told yet; where somebody reported the same anew, that one stands."""
    for flag in session.scalars(select(Flag).where(Flag.id.in_(flag_ids)).order_by(Flag.id).with_for_update()):
        if flag.told_at is not None:
            raise Conflict("Those who reported it know of the decision already. Decide anew on what they say next.")
        again = select(Flag.id).where(
            Flag.item_id == flag.item_id, Flag.reporter_id == flag.reporter_id, Flag.reason == flag.reason,
            Flag.decided_at.is_(None),
        )  # fmt: skip
        if session.scalar(again) is None:
            flag.decided_at, flag.decided_by_id, flag.decision, flag.answer = None, None, None, ""
            session.flush()


def _check_other(session: Session, actor: Actor, item: Item, other_id: int) -> None:
    if other_id == item.id:
        raise Invalid({"other": "The other one: this is the page itself."})
    if find_item(session, actor, other_id) is None:
        raise Invalid({"other": f"The other one: there is no {other_id} that you may read."})


def _check_budget(session: Session, actor: Actor) -> None:
    """Lock the reporter, so that two requests at once cannot both take the last place; then count, the new one too."""
    session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update(key_share=True))
    if count_recent(session, actor.person_id) > A_DAY:
        raise TooMany(f"That is {A_DAY} reports in a day; a manager will be glad to hear the rest in person.", 3600)
