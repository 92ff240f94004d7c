"""Reads of items: what somebody may see, and batched look-ups of titles and addresses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from portal.core.access import Actor
from portal.core.ids import MOST_ID, address
from portal.shared.items.models import Item, ItemAudience, Revision

OPEN_STATUSES = ("published", "obsolete")
BASES: Mapping[str, str] = {
    "playbook": "/playbooks",
    "objection": "/objections",
    "question": "/questions",
    "competitor": "/competitors",
    "path": "/paths",
}


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition that every list, search, feed, count, suggestion and export begins with.

    Not hidden; published or obsolete, or one's own; and for an audience that the person is in.
    """
    return _visible(actor.person_id, sorted(actor.audiences))


def seen_by(actor: Actor) -> dict[str, Any]:
    """The parameters of VISIBLE for this person."""
    return {"viewer_id": actor.person_id, "viewer_audiences": sorted(actor.audiences)}


def _visible(person_id: Any, audiences: Any) -> ColumnElement[bool]:
    may_read = exists().where(ItemAudience.item_id == Item.id, ItemAudience.audience.in_(audiences))
    own = or_(Item.author_id == person_id, Item.owner_id == person_id)
    return and_(Item.hidden_at.is_(None), or_(Item.status.in_(OPEN_STATUSES), own), may_read)


VISIBLE = _visible(bindparam("viewer_id"), bindparam("viewer_audiences", expanding=True))
"""`visible_to` for statements that are built once, run with `seen_by(actor)`: building costs more than running."""


_ITEM = select(Item).where(Item.id == bindparam("item_id"), VISIBLE).options(joinedload(Item.author))


def url_of(kind: str, item_id: int, slug: str) -> str:
    """The address of an item that has a page of its own."""
    return f"{BASES[kind]}/{address(item_id, slug)}"


def find_item(session: Session, actor: Actor, item_id: int) -> Item | None:
    """One visible item, parent columns and author."""
    return session.scalars(_ITEM, {"item_id": item_id, **seen_by(actor)}).first()


_LINKS = select(Item.id, Item.kind, Item.slug, Item.title).where(Item.id.in_(bindparam("ids", expanding=True)), VISIBLE)


def find_links(session: Session, actor: Actor, item_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Addresses and titles of the visible ones among these items: `{12: ("/playbooks/12-…", "Pricing")}`.

    One statement, none for no ids. An answer has no page of its own and is left out here.
    """
    wanted = sorted(number for number in set(item_ids) if number <= MOST_ID)
    if not wanted:
        return {}
    rows = session.execute(_LINKS, {"ids": wanted, **seen_by(actor)})
    return {row.id: (url_of(row.kind, row.id, row.slug), row.title) for row in rows if row.kind in BASES}


def list_revisions(session: Session, item_id: int, *, drafts: bool = True) -> Sequence[Revision]:
    """The history of an item, newest first, with authors but without the words of each.

    The caller has asked `visible_to` for the item, and leaves out the `drafts` for those who may not edit it.
    """
    return session.scalars(
        _revisions(item_id, drafts=drafts)
        .options(defer(Revision.content, raiseload=True))
        .order_by(Revision.version.desc())
    ).all()


def find_revision(session: Session, item_id: int, version: int, *, drafts: bool = True) -> Revision | None:
    """One revision of an item, on the same terms."""
    return session.scalars(_revisions(item_id, drafts=drafts).where(Revision.version == version)).first()


def _revisions(item_id: int, *, drafts: bool) -> Select[Revision]:
    one = select(Revision).where(Revision.item_id == item_id).options(joinedload(Revision.author))
    return one if drafts else one.where(Revision.state == "published")


def list_audiences(session: Session, item_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The audience marks of items, for their search documents."""
    rows = session.execute(
        select(ItemAudience.item_id, ItemAudience.audience).where(ItemAudience.item_id.in_(sorted(set(item_ids))))
    )
    found: dict[int, list[str]] = {}
    for item_id, audience in rows:
        found.setdefault(item_id, []).append(audience)
    return {item_id: tuple(sorted(marks)) for item_id, marks in found.items()}
