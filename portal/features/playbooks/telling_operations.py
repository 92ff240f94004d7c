"""The job that tells authors what was decided about their texts: one mail for a page, however long the worker slept."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.letters import send_letter
from portal.features.playbooks.models import Playbook
from portal.shared.items.models import Item, ItemMove, Revision
from portal.shared.items.queries import reachable_to, url_of
from portal.shared.people.models import Person
from portal.shared.people.queries import find_actor

TOO_LATE = timedelta(days=14)
"""A decision that is older is told to nobody any more."""

DECISIONS = {"approve": "approved", "publish": "approved", "ask_changes": "changes"}
"""Which letter tells of which decision."""


def tell_decided(session: Session, keys: Sequence[str], base_url: str) -> None:
    """The job `decided`: mail each author the last decision on their text of a page, and mark all of them as told.

    Who left, or may not see the page any more, gets no mail. The outbox row stands beside the mark, so that a job
    that is done twice tells once.
    """
    for key in keys:
        rows = session.execute(
            select(ItemMove, Revision.author_id)
            .join(Revision, Revision.id == ItemMove.revision_id)
            .where(ItemMove.item_id == int(key), ItemMove.verb.in_(DECISIONS), ItemMove.told_at.is_(None))
            .where(ItemMove.actor_id != Revision.author_id)
            .order_by(ItemMove.id)
            .with_for_update(of=ItemMove)
        ).all()
        last = {author_id: move for move, author_id in rows}
        for move, _ in rows:
            move.told_at = clock.now()
        recent = {author_id: move for author_id, move in last.items() if clock.now() - move.at < TOO_LATE}
        for author_id, move in sorted(recent.items()):
            _tell(session, author_id, move, base_url)


def _tell(session: Session, author_id: int, move: ItemMove, base_url: str) -> None:
    actor = find_actor(session, author_id)
    playbook = session.get(Playbook, move.item_id)
    if actor is None or playbook is None:
        return
    if session.scalar(select(Item.id).where(Item.id == playbook.id, reachable_to(actor))) is None:
        return
    author, reviewer = session.get_one(Person, author_id), session.get_one(Person, move.actor_id)
    link = base_url + url_of(playbook.kind, playbook.id, playbook.slug)
    send_letter(
        session, author.email, author.name, DECISIONS[move.verb], title=playbook.title, reviewer=reviewer.shown_name,
        note=move.note, link=link,
    )  # fmt: skip
