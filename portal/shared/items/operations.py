"""Writes that every kind of item shares: making, revising, hiding. Flush and publish, never commit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn, TypeVar

from sqlalchemy import ColumnElement, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from portal import events
from portal.core import clock
from portal.core.access import EVERYONE, Actor
from portal.core.bus import publish
from portal.core.errors import Conflict, NotFound, require
from portal.core.ids import MOST_ID
from portal.core.markdown import RENDERER_VERSION, Rendered
from portal.shared.items import policy
from portal.shared.items.models import Item, ItemAudience, ItemLink, ItemMove, Revision
from portal.shared.items.queries import REACHABLE, STANDS, VISIBLE, reached_by, seen_by

SUMMARY = 240
Kind = TypeVar("Kind", bound=Item)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a revision holds: every field that a person can edit, as JSON, and why it was changed.

    A minor change says nothing new: nobody is told, and the item stays where it stands among the newest.
    """

    content: Mapping[str, Any]
    reason: str = ""
    is_minor: bool = False


class Overtaken(Conflict):
    """Somebody saved another text since this one was opened; `current` is the version that stands now."""

    def __init__(self, current: int) -> None:
        super().__init__("Somebody else saved a change while you were writing. Nothing is lost: both texts stand here.")
        self.current = current


def start_item(
    session: Session, item: Item, rendered: Rendered, snapshot: Snapshot, audience: Iterable[str] = ()
) -> None:
    """Add a new item with its first revision, its links and its audience (everyone where none is given)."""
    now = clock.now()
    item.created_at = item.updated_at = now
    item.version, item.votes = 1, 0
    _set_text(item, rendered)
    session.add(item)
    session.flush()
    for mark in sorted(set(audience) or {EVERYONE}):
        session.add(ItemAudience(item_id=item.id, audience=mark))
    _add_links(session, item.id, rendered.item_ids)
    _write_revision(session, item, item.author_id, snapshot, base_version=0, state=_state_of(item))


def first_words(text: str) -> str:
    """What a list shows of a text: at most SUMMARY letters, cut at a word."""
    words = " ".join(text.split())
    return words if len(words) <= SUMMARY else words[:SUMMARY].rpartition(" ")[0].rstrip(",;:–-") + " …"


def lock_item(session: Session, item_id: int) -> Item:
    """The row, locked until the end of the unit; NotFound where it is gone."""
    item: Item | None = session.scalars(_locking(Item), {"item_id": item_id}).first()
    return _the_one(item)


def lock_visible(session: Session, actor: Actor, kind: type[Kind], item_id: int) -> Kind:
    """The same for an item of this kind, a table class, and only where the actor may see it."""
    item: Kind | None = session.scalars(_locking(kind, VISIBLE, STANDS), {"item_id": item_id, **seen_by(actor)}).first()
    return _the_one(item)


def lock_reachable(session: Session, actor: Actor, kind: type[Kind], item_id: int) -> Kind:
    """The same where the actor may work on it: managers reach drafts, what is in review, and the archive."""
    item: Kind | None = session.scalars(_locking(kind, REACHABLE), {"item_id": item_id, **reached_by(actor)}).first()
    return _the_one(item)


@cache
def _locking(kind: type[Item], *conditions: ColumnElement[bool]) -> Any:
    """Rows that point here may still come (key share); else two edits would wait for each other.

    The row of the kind's own table is locked too: PostgreSQL reads anew, after waiting, only what it locks.
    """
    one = select(kind).where(kind.id == bindparam("item_id"), *conditions)
    return one.with_for_update(key_share=True).execution_options(populate_existing=True)


def _the_one(item: Kind | None) -> Kind:
    if item is None:
        raise NotFound
    return item


def check_version(item: Item, base_version: int) -> None:
    """Raise Overtaken when the edit started from an older text than the one that stands."""
    if item.version != base_version:
        raise Overtaken(item.version)


def revise_item(session: Session, actor: Actor, item: Item, rendered: Rendered, snapshot: Snapshot) -> None:
    """Keep the new text as the next revision, and as what the item says from now on.

    The caller has set the item's own fields and checked the version, and says it where this publishes it first.
    """
    base, was_published = item.version, item.published_revision_id is not None
    item.version = base + 1
    _set_words(session, item, rendered, is_minor=snapshot.is_minor)
    _write_revision(session, item, actor.person_id, snapshot, base_version=base, state=_state_of(item))
    if item.status == "published" and was_published:
        publish_edited(session, item, actor.person_id, is_minor=snapshot.is_minor)


def propose_revision(session: Session, actor: Actor, item: Item, snapshot: Snapshot, state: str) -> None:
    """Keep the next text as a draft or in review, while readers go on seeing the published one."""
    base = item.version
    item.version = base + 1
    _write_revision(session, item, actor.person_id, snapshot, base_version=base, state=state)


def publish_revision(session: Session, item: Item, revision: Revision, rendered: Rendered) -> None:
    """Make a text that waited what the item says; the caller has set the item's own fields and its status."""
    is_first = item.published_revision_id is None
    revision.state, item.published_revision_id = "published", revision.id
    _set_words(session, item, rendered, is_minor=revision.is_minor and not is_first)
    session.flush()
    if not is_first:
        publish_edited(session, item, revision.author_id, is_minor=revision.is_minor)


def publish_edited(session: Session, item: Item, by: int, *, is_minor: bool) -> None:
    """Say that an item has new words; of a minor change nobody needs to be told."""
    event = events.ItemMended if is_minor else events.ItemEdited
    publish(session, event(item.id, item.kind, by))


def note_move(
    session: Session, actor: Actor, item: Item, verb: str, *, note: str = "", revision: Revision | None = None
) -> None:
    """Write a step in the life of an item into its history."""
    session.add(
        ItemMove(
            item_id=item.id,
            revision_id=revision.id if revision else None,
            actor_id=actor.person_id,
            verb=verb,
            note=note,
            at=clock.now(),
        )
    )
    session.flush()


def replace_html(session: Session, item: Item, rendered: Rendered) -> None:
    """Keep what another renderer makes of the text that stands; to readers and editors nothing has happened."""
    _set_text(item, rendered)
    _renew_links(session, item, rendered)


def hide_item(session: Session, actor: Actor, item_id: int) -> None:
    """Take an item from view; it stays in the database with its votes and revisions."""
    item = lock_item(session, item_id)
    require(policy.may_hide(actor, item), "Only managers may take this from view.")
    item.hidden_at = clock.now()
    publish(session, events.ItemHidden(item.id, item.kind, actor.person_id))


def restore_item(session: Session, actor: Actor, item_id: int) -> None:
    """Bring a hidden item back."""
    item = lock_item(session, item_id)
    require(policy.may_hide(actor, item), "Only managers may bring this back.")
    item.hidden_at = None
    publish(session, events.ItemRestored(item.id, item.kind, actor.person_id))


def refuse_unknown(kind: str) -> NoReturn:
    """For dispatch tables: an item of a kind that has no such act."""
    raise NotFound(f"A {kind} has no such act.")


def _set_words(session: Session, item: Item, rendered: Rendered, *, is_minor: bool) -> None:
    if not is_minor:
        item.updated_at = clock.now()
    _set_text(item, rendered)
    _renew_links(session, item, rendered)


def _renew_links(session: Session, item: Item, rendered: Rendered) -> None:
    named = set(session.scalars(select(ItemLink.target_id).where(ItemLink.source_id == item.id)))
    if named != set(rendered.item_ids) - {item.id}:
        session.execute(delete(ItemLink).where(ItemLink.source_id == item.id))
        _add_links(session, item.id, rendered.item_ids)


def _set_text(item: Item, rendered: Rendered) -> None:
    item.html, item.renderer_version = rendered.html, RENDERER_VERSION


def _add_links(session: Session, item_id: int, targets: Iterable[int]) -> None:
    wanted = {target for target in targets if target != item_id and target <= MOST_ID}
    if not wanted:
        return
    known = session.scalars(select(Item.id).where(Item.id.in_(sorted(wanted)))).all()
    if known:
        session.execute(insert(ItemLink), [{"source_id": item_id, "target_id": target} for target in sorted(known)])


def _state_of(item: Item) -> str:
    """The state of a text that becomes what its item says; an item that is not published keeps no published text."""
    return item.status if item.status in ("published", "in_review") else "draft"


def _write_revision(
    session: Session, item: Item, author_id: int, snapshot: Snapshot, *, base_version: int, state: str
) -> None:
    revision = Revision(
        item_id=item.id,
        version=item.version,
        base_version=base_version,
        state=state,
        author_id=author_id,
        at=clock.now(),
        reason=snapshot.reason,
        content=dict(snapshot.content),
        is_minor=snapshot.is_minor,
    )
    session.add(revision)
    session.flush()
    if state == "published":
        item.published_revision_id = revision.id
        session.flush()
