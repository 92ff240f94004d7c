"""Reads of votes."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.shared.items.models import Item
from portal.shared.votes.models import Vote


def has_voted(session: Session, actor: Actor, item_id: int) -> bool:
    """Whether this person finds the item useful."""
    return session.get(Vote, (actor.person_id, item_id)) is not None


def count_recent(session: Session, person_id: int, hours: int) -> int:
    """How many votes of the last hours stand; a vote taken back is gone and frees its place."""
    since = clock.now() - timedelta(hours=hours)
    return session.scalar(select(func.count()).where(Vote.person_id == person_id, Vote.at > since)) or 0


def list_drifted(session: Session) -> list[tuple[int, int, int]]:
    """Items whose number is not the count of their rows: (item, shown, counted)."""
    counted = select(func.count()).select_from(Vote).where(Vote.item_id == Item.id).correlate(Item).scalar_subquery()
    rows = session.execute(select(Item.id, Item.votes, counted).where(Item.votes != counted))
    return [(row[0], row[1], row[2]) for row in rows]
