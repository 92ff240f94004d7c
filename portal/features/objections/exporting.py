"""Objections and questions as a CSV file: a row for each answer, with all that an import needs to make them again."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core import csvfiles
from portal.core.access import Actor
from portal.features.objections.models import Answer, Asked
from portal.features.objections.pages import answer_values, asked_values
from portal.features.objections.queries import list_competitors
from portal.shared.items.models import Item
from portal.shared.items.queries import list_audiences, visible_to
from portal.shared.people.queries import audience_names
from portal.shared.tags.queries import find_tags

ASKED_COLUMNS = ("ref", "kind", "title", "detail", "variants", "category", "stage", "competitor", "tags", "audience",
                 "asked_by", "asked_at")  # fmt: skip
ANSWER_COLUMNS = ("answer_ref", "say", "why", "ask_back", "proof", "push", "avoid", "stay_true", "internal", "more",
                  "answered_by", "answered_at", "chosen")  # fmt: skip
COLUMNS = (*ASKED_COLUMNS, *ANSWER_COLUMNS)
SOURCE = "csv:"
BATCH = 200


def export_objections(session: Session, actor: Actor) -> bytes:
    """The file with everything that this person may see, oldest first; internal lines stand apart, in `internal`."""
    ids = session.scalars(select(Asked.id).where(visible_to(actor)).order_by(Asked.created_at, Asked.id)).all()
    return csvfiles.write(COLUMNS, _rows(session, actor, ids))


def reference(item: Item) -> str:
    """The name of an item in the file: the one that it was imported under, else its kind and id."""
    if item.source_ref and item.source_ref.startswith(SOURCE):
        return item.source_ref.removeprefix(SOURCE)
    return f"{item.kind}-{item.id}"


def _rows(session: Session, actor: Actor, ids: Sequence[int]) -> Iterator[list[str]]:
    names = audience_names(session)
    rivals = {one.id: one.slug for one in list_competitors(session, actor)}
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        asked = session.scalars(
            select(Asked)
            .where(Asked.id.in_(batch))
            .options(joinedload(Asked.author))
            .order_by(Asked.created_at, Asked.id)
        ).all()
        answers: dict[int, list[Answer]] = {}
        for answer in session.scalars(
            select(Answer)
            .where(Answer.asked_id.in_(batch), visible_to(actor))
            .options(joinedload(Answer.author))
            .order_by(Answer.created_at, Answer.id)
        ):
            answers.setdefault(answer.asked_id, []).append(answer)
        tags, marks = find_tags(session, batch), list_audiences(session, batch)
        for one in asked:
            values = asked_values(one, rivals.get(one.competitor_id or 0, ""), tags.get(one.id, []))
            audience = " ".join(names[mark] for mark in marks.get(one.id, ()) if mark in names)
            cells = _asked_cells(one, values, audience)
            given = [_answer_cells(answer, one) for answer in answers.get(one.id, [])]
            for answer_cells in given or [[""] * len(ANSWER_COLUMNS)]:
                yield cells + answer_cells


def _asked_cells(asked: Asked, values: dict[str, str], audience: str) -> list[str]:
    own = {
        **values,
        "ref": reference(asked),
        "kind": asked.kind,
        "detail": asked.source,
        "audience": audience,
        "asked_by": asked.author.email,
        "asked_at": asked.created_at.isoformat(),
    }
    return [own[column] for column in ASKED_COLUMNS]


def _answer_cells(answer: Answer, asked: Asked) -> list[str]:
    own = {
        **answer_values(answer),
        "answer_ref": reference(answer),
        "more": answer.source,
        "answered_by": answer.author.email,
        "answered_at": answer.created_at.isoformat(),
        "chosen": "yes" if asked.chosen_answer_id == answer.id else "",
    }
    return [own[column] for column in ANSWER_COLUMNS]
