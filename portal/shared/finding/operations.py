"""Writes that keep the index true: listeners that ask for a thing to be indexed again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import events
from portal.core.jobs import enqueue
from portal.shared.tags.models import ItemTag


def index_item(session: Session, event: events.ItemEvent) -> None:
    """An item changed: index it again. An answer is part of what it answers; its own room sees to that."""
    if event.kind != "answer":
        enqueue(session, "index", f"{event.kind}:{event.item_id}")


def index_voted(session: Session, event: events.VoteTaken | events.VoteWithdrawn) -> None:
    """The number of votes is part of the ranking."""
    if event.kind != "answer":
        enqueue(session, "index", f"{event.kind}:{event.item_id}")


def index_asked(session: Session, event: events.AnswerPosted | events.AnswerAccepted | events.AnswerUnaccepted) -> None:
    """What was asked is found by its answers."""
    enqueue(session, "index", f"{event.asked_kind}:{event.asked_id}")


def index_person(session: Session, event: events.PersonChanged) -> None:
    """A person is found by name, title and place."""
    enqueue(session, "index", f"person:{event.person_id}")


def index_tag(session: Session, event: events.TagChanged) -> None:
    """A tag is found by its name."""
    enqueue(session, "index", f"tag:{event.tag_id}")


def index_tags_of_item(session: Session, event: events.ItemEvent) -> None:
    """A tag is found by those who can read something that bears it, so it follows its items into view and out of it."""
    for tag_id in session.scalars(select(ItemTag.tag_id).where(ItemTag.item_id == event.item_id)):
        enqueue(session, "index", f"tag:{tag_id}")
