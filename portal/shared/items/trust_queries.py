"""Reads of who keeps items true."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.core.access import EVERYONE
from portal.core.ids import MOST_ID
from portal.shared.items.models import Item, ItemAudience
from portal.shared.items.queries import addressed_to
from portal.shared.items.trust_policy import Keepers
from portal.shared.people.models import Membership, Person, Team
from portal.shared.people.queries import PRESENT, find_author

ENTRUSTED = "entrust"
"""The step in an item's history that names others to keep it true."""


def with_keepers(wanted: Any) -> Any:
    """A statement over items, with five columns more: what `Keepers` is made of, in its order."""
    owner, verifier, verified_by = aliased(Person), aliased(Person), aliased(Person)
    size = (
        select(func.count())
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.team_id == Item.verifier_team_id, Membership.until.is_(None), Person.state == "active")
        .correlate(Item)
        .scalar_subquery()
    )
    return (
        wanted.add_columns(owner, verifier, Team, size, verified_by)
        .outerjoin(owner, owner.id == Item.owner_id)
        .outerjoin(verifier, verifier.id == Item.verifier_id)
        .outerjoin(Team, Team.id == Item.verifier_team_id)
        .outerjoin(verified_by, verified_by.id == Item.verified_by_id)
    )


_KEEPERS = with_keepers(select(Item.id)).where(Item.id.in_(bindparam("ids", expanding=True)))


def find_keepers(session: Session, item: Item) -> Keepers:
    """Owner, verifier and who vouched last; the caller has asked `visible_to` for the item."""
    row = session.execute(_KEEPERS, {"ids": [item.id]}).first()
    return Keepers(*row[1:]) if row else Keepers()


def is_owned(item: Any = Item) -> ColumnElement[bool]:
    """The condition that somebody who is here owns an item; of the class, or an alias of it."""
    owner = aliased(Person)
    return exists().where(owner.id == item.owner_id, owner.state.in_(PRESENT))


def list_owned(session: Session, item_ids: Iterable[int]) -> set[int]:
    """Which of these items somebody owns who is here; for their search documents."""
    return set(session.scalars(select(Item.id).where(Item.id.in_(sorted(set(item_ids))), is_owned())))


def is_held_by(person_id: int) -> ColumnElement[bool]:
    """The condition that somebody owns or verifies an item, or began to write it and nobody has published it yet."""
    return or_(Item.owner_id == person_id, Item.verifier_id == person_id, and_(is_begun(), Item.author_id == person_id))


def is_begun() -> ColumnElement[bool]:
    """The condition that an item was never published."""
    return and_(Item.published_revision_id.is_(None), Item.status.in_(("draft", "in_review")))


def count_held(session: Session, person_id: int) -> int:
    """How many items somebody owns, verifies or has begun: what is to be handed over when they leave."""
    return session.scalar(select(func.count()).select_from(Item).where(is_held_by(person_id))) or 0


def list_readable(session: Session, person_id: int, item_ids: Iterable[int]) -> set[int]:
    """Which of these items are addressed to somebody, whatever their state; two statements."""
    wanted = sorted(number for number in set(item_ids) if number <= MOST_ID)
    reads = addressed_to(find_author(session, person_id))
    return set(session.scalars(select(Item.id).where(Item.id.in_(wanted), reads)))


def list_read_by_team(session: Session, team: Team, item_ids: Iterable[int]) -> set[int]:
    """Which of these items every member of a team may read, by belonging to it."""
    marks = (EVERYONE, f"team:{team.id}", f"dep:{team.department_id}")
    wanted = ItemAudience.item_id.in_(sorted(set(item_ids)))
    return set(session.scalars(select(ItemAudience.item_id).where(wanted, ItemAudience.audience.in_(marks))))
