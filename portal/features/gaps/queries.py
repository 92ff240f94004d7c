"""Reads of what gaps became."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.items.models import Item
from portal.shared.items.queries import BASES, reachable_to, url_of


def list_became(session: Session, actor: Actor, item_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Addresses and titles of the questions and drafts among these items that this person reaches; one statement."""
    wanted = sorted(set(item_ids))
    if not wanted:
        return {}
    rows = session.execute(
        select(Item.id, Item.kind, Item.slug, Item.title).where(Item.id.in_(wanted), reachable_to(actor))
    )
    return {row.id: (url_of(row.kind, row.id, row.slug), row.title) for row in rows if row.kind in BASES}
