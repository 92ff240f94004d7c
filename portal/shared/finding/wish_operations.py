"""Tells those who asked to be told that what they searched for is there now; each once."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from textwrap import shorten

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.letters import send_letter
from portal.shared.finding.models import SearchTotal, Wish
from portal.shared.items.models import Item
from portal.shared.items.queries import url_of, visible_to
from portal.shared.people.models import Person
from portal.shared.people.queries import find_actor

JOB = "tell"
"""The kind of job that tells of the item whose id is its key."""
LONGEST = 120


def tell_wishers(session: Session, item: Item, normals: Iterable[str], base_url: str) -> None:
    """Mail whoever searched for one of these normal forms, or for the gap that became this item, and may see it.

    The mail is an outbox row beside the note that it was told.
    """
    became = session.scalars(select(SearchTotal.normal).where(SearchTotal.item_id == item.id))
    wishes = session.scalars(
        select(Wish)
        .where(Wish.normal.in_(sorted({*normals, *became})), Wish.told_at.is_(None))
        .order_by(Wish.person_id, Wish.normal)
        .with_for_update()
    ).all()
    for person_id, group in groupby(wishes, key=lambda wish: wish.person_id):
        if _may_see(session, person_id, item):
            _tell(session, list(group), item, base_url)


def _tell(session: Session, wishes: Sequence[Wish], item: Item, base_url: str) -> None:
    """One mail to one person, whatever number of their searches it answers."""
    person = session.get_one(Person, wishes[0].person_id)
    for wish in wishes:
        wish.told_at = clock.now()
    send_letter(
        session, person.email, person.name, "answered", words=shorten(wishes[0].words, LONGEST, placeholder=" …"),
        title=item.title, link=base_url + url_of(item.kind, item.id, item.slug), base_url=base_url,
    )  # fmt: skip


def _may_see(session: Session, person_id: int, item: Item) -> bool:
    actor = find_actor(session, person_id)
    return actor is not None and bool(session.scalar(select(Item.id).where(Item.id == item.id, visible_to(actor))))
