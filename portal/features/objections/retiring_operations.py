"""Answers that hold no more: they stay on the page, last and marked, with what replaces them or why."""

from sqlalchemy.orm import Session

from portal import events
from portal.core.access import Actor
from portal.core.bus import publish
from portal.core.errors import Conflict, Invalid, require
from portal.features.objections import policy
from portal.features.objections.models import Answer
from portal.features.objections.queries import find_answer
from portal.shared.items.operations import lock_visible, note_move


def retire_answer(session: Session, actor: Actor, answer_id: int, successor_id: int, reason: str) -> Answer:
    """Make an answer obsolete: another answer to the same takes its place, or a reason says why none does."""
    answer = _lock(session, actor, answer_id)
    if answer.status != "published":
        raise Conflict("It is obsolete already. Nothing was changed.")
    if not (successor_id or reason):
        raise Invalid({"successor": "Name the answer that replaces this one, or say why it is obsolete."})
    words = [reason]
    if successor_id:
        words.insert(0, f"Replaced by [[{_successor(session, actor, answer, successor_id).id}]]")
    answer.status = "obsolete"
    note_move(session, actor, answer, "make_obsolete", note=" ".join(filter(None, words))[:500])
    publish(session, events.ItemRetired(answer.id, answer.kind, actor.person_id))
    return answer


def revive_answer(session: Session, actor: Actor, answer_id: int) -> Answer:
    """An obsolete answer holds again."""
    answer = _lock(session, actor, answer_id)
    if answer.status != "obsolete":
        raise Conflict("It is not obsolete. Nothing was changed.")
    answer.status = "published"
    note_move(session, actor, answer, "bring_back")
    publish(session, events.ItemRevived(answer.id, answer.kind, actor.person_id))
    return answer


def _lock(session: Session, actor: Actor, answer_id: int) -> Answer:
    answer = lock_visible(session, actor, Answer, answer_id)
    require(policy.may_edit_answer(actor, answer), "Only its author and managers may make this obsolete.")
    return answer


def _successor(session: Session, actor: Actor, answer: Answer, successor_id: int) -> Answer:
    """The answer that replaces it: another published one on the same page, so that no circle can close."""
    if successor_id == answer.id:
        raise Invalid({"successor": "Replaced by: an answer cannot replace itself."})
    successor = find_answer(session, actor, successor_id)
    if successor is None or successor.asked_id != answer.asked_id:
        raise Invalid({"successor": f"Replaced by: there is no answer {successor_id} on the same page."})
    if successor.status != "published":
        raise Invalid({"successor": "Replaced by: that answer is obsolete itself. Choose one that holds today."})
    return successor
