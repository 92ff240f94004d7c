"""Reads of what is not on view: one's own drafts, what waits for a review, the archive and the bin."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.orm import Session, defer

from portal.core.access import Actor
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.policy import OPEN_TEXTS, RETIRED
from portal.shared.items.models import BinEntry, Item, ItemMove, Revision
from portal.shared.items.queries import addressed_to, reachable_to
from portal.shared.people.models import Person

PAGE = 30


@dataclass(frozen=True, slots=True)
class DeskFound:
    """A page of a list: who wrote or moved it and when, the state of its text, and what was said of that."""

    id: int
    title: str
    slug: str
    state: str
    is_published: bool
    at: datetime
    person: Person
    note: str


def list_drafts(session: Session, actor: Actor, before: int) -> tuple[list[DeskFound], int]:
    """What waits of this person: own texts, and texts of pages that are one's own; the newest first, and how many."""
    own = or_(
        Revision.author_id == actor.person_id,
        Playbook.author_id == actor.person_id,
        Playbook.owner_id == actor.person_id,
    )
    return _page(session, _waiting(actor, OPEN_TEXTS).where(own), Revision.at.desc(), before)


def list_reviews(session: Session, actor: Actor, before: int) -> tuple[list[DeskFound], int]:
    """What waits for a review, what came first on top."""
    return _page(session, _waiting(actor, ("in_review",)), Revision.at, before)


def list_archived(session: Session, actor: Actor, before: int) -> tuple[list[DeskFound], int]:
    """The archive, what went there last on top."""
    move = _last_move("archive")
    found = (
        select(Playbook, ItemMove.at, Person, literal("archived"), literal(""))
        .join(ItemMove, ItemMove.id == move)
        .join(Person, Person.id == ItemMove.actor_id)
        .where(Playbook.status == "archived", reachable_to(actor))
    )
    return _page(session, found, ItemMove.at.desc(), before)


def list_bin(session: Session, actor: Actor, before: int) -> tuple[list[DeskFound], int]:
    """What this person may take out of the bin, what was put there first on top: that is deleted next."""
    may_restore = or_(
        literal(actor.is_manager or actor.is_admin),
        and_(Playbook.author_id == actor.person_id, Playbook.status == "draft"),
    )
    found = (
        select(Playbook, BinEntry.at, Person, literal("bin"), literal(""))
        .join(BinEntry, BinEntry.item_id == Playbook.id)
        .join(Person, Person.id == BinEntry.by_id)
        .where(addressed_to(actor), may_restore)
    )
    return _page(session, found, BinEntry.at, before)


def _waiting(actor: Actor, states: tuple[str, ...]) -> Any:
    """Pages whose newest text waits, with its writer, and the note of whoever asked for changes since publication."""
    note = (
        select(ItemMove.note)
        .where(ItemMove.item_id == Playbook.id, ItemMove.verb == "ask_changes")
        .where(ItemMove.revision_id > func.coalesce(Playbook.published_revision_id, 0))
        .order_by(ItemMove.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(Playbook, Revision.at, Person, Revision.state, note)
        .join(Revision, (Revision.item_id == Playbook.id) & (Revision.version == Playbook.version))
        .join(Person, Person.id == Revision.author_id)
        .where(Revision.state.in_(states), Playbook.status.not_in(RETIRED), reachable_to(actor))
    )


def _last_move(verb: str) -> Any:
    newest = select(func.max(ItemMove.id)).where(ItemMove.item_id == Playbook.id, ItemMove.verb == verb)
    return newest.correlate(Playbook).scalar_subquery()


def _page(session: Session, found: Any, order: Any, before: int) -> tuple[list[DeskFound], int]:
    total = session.scalar(select(func.count()).select_from(found.with_only_columns(Playbook.id).subquery())) or 0
    light = found.options(defer(Item.source, raiseload=True), defer(Item.html, raiseload=True))
    rows = session.execute(light.order_by(order, Playbook.id).limit(PAGE).offset(before))
    return [
        DeskFound(one.id, one.title, one.slug, state, one.published_revision_id is not None, at, person, note or "")
        for one, at, person, state, note in rows
    ], total
