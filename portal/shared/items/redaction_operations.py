"""Taking a passage out of everything that was ever written in an item; the audit log is the caller's."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.shared.items.models import Item, ItemMove, Revision

TAKEN_OUT: Final = "[…]"


def redact_revisions(session: Session, item: Item, passage: str) -> int:
    """Put TAKEN_OUT in the place of a passage, letter for letter, in every revision of a locked item, its reason and
    the notes of its history; returns the number of revisions that held it."""
    changed = 0
    for revision in session.scalars(select(Revision).where(Revision.item_id == item.id)):
        content, reason = without(revision.content, passage), without(revision.reason, passage)
        if content != revision.content or reason != revision.reason:
            revision.content, revision.reason = content, reason
            changed += 1
    for move in session.scalars(select(ItemMove).where(ItemMove.item_id == item.id)):
        move.note = without(move.note, passage)
    session.flush()
    return changed


def without(value: Any, passage: str) -> Any:
    """A text, or a list or record that holds texts, with TAKEN_OUT where the passage stood; it is never longer.

    An entry of a list that was the passage and no more, such as a tag, is left out.
    """
    if isinstance(value, str):
        return value.replace(passage, TAKEN_OUT)
    if isinstance(value, list):
        return [left for one in value if (left := without(one, passage)) != TAKEN_OUT]
    if isinstance(value, dict):
        return {name: without(one, passage) for name, one in value.items()}
    return value


def count_holding(session: Session, item: Item, passage: str) -> tuple[int, int]:
    """In how many of its revisions an item holds a passage, and how many it has."""
    rows = session.execute(select(Revision.content, Revision.reason).where(Revision.item_id == item.id)).all()
    held = [row for row in rows if without(row[0], passage) != row[0] or passage in row[1]]
    return len(held), len(rows)
