"""Taking an act of the queue back, for a while, and only while nothing came after it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.errors import Conflict, NotFound
from portal.shared.finding.gap_operations import reopen_gap
from portal.shared.flags.operations import reopen_flags
from portal.shared.items.models import Item
from portal.shared.items.operations import lock_item, restore_item
from portal.shared.items.trust_forms import TrustInput
from portal.shared.items.trust_operations import reassign, withdraw_verification
from portal.shared.review.models import ReviewAct
from portal.shared.review.operations import Sources, snapshot

UNDO: Final = timedelta(minutes=10)
"""So long can an act be taken back; nobody else is told of it before."""
_VERIFICATION: Final = ("verified_on", "verify_by", "verified_by_id")


def undo_act(session: Session, actor: Actor, act_id: int, sources: Sources) -> ReviewAct:
    """Take an own act back: what it changed stands as before, and the flags that it answered are open again."""
    own = select(ReviewAct).where(ReviewAct.id == act_id, ReviewAct.person_id == actor.person_id)
    act = session.scalars(own.with_for_update()).first()
    if act is None:
        raise NotFound
    if act.undone_at is not None:
        raise Conflict("It is taken back already.")
    if act.at <= clock.now() - UNDO:
        raise Conflict(f"It stands for more than {UNDO.seconds // 60} minutes, and those whom it concerns are told.")
    act.undone_at = clock.now()
    if act.gap_id is not None:
        reopen_gap(session, actor, act.gap_id)
    elif act.item_id is not None:
        _restore(session, actor, lock_item(session, act.item_id), act, sources)
    session.flush()
    return act


def _restore(session: Session, actor: Actor, item: Item, act: ReviewAct, sources: Sources) -> None:
    if snapshot(item) != act.after:
        raise Conflict("Somebody has acted on it since. It stays as it is now.")
    source, before = sources[item.kind], act.before
    if act.verb == "obsolete" and source.revive:
        source.revive(session, actor, item.id)
    elif act.verb == "hidden":
        restore_item(session, actor, item.id)
    elif act.verb == "removed" and source.restore:
        source.restore(session, actor, item.id)
    if any(before[name] != act.after[name] for name in _VERIFICATION):
        _withdraw(session, actor, item, before)
    keepers = {name: before[name] for name in ("verifier_id", "verifier_team_id")}
    reassign(session, actor, item, replace(TrustInput.of(item), **keepers))
    reopen_flags(session, before["flags"])


def _withdraw(session: Session, actor: Actor, item: Item, before: Mapping[str, Any]) -> None:
    on, by = before["verified_on"], before["verify_by"]
    withdraw_verification(
        session, actor, item, on=date.fromisoformat(on) if on else None, by=date.fromisoformat(by) if by else None,
        by_id=before["verified_by_id"],
    )  # fmt: skip
