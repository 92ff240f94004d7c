"""Reads of items: what somebody may see, and batched look-ups of titles and addresses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    and_,
    bindparam,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Session, aliased, defer, joinedload

from portal.core.access import Actor
from portal.core.ids import MOST_ID, address
from portal.shared.items.models import Item, ItemAudience, ItemMove, Revision

OPEN_STATUSES = ("published", "obsolete")
CURATED_STATUSES = ("draft", "in_review", "archived")
"""Statuses in which managers, too, see an item at its own address, and in no list, count or search."""
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


def stands_for(actor: Actor) -> ColumnElement[bool]:
    """Beside `visible_to`, for whatever shows answers by themselves: one is out of sight with what it answers."""
    return _stands(actor.person_id, sorted(actor.audiences))


def seen_by(actor: Actor) -> dict[str, Any]:
    """The parameters of VISIBLE for this person."""
    return {"viewer_id": actor.person_id, "viewer_audiences": sorted(actor.audiences)}


def reachable_to(actor: Actor) -> ColumnElement[bool]:
    """`visible_to`, and for managers what is being written, reviewed or archived: for single pages and their lists."""
    return _reachable(actor.person_id, sorted(actor.audiences), literal(actor.is_manager))


def reached_by(actor: Actor) -> dict[str, Any]:
    """The parameters of REACHABLE for this person."""
    return {**seen_by(actor), "viewer_curates": actor.is_manager}


def worked_on_by(actor: Actor) -> ColumnElement[bool]:
    """What is in view and may be edited by this person: one's own, and for managers all that they may read."""
    may_edit = or_(_own(actor.person_id), literal(actor.is_manager))
    return and_(Item.hidden_at.is_(None), may_edit, _may_read(sorted(actor.audiences)))


def addressed_to(actor: Actor) -> ColumnElement[bool]:
    """Whether the person is in the item's audience, whatever its state."""
    return _may_read(sorted(actor.audiences))


def _may_read(audiences: Any, item: Any = Item) -> ColumnElement[bool]:
    return exists().where(ItemAudience.item_id == item.id, ItemAudience.audience.in_(audiences))


def _own(person_id: Any, item: Any = Item) -> ColumnElement[bool]:
    return or_(item.author_id == person_id, item.owner_id == person_id)


def _visible(person_id: Any, audiences: Any, item: Any = Item) -> ColumnElement[bool]:
    is_open = or_(item.status.in_(OPEN_STATUSES), _own(person_id, item))
    return and_(item.hidden_at.is_(None), is_open, _may_read(audiences, item))


_ANSWER = table("answer", column("id"), column("asked_id"))  # its room stands above; here only whose part it is


def _stands(person_id: Any, audiences: Any) -> ColumnElement[bool]:
    asked = aliased(Item)
    is_seen = _visible(person_id, audiences, asked)
    asked_too = exists().where(_ANSWER.c.id == Item.id, _ANSWER.c.asked_id == asked.id, is_seen)
    return or_(Item.kind != "answer", asked_too)


def _reachable(person_id: Any, audiences: Any, curates: ColumnElement[bool]) -> ColumnElement[bool]:
    is_curated = and_(curates, Item.status.in_(CURATED_STATUSES))
    is_open = or_(Item.status.in_(OPEN_STATUSES), _own(person_id), is_curated)
    return and_(Item.hidden_at.is_(None), is_open, _may_read(audiences))


_AUDIENCES: Any = bindparam("viewer_audiences", expanding=True)
VISIBLE = _visible(bindparam("viewer_id"), _AUDIENCES)
"""`visible_to` for statements that are built once, run with `seen_by(actor)`: building costs more than running."""
REACHABLE = _reachable(bindparam("viewer_id"), _AUDIENCES, bindparam("viewer_curates", type_=Boolean()))
"""`reachable_to` for statements that are built once, run with `reached_by(actor)`."""
STANDS = _stands(bindparam("viewer_id"), _AUDIENCES)
"""`stands_for` for the same."""


_ITEM = select(Item).where(Item.id == bindparam("item_id"), VISIBLE, STANDS).options(joinedload(Item.author))


def url_of(kind: str, item_id: int, slug: str) -> str:
    """The address of an item that has a page of its own."""
    return f"{BASES[kind]}/{address(item_id, slug)}"


def find_item(session: Session, actor: Actor, item_id: int) -> Item | None:
    """One visible item, parent columns and author."""
    return session.scalars(_ITEM, {"item_id": item_id, **seen_by(actor)}).first()


_REACHED = select(Item).where(Item.id == bindparam("item_id"), REACHABLE)


def find_reachable(session: Session, actor: Actor, item_id: int) -> Item | None:
    """One item that this person may work on: what is visible, for managers also what is drafted or archived."""
    return session.scalars(_REACHED, {"item_id": item_id, **reached_by(actor)}).first()


_LINKS = select(Item.id, Item.kind, Item.slug, Item.title).where(Item.id.in_(bindparam("ids", expanding=True)), VISIBLE)


def find_links(session: Session, actor: Actor, item_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Addresses and titles of the visible ones among these items: `{12: ("/playbooks/12-…", "Pricing")}`.

    One statement, none for no ids. An answer has no page of its own and is left out here.
    """
    wanted = sorted(number for number in set(item_ids) if number <= MOST_ID)
    if not wanted:
        return {}
    rows = session.execute(_LINKS, {"ids": wanted, **seen_by(actor)})
    bare = actor.is_screen_shared  # the words of an address can name what is covered
    return {
        row.id: (url_of(row.kind, row.id, "" if bare else row.slug), row.title) for row in rows if row.kind in BASES
    }


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


def list_moves(session: Session, item_id: int) -> Sequence[ItemMove]:
    """Every step in the life of an item, newest first, with who took it; the caller has asked `visible_to`."""
    moves = select(ItemMove).where(ItemMove.item_id == item_id).options(joinedload(ItemMove.actor))
    return session.scalars(moves.order_by(ItemMove.id.desc())).all()


def find_before(session: Session, item_id: int, version: int, *, drafts: bool) -> Revision | None:
    """The last revision before a version, on the same terms."""
    before = _revisions(item_id, drafts=drafts).where(Revision.version < version)
    return session.scalars(before.order_by(Revision.version.desc()).limit(1)).first()


def find_after(session: Session, item_id: int, version: int, *, drafts: bool) -> int:
    """The number of the first version after one, on the same terms; 0 where there is none."""
    after = _revisions(item_id, drafts=drafts).where(Revision.version > version)
    return session.scalar(after.with_only_columns(func.min(Revision.version))) or 0


def find_published(session: Session, item: Item) -> Revision | None:
    """The revision that readers see, with its author; None where none was ever published."""
    return session.scalars(
        select(Revision).where(Revision.id == item.published_revision_id).options(joinedload(Revision.author))
    ).first()


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
