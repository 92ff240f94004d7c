"""Answers, objections and questions in the queue of what must be kept true: their words on a card."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, load_only

from portal.core.access import Actor
from portal.features.objections import policy
from portal.features.objections.forms import ANSWER_LABELS, ASKED_LABELS
from portal.features.objections.models import Answer
from portal.features.objections.retiring_operations import retire_answer, revive_answer
from portal.shared.items.models import Item
from portal.shared.items.policy import may_edit
from portal.shared.items.queries import url_of, visible_to
from portal.shared.people.models import Person
from portal.shared.review.cards import CardSource, CardWords, Rival, page_words

MOST_RIVALS = 5


def _answer_words(session: Session, actor: Actor, item: Item) -> CardWords | None:
    """The answer's line, and those that compete with it, the most useful first; one statement."""
    asked = aliased(Item)
    own = select(Answer.__table__.c.asked_id).where(Answer.__table__.c.id == item.id).scalar_subquery()
    in_view = select(Item.id).where(visible_to(actor)).correlate(None)
    rows = session.execute(
        select(Answer, Person, asked.kind, asked.id, asked.slug, asked.title)
        .join(asked, asked.id == Answer.asked_id)
        .join(Person, Person.id == Answer.author_id)
        .where(Answer.asked_id == own, visible_to(actor), asked.id.in_(in_view))
        .options(load_only(Answer.say, Answer.votes, Answer.status, Answer.author_id, Answer.owner_id))
        .order_by(Answer.votes.desc(), Answer.created_at, Answer.id)
    ).all()
    mine = next((row for row in rows if row[0].id == item.id), None)
    if mine is None:
        return None
    page = url_of(mine[2], mine[3], mine[4])
    rivals = [row for row in rows if row[0].id != item.id and row[0].status == "published"]
    return CardWords(
        url=f"{page}#answer-{item.id}",
        edit_url=f"{page}/answers/{item.id}/edit" if policy.may_edit_answer(actor, mine[0]) else "",
        title=mine[5],
        say=mine[0].say,
        rivals=[
            Rival(row[0].say, row[1].shown_name, row[0].votes, f"{page}#answer-{row[0].id}")
            for row in rivals[:MOST_RIVALS]
        ],
    )


def _asked_words(session: Session, actor: Actor, item: Item) -> CardWords | None:
    return page_words(item, may_edit=may_edit(actor, item))


_answer, _asked, _item = Answer.__table__, Answer.metadata.tables["asked"], Item.__table__


def _of_asked(kind: str, word: str) -> CardSource:
    unanswered = (
        select(_asked.c.id)
        .join(_item, _item.c.id == _asked.c.id)
        .where(_asked.c.answer_count == 0, _item.c.kind == kind, _item.c.status == "published")
    )
    return CardSource(kind=kind, word=word, words=_asked_words, labels=ASKED_LABELS, unanswered=unanswered)


ANSWERS = CardSource(
    kind="answer",
    word="Answer",
    words=_answer_words,
    labels=ANSWER_LABELS,
    verified=True,
    retire=retire_answer,
    revive=revive_answer,
    places=select(_answer.c.id.label("item_id"), _answer.c.asked_id.label("page_id")),
)
OBJECTIONS = _of_asked("objection", "Objection")
QUESTIONS = _of_asked("question", "Question")
