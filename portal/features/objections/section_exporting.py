"""Answers as sections of a playbook: the words to say first; internal lines stay where they are."""

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.features.objections.models import Answer, Asked
from portal.features.objections.queries import find_answer
from portal.shared.items.promoting import Promotable
from portal.shared.items.queries import url_of


def find_promotable(session: Session, actor: Actor, answer_id: int) -> Promotable | None:
    """A visible answer as a section, under what it answers."""
    answer = find_answer(session, actor, answer_id)
    if answer is None:
        return None
    asked = session.get_one(Asked, answer.asked_id)
    url = f"{url_of(asked.kind, asked.id, asked.slug)}#answer-{answer.id}"
    return Promotable(answer.id, asked.title, answer.author.shown_name, url, _section(asked.title, answer))


def _section(title: str, answer: Answer) -> str:
    proof = "\n".join(f"- {one['claim']} ({one['source']})" for one in answer.proof)
    named = (
        ("Why they ask", answer.why),
        ("Ask back", answer.ask_back),
        ("If they push", answer.push),
        ("Avoid", answer.avoid),
        ("What must stay true", answer.stay_true),
    )
    parts = [f"## {title}", f"> {answer.say}", *(f"**{name}:** {words}" for name, words in named if words)]
    parts += [f"**Proof**\n\n{proof}"] if proof else []
    return "\n\n".join([*parts, answer.source] if answer.source else parts)
