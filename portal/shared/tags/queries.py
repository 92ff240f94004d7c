"""Reads of tags and vocabularies."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.shared.tags.models import ItemTag, Tag, Term


def list_terms(session: Session, vocabulary: str, *, with_retired: bool = False) -> Sequence[Term]:
    """The words of a vocabulary in their order."""
    wanted = select(Term).where(Term.vocabulary == vocabulary)
    if not with_retired:
        wanted = wanted.where(Term.is_retired.is_(False))
    return session.scalars(wanted.order_by(Term.position, Term.id)).all()


def list_tags(session: Session) -> Sequence[Tag]:
    """All tags by name."""
    return session.scalars(select(Tag).order_by(Tag.name)).all()


_TAGS = (
    select(ItemTag.item_id, Tag)
    .join(Tag, Tag.id == ItemTag.tag_id)
    .where(ItemTag.item_id.in_(bindparam("ids", expanding=True)))
    .order_by(Tag.name)
)


def find_tags(session: Session, item_ids: Iterable[int]) -> dict[int, list[Tag]]:
    """The tags of items, by item; the caller has asked `visible_to` for the items."""
    found: dict[int, list[Tag]] = {}
    for item_id, tag in session.execute(_TAGS, {"ids": sorted(set(item_ids))}):
        found.setdefault(item_id, []).append(tag)
    return found
