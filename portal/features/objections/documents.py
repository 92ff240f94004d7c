"""Objections and questions as search documents and as rows: what was asked and its answers are one document."""

from collections.abc import Container, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.features.objections.models import Answer, Asked
from portal.features.objections.queries import AskedRow, list_answer_rows, list_rows
from portal.features.objections.row_pages import answer_row_of, row_of
from portal.shared.files.queries import list_words
from portal.shared.finding.file_documents import documents_of_files, in_file, list_hit_names
from portal.shared.finding.finder import HitSource
from portal.shared.finding.indexing import DocumentSource, age_numbers, item_facets, standing_numbers
from portal.shared.finding.pages import Labels, ResultRow
from portal.shared.items.models import Item
from portal.shared.items.queries import list_audiences
from portal.shared.items.trust_queries import list_owned
from portal.shared.search_index.records import Document, Hit
from portal.shared.tags.models import Tag
from portal.shared.tags.queries import find_tags


def _list_ids(session: Session, kind: str) -> Sequence[int]:
    return session.scalars(
        select(Asked.id).where(Asked.kind == kind, Asked.status == "published", Asked.hidden_at.is_(None))
    ).all()


def load_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of what was asked and of the files that it and its answers show; hidden and missing ids give none.

    Seven statements for any number of ids.
    """
    asked = session.scalars(
        select(Asked).where(Asked.id.in_(ids), Asked.status == "published", Asked.hidden_at.is_(None))
    ).all()
    answers: dict[int, list[Answer]] = {}
    for answer in session.scalars(
        select(Answer)
        .where(Answer.asked_id.in_([one.id for one in asked]), Answer.hidden_at.is_(None), Answer.status == "published")
        .order_by(Answer.votes.desc(), Answer.id)
    ):
        answers.setdefault(answer.asked_id, []).append(answer)
    tags = find_tags(session, [one.id for one in asked])
    audiences = list_audiences(session, [one.id for one in asked])
    competitors = _competitor_slugs(session, asked)
    owned = list_owned(session, [one.best_answer_id for one in asked if one.best_answer_id])
    shown = [*asked, *(answer for given in answers.values() for answer in given)]
    words, documents = list_words(session, [item.id for item in shown]), list[Document]()
    for one in asked:
        mine = answers.get(one.id, [])
        competitor = competitors.get(one.competitor_id or 0, "")
        document = _document(one, mine, tags.get(one.id, []), audiences.get(one.id, ()), competitor, owned=owned)
        documents.append(document)
        for item in (one, *mine):
            documents += documents_of_files(one.title, document, words.get(item.id, ()))
    return documents


def _competitor_slugs(session: Session, asked: Sequence[Asked]) -> dict[int, str]:
    ids = sorted({one.competitor_id for one in asked if one.competitor_id})
    return {row[0]: row[1] for row in session.execute(select(Item.id, Item.slug).where(Item.id.in_(ids)))}


def _document(
    asked: Asked, answers: Sequence[Answer], tags: Sequence[Tag], audiences: Sequence[str], competitor: str,
    *, owned: Container[int],
) -> Document:  # fmt: skip
    best = next((answer for answer in answers if answer.id == asked.best_answer_id), None)
    shown = [text for answer in answers for text in _shown_words(answer)]
    facets = {
        "category": (asked.category,) if asked.category else (),
        "stage": (asked.stage,) if asked.stage else (),
        "competitor": (competitor,) if competitor else (),
        **item_facets(asked, tags, answers),
        "state": _states(best, is_owned=best is not None and best.id in owned),
    }
    key = f"{asked.kind}:{asked.id}"
    return Document(
        key=key,
        kind=asked.kind,
        group=key,
        title=asked.title,
        variants=tuple(asked.variants),
        say=best.say if best else "",
        body="\n".join([asked.source, *shown]),
        quiet="\n".join(line for answer in answers for line in answer.internal),
        tags=tuple(tag.name for tag in tags),
        facets=facets,
        audiences=tuple(audiences),
        numbers={
            **(standing_numbers(best) if best else {"votes": 0.0}),
            **age_numbers(asked, *answers),
        },
    )


def _shown_words(answer: Answer) -> list[str]:
    """Everything of an answer but its internal lines, which must never stand in a snippet."""
    proofs = [f"{one['claim']} {one['source']}" for one in answer.proof]
    words = [
        answer.say,
        answer.why,
        answer.ask_back,
        *proofs,
        answer.push,
        answer.avoid,
        answer.stay_true,
        answer.source,
    ]
    return [text for text in words if text]


def _states(best: Answer | None, *, is_owned: bool) -> tuple[str, ...]:
    """What holds until somebody changes it; what a day makes stale, `verify_by` tells the search."""
    if best is None:
        return ("unanswered",)
    return () if is_owned else ("unowned",)


def _rows(session: Session, actor: Actor, hits: Sequence[Hit], labels: Labels) -> Mapping[str, ResultRow]:
    """One statement for any number of hits, and one more where some lie in files."""
    numbers = {hit.key: int(hit.key.partition(":")[2].partition("#")[0]) for hit in hits}
    found: dict[int, AskedRow] = list_rows(session, actor, numbers.values())
    names = list_hit_names(session, actor, hits)
    rows = {
        hit.key: in_file(row_of(actor, found[number], labels), hit, names)
        for hit in hits
        if (number := numbers[hit.key]) in found
    }
    return {key: row for key, row in rows.items() if row}


def _answer_rows(session: Session, actor: Actor, hits: Sequence[Hit], labels: Labels) -> Mapping[str, ResultRow]:
    """Answers are found within what they answer; by themselves they stand in a kit."""
    found = list_answer_rows(session, actor, [int(hit.key.partition(":")[2]) for hit in hits])
    return {f"answer:{number}": answer_row_of(actor, one, labels) for number, one in found.items()}


OBJECTIONS = DocumentSource("objection", lambda session: _list_ids(session, "objection"), load_documents)
QUESTIONS = DocumentSource("question", lambda session: _list_ids(session, "question"), load_documents)
OBJECTION_HITS = HitSource("objection", "Objection", "Objections", _rows)
QUESTION_HITS = HitSource("question", "Question", "Questions", _rows)
ANSWER_HITS = HitSource("answer", "Answer", "Answers", _answer_rows)
