"""Moves of a whole page: obsolete with a successor or a reason, archived, brought back, in the bin, and out of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import events
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.bus import publish
from portal.core.errors import Invalid, NotFound
from portal.features.playbooks.forms import ObsoleteInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.move_operations import check_move
from portal.features.playbooks.policy import Life
from portal.features.playbooks.queries import find_waiting
from portal.shared.items.models import BinEntry, Item
from portal.shared.items.operations import hide_item, lock_item, lock_reachable, note_move, restore_item
from portal.shared.items.queries import addressed_to

BIN_DAYS: Final = 30
EMPTYING: Final = "empty_bin"
"""The job that deletes what has lain in the bin for BIN_DAYS."""


def make_obsolete(session: Session, actor: Actor, playbook_id: int, given: ObsoleteInput) -> Playbook:
    """Say that a page holds no more: it leads to its successor from now on, or says why it has none."""
    if not (given.successor_id or given.reason):
        raise Invalid({"successor": "Name the playbook that replaces this one, or say below why it is obsolete."})
    playbook = _begin(session, actor, playbook_id, "make_obsolete")
    successor = _lock_successor(session, actor, playbook, given.successor_id) if given.successor_id else None
    playbook.status, playbook.obsolete_reason = "obsolete", given.reason
    playbook.successor_id = successor.id if successor else None
    words = [f"Replaced by [[{successor.id}]]." if successor else "", given.reason]
    note_move(session, actor, playbook, "make_obsolete", note=" ".join(filter(None, words))[:500])
    publish(session, events.ItemRetired(playbook.id, playbook.kind, actor.person_id))
    return playbook


def archive(session: Session, actor: Actor, playbook_id: int) -> Playbook:
    """Take a page out of lists and search; its author, its owner and managers still read it."""
    playbook = _begin(session, actor, playbook_id, "archive")
    archive_locked(session, actor, playbook)
    return playbook


def archive_locked(session: Session, actor: Actor, playbook: Playbook) -> None:
    """The same for a locked page; the caller has asked whether the move is allowed."""
    playbook.status = "archived"
    note_move(session, actor, playbook, "archive")
    publish(session, events.ItemRetired(playbook.id, playbook.kind, actor.person_id))


def bring_back(session: Session, actor: Actor, playbook_id: int) -> Playbook:
    """Publish an obsolete or archived page again; it leads nowhere else any more."""
    playbook = _begin(session, actor, playbook_id, "bring_back")
    playbook.status, playbook.successor_id, playbook.obsolete_reason = "published", None, ""
    note_move(session, actor, playbook, "bring_back")
    publish(session, events.ItemRevived(playbook.id, playbook.kind, actor.person_id))
    return playbook


def put_in_bin(session: Session, actor: Actor, playbook_id: int) -> Playbook:
    """Take a page from view for good, unless somebody takes it out of the bin within BIN_DAYS."""
    playbook = _begin(session, actor, playbook_id, "bin")
    hide_item(session, actor, playbook.id)
    session.add(BinEntry(item_id=playbook.id, by_id=actor.person_id, at=clock.now()))
    note_move(session, actor, playbook, "bin")
    return playbook


def restore(session: Session, actor: Actor, playbook_id: int) -> Playbook:
    """Take a page out of the bin, as it was; NotFound where it is not there, or for others."""
    lock_item(session, playbook_id)
    playbook = session.scalars(
        select(Playbook)
        .join(BinEntry, BinEntry.item_id == Playbook.id)
        .where(Playbook.id == playbook_id, addressed_to(actor))
    ).first()
    if playbook is None:
        raise NotFound
    check_move(actor, Life(playbook, is_binned=True), "restore")
    session.execute(delete(BinEntry).where(BinEntry.item_id == playbook.id))
    restore_item(session, actor, playbook.id)
    note_move(session, actor, playbook, "restore")
    return playbook


def empty_bin(session: Session, keys: Sequence[str] = ()) -> None:
    """The job: delete what has lain in the bin for BIN_DAYS, with its texts, votes and history; `keys` say nothing.

    A page that led to a deleted one says so from then on. Each deletion stands in the audit log.
    """
    before = clock.now() - timedelta(days=BIN_DAYS)
    due = select(Playbook).join(BinEntry, BinEntry.item_id == Playbook.id).where(BinEntry.at <= before)
    gone = session.scalars(due.order_by(Playbook.id).with_for_update(of=BinEntry)).all()
    ids = [one.id for one in gone]
    for follower in session.scalars(select(Playbook).where(Playbook.successor_id.in_(ids)).order_by(Playbook.id)):
        follower.obsolete_reason = follower.obsolete_reason or "Its successor was deleted."
    for one in gone:
        audit.record(session, None, "deleted from the bin", f"playbook {one.id}: {one.title}")
    session.flush()
    session.execute(delete(Item).where(Item.id.in_(ids)).execution_options(synchronize_session=False))


def _begin(session: Session, actor: Actor, playbook_id: int, verb: str) -> Playbook:
    playbook = lock_reachable(session, actor, Playbook, playbook_id)
    check_move(actor, Life(playbook, find_waiting(session, playbook)), verb)
    return playbook


def _lock_successor(session: Session, actor: Actor, playbook: Playbook, successor_id: int) -> Playbook:
    """The page that replaces this one. The whole chain is locked, so that two who close a circle from both ends
    cannot both come through."""
    if successor_id == playbook.id:
        raise Invalid({"successor": "Replaced by: a playbook cannot replace itself."})
    try:
        successor = lock_reachable(session, actor, Playbook, successor_id)
    except NotFound:
        raise Invalid({"successor": f"Replaced by: there is no playbook {successor_id} that you may read."}) from None
    if successor.status not in ("published", "obsolete"):
        raise Invalid({"successor": f"Replaced by: “{successor.title}” is not published, so readers would not see it."})
    seen = {successor.id}
    following = _successor_of(session, successor.id)
    while following is not None and following not in seen:
        if following == playbook.id:
            raise Invalid({"successor": f"Replaced by: “{successor.title}” leads back to this page, which would make a "
                                        "circle. Choose the page that holds today."})  # fmt: skip
        seen.add(following)
        lock_item(session, following)
        following = _successor_of(session, following)
    return successor


def _successor_of(session: Session, playbook_id: int) -> int | None:
    """Asked anew after the lock: PostgreSQL gives whoever waited the locked parent row as it is now, and the row of
    the playbook beside it as it was."""
    page, item = Playbook.__table__, Item.__table__
    return session.scalar(
        select(page.c.successor_id)
        .join(item, item.c.id == page.c.id)
        .where(page.c.id == playbook_id, item.c.status == "obsolete")
    )
