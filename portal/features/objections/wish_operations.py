"""What was searched in vain: it becomes a question, and who asked to be told hears of the answer."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import events
from portal.core.access import Actor
from portal.core.jobs import enqueue
from portal.features.objections.forms import AskedInput
from portal.features.objections.models import Asked
from portal.features.objections.operations import ask, prepare_asked
from portal.shared.finding import wish_operations as wishes
from portal.shared.finding.gap_operations import has_open_wishes
from portal.shared.finding.wish_operations import JOB
from portal.shared.finding.wording import normal_form


def ask_searched(session: Session, actor: Actor, words: str) -> Asked:
    """Put what people searched in vain before the peers, as a question in their words."""
    title = words[:1].upper() + words[1:]
    return ask(session, actor, "question", prepare_asked(AskedInput(title=title)))


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

    Only once it has an answer.
    """
    for key in keys:
        asked = session.scalars(select(Asked).where(Asked.id == int(key), Asked.answer_count > 0)).first()
        if asked is not None:
            normals = {normal_form(words) for words in (asked.title, *asked.variants)}
            wishes.tell_wishers(session, asked, normals, base_url)
