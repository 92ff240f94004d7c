"""Reads of objections, questions and answers; everything begins with `visible_to`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, load_only

from portal.core.access import Actor
from portal.features.objections.models import Answer, Asked, Objection, Question
from portal.shared.items.models import Item, ItemMove
from portal.shared.items.queries import VISIBLE, seen_by, visible_to
from portal.shared.items.trust_policy import Keepers
from portal.shared.items.trust_queries import is_owned, with_keepers
from portal.shared.people.models import Person
from portal.shared.people.queries import OF_A_LINK
from portal.shared.votes.models import Vote

PAGE = 30
CLASSES: dict[str, type[Asked]] = {"objection": Objection, "question": Question}


# Built once: the pages and rows of a search run these, and building a statement costs more than running it.
_ASKED = {
    kind: select(one)
    .where(one.id == bindparam("asked_id"), VISIBLE)
    .options(joinedload(one.author).load_only(*OF_A_LINK), joinedload(one.competitor).load_only(Item.slug))
    for kind, one in CLASSES.items()
}
_ANSWERS = (
    with_keepers(select(Answer, exists().where(Vote.item_id == Answer.id, Vote.person_id == bindparam("viewer_id"))))
    .where(Answer.asked_id == bindparam("asked_id"), VISIBLE)
    .options(joinedload(Answer.author).load_only(*OF_A_LINK))
    .order_by(Answer.votes.desc(), Answer.created_at, Answer.id)
)


# What a row shows: every column more costs a search some time, for each of its hits.
_OF_A_ROW = (Asked.kind, Asked.title, Asked.slug, Asked.category, Asked.stage, Asked.answer_count)


def _words_of(answer: Any) -> Sequence[Any]:
    """The columns of an answer that its row shows; of the class or an alias of it."""
    return (
        answer.kind, answer.author_id, answer.status, answer.verified_on, answer.verify_by, answer.votes,
        answer.say, answer.proof,
    )  # fmt: skip


def _rows() -> Any:
    answer, author, vote = aliased(Answer, flat=True), aliased(Person), aliased(Vote)
    return (
        select(Asked, answer, author, vote.item_id, is_owned(answer))
        .outerjoin(answer, answer.id == Asked.best_answer_id)
        .outerjoin(author, author.id == answer.author_id)
        .outerjoin(vote, (vote.item_id == answer.id) & (vote.person_id == bindparam("viewer_id")))
        .where(VISIBLE)
        .options(
            load_only(*_OF_A_ROW, raiseload=True),
            load_only(*_words_of(answer), raiseload=True),
            load_only(author.name, author.state, raiseload=True),
        )
    )


_ROWS = _rows()
_ROWS_BY_ID = _ROWS.where(Asked.id.in_(bindparam("ids", expanding=True)))


def _answer_rows() -> Any:
    asked, vote = aliased(Item), aliased(Vote)
    return (
        select(Answer, asked.kind, asked.id, asked.slug, asked.title, vote.item_id, is_owned(Answer))
        .join(asked, asked.id == Answer.asked_id)
        .outerjoin(vote, (vote.item_id == Answer.id) & (vote.person_id == bindparam("viewer_id")))
        .where(VISIBLE, Answer.asked_id.in_(select(Item.id).where(VISIBLE).correlate(None)))
        .where(Answer.id.in_(bindparam("ids", expanding=True)))
        .options(
            load_only(*_words_of(Answer), raiseload=True),
            joinedload(Answer.author).load_only(Person.name, Person.state, raiseload=True),
        )
    )


_ANSWER_ROWS = _answer_rows()


@dataclass(frozen=True, slots=True)
class AskedRow:
    """What was asked, its shown answer with author, whether the reader found that useful, and whether it is owned."""

    asked: Asked
    answer: Answer | None
    author: Person | None
    is_voted: bool
    is_owned: bool


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer, what it answers, whether the reader found it useful, and whether somebody owns it."""

    answer: Answer
    asked_kind: str
    asked_id: int
    asked_slug: str
    asked_title: str
    is_voted: bool
    is_owned: bool


@dataclass(frozen=True, slots=True)
class AnswerFound:
    """An answer, whether the reader found it useful, and who keeps it true."""

    answer: Answer
    is_voted: bool
    keepers: Keepers


def find_asked(session: Session, actor: Actor, asked_id: int, kind: str) -> Asked | None:
    """One visible objection or question with its author and the competitor that was named."""
    return session.scalars(_ASKED[kind], {"asked_id": asked_id, **seen_by(actor)}).first()


def find_answer(session: Session, actor: Actor, answer_id: int) -> Answer | None:
    """One visible answer with its author; what it answers must be visible too."""
    answer = session.scalars(
        select(Answer).where(Answer.id == answer_id, visible_to(actor)).options(joinedload(Answer.author))
    ).first()
    if answer is None:
        return None
    parent = session.scalar(select(Item.id).where(Item.id == answer.asked_id, visible_to(actor)))
    return answer if parent else None


def list_answers(session: Session, actor: Actor, asked: Asked) -> Sequence[AnswerFound]:
    """The visible answers, best first, obsolete ones last; one statement."""
    rows = session.execute(_ANSWERS, {"asked_id": asked.id, **seen_by(actor)})
    found = [AnswerFound(row[0], row[1], Keepers(*row[2:])) for row in rows]
    return sorted(found, key=lambda one: (one.answer.status == "obsolete", one.answer.id != asked.chosen_answer_id))


def list_retired(session: Session, answers: Iterable[Answer]) -> dict[int, str]:
    """Why obsolete answers hold no more, by their numbers; one statement, none where there is no obsolete one."""
    ids = sorted(answer.id for answer in answers if answer.status == "obsolete")
    if not ids:
        return {}
    moves = select(ItemMove.item_id, ItemMove.note).where(ItemMove.item_id.in_(ids), ItemMove.verb == "make_obsolete")
    return {row[0]: row[1] for row in session.execute(moves.order_by(ItemMove.id))}


def list_rows(session: Session, actor: Actor, asked_ids: Iterable[int]) -> dict[int, AskedRow]:
    """Rows of visible objections and questions with their shown answers, in one statement."""
    wanted = sorted(set(asked_ids))
    if not wanted:
        return {}
    rows = session.execute(_ROWS_BY_ID, {"ids": wanted, **seen_by(actor)}).all()
    return {row[0].id: AskedRow(row[0], row[1], row[2], row[3] is not None, row[4]) for row in rows}


def list_answer_rows(session: Session, actor: Actor, answer_ids: Iterable[int]) -> dict[int, AnswerRow]:
    """Rows of visible answers to what is visible too, in one statement."""
    wanted = sorted(set(answer_ids))
    if not wanted:
        return {}
    rows = session.execute(_ANSWER_ROWS, {"ids": wanted, **seen_by(actor)}).all()
    return {row[0].id: AnswerRow(row[0], row[1], row[2], row[3], row[4], row[5] is not None, row[6]) for row in rows}


def list_asked(
    session: Session, actor: Actor, kind: str, *, category: str = "", unanswered: bool = False, page: int = 1
) -> tuple[list[AskedRow], int]:
    """A page of objections or questions, newest first, and how many there are in all."""
    conditions = [Asked.kind == kind]
    if category:
        conditions.append(Asked.category == category)
    if unanswered:
        conditions.append(Asked.answer_count == 0)
    total = session.scalar(select(func.count()).select_from(Asked).where(visible_to(actor), *conditions)) or 0
    rows = session.execute(
        _ROWS.where(*conditions)
        .order_by(Asked.created_at.desc(), Asked.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE),
        seen_by(actor),
    ).all()
    return [AskedRow(row[0], row[1], row[2], row[3] is not None, row[4]) for row in rows], total


def count_by_category(session: Session, actor: Actor) -> dict[str, int]:
    """How many visible objections each category has."""
    rows = session.execute(
        select(Objection.category, func.count())
        .where(visible_to(actor), Objection.category.is_not(None))
        .group_by(Objection.category)
    )
    return {category: count for category, count in rows if category}


def list_competitors(session: Session, actor: Actor) -> Sequence[Item]:
    """The competitors that one may choose from, by name."""
    return session.scalars(select(Item).where(Item.kind == "competitor", visible_to(actor)).order_by(Item.title)).all()


def find_competitor_slug(session: Session, actor: Actor, asked: Asked) -> str:
    """The slug of the competitor that was named, or nothing where none is that this person may see."""
    if asked.competitor_id is None:
        return ""
    return session.scalar(select(Item.slug).where(Item.id == asked.competitor_id, visible_to(actor))) or ""


def find_named_competitor(session: Session, asked: Asked) -> str:
    """The same for imports, which compare with what stands, whoever may see it."""
    return session.scalar(select(Item.slug).where(Item.id == asked.competitor_id)) or "" if asked.competitor_id else ""
