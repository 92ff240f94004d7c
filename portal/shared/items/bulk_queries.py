"""Reads of bulk acts: one with what it changed, the latest, and items that are locked to be changed together."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from portal.core import clock
from portal.shared.items.bulk_models import BulkAct
from portal.shared.items.models import Item

LATEST = 10
UNDO_DAYS: Final = 30
"""So long can an act be undone."""


def find_act(session: Session, act_id: int, kind: str) -> BulkAct | None:
    """One act of a kind, with who did it and who undid it."""
    return session.scalars(
        select(BulkAct)
        .where(BulkAct.id == act_id, BulkAct.kind == kind)
        .options(joinedload(BulkAct.actor), joinedload(BulkAct.undone_by))
    ).first()


def list_acts(session: Session, kind: str, *, person_id: int | None = None) -> Sequence[BulkAct]:
    """The latest acts of a kind, the newest first, with who did them; of one leaver's things alone if asked for."""
    wanted = select(BulkAct).where(BulkAct.kind == kind).options(joinedload(BulkAct.actor))
    if person_id is not None:
        wanted = wanted.where(BulkAct.person_id == person_id)
    return session.scalars(wanted.order_by(BulkAct.id.desc()).limit(LATEST)).all()


def titles_of(session: Session, act: BulkAct, condition: ColumnElement[bool]) -> dict[int, str]:
    """The titles of what an act left as it stood, as far as the condition lets them be read."""
    ids = sorted({int(number) for number, _ in (*act.left_out, *act.not_undone)})
    return {row[0]: row[1] for row in session.execute(select(Item.id, Item.title).where(Item.id.in_(ids), condition))}


def lock_items(session: Session, ids: Iterable[int], *conditions: ColumnElement[bool]) -> Sequence[Item]:
    """These items in the order of their ids, locked until the end of the unit, as they stand now."""
    wanted: Any = select(Item).where(Item.id.in_(sorted(set(ids))), *conditions).order_by(Item.id)
    locked: Sequence[Item] = session.scalars(
        wanted.with_for_update(of=Item, key_share=True).execution_options(populate_existing=True)
    ).all()
    return locked


def days_left(act: BulkAct) -> int:
    """For how many more days an act can be undone; 0 where it cannot any more."""
    if act.undone_at is not None:
        return 0
    return max(0, UNDO_DAYS - (clock.now() - act.at).days)
