"""Playbooks as leaves of a handout."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.core.access import Actor
from portal.features.playbooks.models import Playbook
from portal.shared.handouts.queries import Block, HandoutSource, Leaf
from portal.shared.items.queries import VISIBLE, seen_by, url_of

_PLAYBOOKS = (
    select(Playbook)
    .where(Playbook.id.in_(bindparam("ids", expanding=True)), VISIBLE)
    .options(joinedload(Playbook.author))
)


def load_leaves(session: Session, actor: Actor, ids: Sequence[int]) -> Mapping[int, Leaf]:
    """The visible ones among these playbooks; a playbook has no internal lines. One statement."""
    rows = session.scalars(_PLAYBOOKS, {"ids": sorted(set(ids)), **seen_by(actor)})
    return {row.id: _leaf(row) for row in rows}


def _leaf(playbook: Playbook) -> Leaf:
    return Leaf(
        item_id=playbook.id,
        kind=playbook.kind,
        kind_word="Playbook",
        title=playbook.title,
        url=url_of(playbook.kind, playbook.id, playbook.slug),
        updated_at=playbook.updated_at,
        blocks=[Block(playbook.html)],
        source=playbook.source,
        by=playbook.author.shown_name,
    )


HANDOUTS = HandoutSource("playbook", load_leaves, load_leaves)
