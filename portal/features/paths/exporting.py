"""Paths as leaves of a handout; what stands on them follows. What somebody has done is in no export."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.core.access import Actor
from portal.features.paths.models import Path, PathStep
from portal.shared.handouts.queries import Block, HandoutSource, Leaf
from portal.shared.items.models import Item
from portal.shared.items.queries import VISIBLE, seen_by, url_of

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_PATHS = select(Path).where(Path.id.in_(_IDS), VISIBLE).options(joinedload(Path.author))
_STEPS = (
    select(PathStep.path_id, Item.kind, Item.id, PathStep.why)
    .join(Item, Item.id == PathStep.item_id)
    .where(PathStep.path_id.in_(_IDS), VISIBLE)
    .order_by(PathStep.position, PathStep.id)
)


def load_leaves(session: Session, actor: Actor, ids: Sequence[int]) -> Mapping[int, Leaf]:
    """The visible ones among these paths, each with the visible ones among its steps. Two statements."""
    given = {"ids": sorted(set(ids)), **seen_by(actor)}
    steps: dict[int, list[tuple[str, int, str]]] = {}
    for path_id, kind, item_id, why in session.execute(_STEPS, given):
        steps.setdefault(path_id, []).append((kind, item_id, why))
    return {path.id: _leaf(path, steps.get(path.id, ())) for path in session.scalars(_PATHS, given)}


def _leaf(path: Path, steps: Sequence[tuple[str, int, str]]) -> Leaf:
    return Leaf(
        item_id=path.id,
        kind=path.kind,
        kind_word="Path",
        title=path.title,
        url=url_of(path.kind, path.id, path.slug),
        updated_at=path.updated_at,
        blocks=[Block(path.html)] if path.html else [],
        source=path.source,
        by=path.author.shown_name,
        steps=steps,
    )


HANDOUTS = HandoutSource("path", load_leaves, load_leaves)
