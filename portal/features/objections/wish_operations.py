"""Tells those who asked to be told that what they searched for has an answer now; each once."""

from collections.abc import Sequence
from itertools import groupby
from textwrap import shorten

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import events
from portal.core import clock
from portal.core.jobs import enqueue
from portal.core.letters import send_letter
from portal.features.objections.models import Asked
from portal.shared.finding.gap_operations import has_open_wishes
from portal.shared.finding.models import SearchTotal, Wish
from portal.shared.finding.wording import normal_form
from portal.shared.items.models import Item
from portal.shared.items.queries import url_of, visible_to
from portal.shared.people.models import Person
from portal.shared.people.queries import find_actor

JOB = "tell"
LONGEST = 120


def hear_answered(session: Session, event: events.AnswerPosted) -> None:
    """There is an answer: somebody may have asked to be told."""
    if has_open_wishes(session):
        enqueue(session, JOB, event.asked_id)


def hear_reworded(session: Session, event: events.ItemEdited) -> None:
    """What was asked has another wording, which may be the one that somebody searched for."""
    if event.kind in ("objection", "question") and has_open_wishes(session):
        enqueue(session, JOB, event.item_id)


def tell_wishers(session: Session, keys: Sequence[str], base_url: str) -> None:
    """The job: mail whoever searched for the title, for another wording, or for what became this question.

    Only who may see it, and only once it has an answer; the mail is an outbox row beside the note that it was told.
    """
    for key in keys:
        asked = session.scalars(select(Asked).where(Asked.id == int(key), Asked.answer_count > 0)).first()
        if asked is None:
            continue
        normals = {normal_form(words) for words in (asked.title, *asked.variants)}
        normals |= set(session.scalars(select(SearchTotal.normal).where(SearchTotal.item_id == asked.id)))
        wishes = session.scalars(
            select(Wish)
            .where(Wish.normal.in_(sorted(normals)), Wish.told_at.is_(None))
            .order_by(Wish.person_id, Wish.normal)
            .with_for_update()
        ).all()
        for person_id, group in groupby(wishes, key=lambda wish: wish.person_id):
            if _may_see(session, person_id, asked):
                _tell(session, list(group), asked, base_url)


def _tell(session: Session, wishes: Sequence[Wish], asked: Asked, base_url: str) -> None:
    """One mail to one person, whatever number of their searches it answers."""
    person = session.get_one(Person, wishes[0].person_id)
    for wish in wishes:
        wish.told_at = clock.now()
    send_letter(
        session, person.email, person.name, "answered", words=shorten(wishes[0].words, LONGEST, placeholder=" …"),
        title=asked.title, link=base_url + url_of(asked.kind, asked.id, asked.slug), base_url=base_url,
    )  # fmt: skip


def _may_see(session: Session, person_id: int, asked: Asked) -> bool:
    actor = find_actor(session, person_id)
    return actor is not None and bool(session.scalar(select(Item.id).where(Item.id == asked.id, visible_to(actor))))
