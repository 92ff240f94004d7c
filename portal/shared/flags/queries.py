"""Reads of flags: the open ones of an item for those who decide, and what became of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.core import clock
from portal.core.access import Actor
from portal.shared.flags.models import Flag
from portal.shared.items.models import Item
from portal.shared.items.queries import visible_to

MOST_OWN = 100


@dataclass(frozen=True, slots=True)
class FlagFound:
    """A flag, and what it is a duplicate of: number, kind, slug and title, where this person may see that."""

    flag: Flag
    other: tuple[int, str, str, str] | None


def list_open_flags(session: Session, actor: Actor, item_id: int) -> list[FlagFound]:
    """The open flags of an item, the oldest first, with their reporters; the caller has asked `visible_to` for the
    item. One statement."""
    named = select(Flag.duplicate_of_id).where(Flag.item_id == item_id, Flag.decided_at.is_(None))
    other = (
        select(Item.id, Item.kind, Item.slug, Item.title).where(Item.id.in_(named), visible_to(actor)).subquery("other")
    )
    rows = session.execute(
        select(Flag, other.c.id, other.c.kind, other.c.slug, other.c.title)
        .outerjoin(other, other.c.id == Flag.duplicate_of_id)
        .where(Flag.item_id == item_id, Flag.decided_at.is_(None))
        .options(joinedload(Flag.reporter))
        .order_by(Flag.at, Flag.id)
    )
    return [FlagFound(row[0], (row[1], row[2], row[3], row[4]) if row[1] else None) for row in rows]


def list_own_flags(session: Session, actor: Actor) -> list[tuple[Flag, str]]:
    """What this person reported, the newest first, with who decided and with the item's key: `answer:43`.

    The item may be out of view by now: whoever shows it asks again. One statement.
    """
    rows = session.execute(
        select(Flag, Item.kind)
        .join(Item, Item.id == Flag.item_id)
        .where(Flag.reporter_id == actor.person_id)
        .options(joinedload(Flag.decided_by))
        .order_by(Flag.at.desc(), Flag.id.desc())
        .limit(MOST_OWN)
    )
    return [(flag, f"{kind}:{flag.item_id}") for flag, kind in rows]


def count_recent(session: Session, person_id: int) -> int:
    """How many reports of the last day stand; one that was taken back frees its place."""
    since = clock.now() - timedelta(days=1)
    return session.scalar(select(func.count()).where(Flag.reporter_id == person_id, Flag.at > since)) or 0


def lock_open_flags(session: Session, item_id: int) -> Sequence[Flag]:
    """The open flags of an item whose row the caller has locked, the oldest first."""
    open_ = select(Flag).where(Flag.item_id == item_id, Flag.decided_at.is_(None)).order_by(Flag.id)
    return session.scalars(open_.with_for_update().execution_options(populate_existing=True)).all()
