"""Objections and questions as files of an export; their answers stand in the head, each with all its fields."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.features.objections.models import Answer, Asked
from portal.shared.exchange.queries import ExportSource, Names, Page, Prose, Sight
from portal.shared.items.models import Item

OF_ASKED = ("audience",)
"""What an answer takes from what it answers, and does not say itself."""


def load_pages(session: Session, sight: Sight, ids: Sequence[int], names: Names) -> Sequence[Page]:
    """What was asked under these ids and is in sight, with the answers that are."""
    answers: dict[int, list[Answer]] = {}
    for answer in session.scalars(
        select(Answer).where(Answer.asked_id.in_(ids), sight.seen).order_by(Answer.created_at, Answer.id)
    ):
        answers.setdefault(answer.asked_id, []).append(answer)
    facts = names.facts([one for several in answers.values() for one in several])
    tags = names.tags(ids)
    rivals = {row.id: row.slug for row in session.execute(select(Item.id, Item.slug).where(Item.kind == "competitor"))}
    pages = []
    for asked in session.scalars(select(Asked).where(Asked.id.in_(ids), sight.seen).order_by(Asked.id)):
        below = [_answer(one, facts[one.id], is_chosen=one.id == asked.chosen_answer_id)
                 for one in answers.get(asked.id, ())]  # fmt: skip
        values = {
            "variants": list(asked.variants),
            "category": asked.category,
            "stage": asked.stage,
            "competitor": rivals.get(asked.competitor_id or 0),
            "tags": tags.get(asked.id, []),
            "answers": below,
        }
        pages.append(Page(asked, values, asked.source))
    return pages


def _answer(answer: Answer, facts: Mapping[str, Any], *, is_chosen: bool) -> dict[str, Any]:
    return {
        "id": answer.id,
        "say": answer.say,
        "why": answer.why,
        "ask_back": answer.ask_back,
        "proof": [dict(one) for one in answer.proof],
        "push": answer.push,
        "avoid": answer.avoid,
        "stay_true": answer.stay_true,
        "internal": list(answer.internal),
        "text": Prose(answer.source),
        "chosen": True if is_chosen else None,
        **{name: value for name, value in facts.items() if name not in OF_ASKED},
    }


OBJECTIONS_EXPORTED = ExportSource("objection", "objections", load_pages)
QUESTIONS_EXPORTED = ExportSource("question", "questions", load_pages)
