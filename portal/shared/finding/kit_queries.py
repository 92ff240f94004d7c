"""Reads of somebody's own kit: recent and saved searches, starred items, and what was opened lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.finding.models import SavedSearch, SearchMade, Star, View
from portal.shared.items.models import Item
from portal.shared.items.queries import BASES, stands_for, url_of, visible_to

KEPT_KINDS = ("answer", *BASES)
"""Kinds of items that have a page."""
MOST_STARRED, MOST_OPENED, MOST_RECENT, MOST_SAVED = 100, 10, 20, 50


@dataclass(frozen=True, slots=True)
class Kept:
    """An item in the kit; `is_starred`, or else opened lately."""

    item_id: int
    kind: str
    title: str
    slug: str
    is_starred: bool
    at: datetime

    @property
    def url(self) -> str:
        """Its page; an answer's door knows the page on which it stands."""
        return f"/answers/{self.item_id}" if self.kind == "answer" else url_of(self.kind, self.item_id, self.slug)

    @property
    def key(self) -> str:
        """As search documents are called: `objection:40`."""
        return f"{self.kind}:{self.item_id}"


def list_recent(session: Session, actor: Actor, limit: int = MOST_RECENT) -> list[SearchMade]:
    """Own searches of the last two weeks, the newest first, the same words once; one statement."""
    newest = (
        select(func.max(SearchMade.id))
        .where(SearchMade.person_id == actor.person_id, SearchMade.is_counted.is_(False))
        .group_by(func.lower(SearchMade.words))
    )
    rows = session.scalars(
        select(SearchMade).where(SearchMade.id.in_(newest)).order_by(SearchMade.at.desc(), SearchMade.id.desc())
        .limit(2 * limit)
    ).all()  # fmt: skip
    return _without_beginnings(rows)[:limit]


def _without_beginnings(rows: Sequence[SearchMade]) -> list[SearchMade]:
    """Without what is only the beginning of another one in the list, and was no more than typed."""
    texts = [row.words.lower() for row in rows]
    return [
        row
        for row, text in zip(rows, texts, strict=True)
        if row.opened or row.origin == "page" or not any(other != text and other.startswith(text) for other in texts)
    ]


def list_saved(session: Session, actor: Actor) -> Sequence[SavedSearch]:
    """Own saved searches by name."""
    return session.scalars(
        select(SavedSearch)
        .where(SavedSearch.person_id == actor.person_id)
        .order_by(func.lower(SavedSearch.name), SavedSearch.id)
        .limit(MOST_SAVED)
    ).all()


def list_kept(session: Session, actor: Actor, *, starred: int = MOST_STARRED, opened: int = MOST_OPENED) -> list[Kept]:
    """Starred items and those opened lately that this person can see now, each the newest first; one statement."""
    parts = []
    for table, is_starred, most in ((Star, True, starred), (View, False, opened)):
        part = (
            select(Item.id, Item.kind, Item.title, Item.slug, literal(is_starred).label("is_starred"), table.at)
            .join(table, table.item_id == Item.id)
            .where(table.person_id == actor.person_id, Item.kind.in_(KEPT_KINDS))
            .where(visible_to(actor), stands_for(actor))
            .order_by(table.at.desc(), Item.id.desc())
            .limit(most)
            .subquery()
        )
        parts.append(select(part))
    rows = [Kept(*row) for row in session.execute(union_all(*parts))]
    return sorted(rows, key=lambda one: (one.is_starred, one.at, one.item_id), reverse=True)
