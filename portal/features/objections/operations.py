"""Writes: ask, answer, edit, choose. Each takes the actor, asks the policy again, flushes and publishes."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from portal import events
from portal.core.access import Actor
from portal.core.bus import publish
from portal.core.errors import NotFound, require
from portal.core.ids import slugify
from portal.core.jobs import enqueue
from portal.core.markdown import Rendered, render
from portal.features.objections import policy
from portal.features.objections.forms import AnswerInput, AskedInput
from portal.features.objections.models import Answer, Asked, Objection, Question
from portal.features.objections.queries import find_answer, find_competitor_slug
from portal.shared.files.operations import set_files
from portal.shared.items.models import Item
from portal.shared.items.operations import Snapshot, check_version, lock_item, lock_visible, revise_item, start_item
from portal.shared.items.queries import list_audiences
from portal.shared.tags.operations import set_tags

KINDS: dict[str, type[Asked]] = {"objection": Objection, "question": Question}


@dataclass(frozen=True, slots=True)
class PreparedAsked:
    """Typed words and their HTML, made outside the write lock."""

    given: AskedInput
    rendered: Rendered


@dataclass(frozen=True, slots=True)
class PreparedAnswer:
    """Typed words and their HTML, made outside the write lock."""

    given: AnswerInput
    rendered: Rendered


def prepare_asked(given: AskedInput) -> PreparedAsked:
    """Render the text; MarkdownRefused where it breaks a limit."""
    return PreparedAsked(given, render(given.text))


def prepare_answer(given: AnswerInput) -> PreparedAnswer:
    """Render the text; MarkdownRefused where it breaks a limit."""
    return PreparedAnswer(given, render(given.text))


def ask(session: Session, actor: Actor, kind: str, prepared: PreparedAsked) -> Asked:
    """Put an objection or a question before the colleagues."""
    asked = KINDS[kind](author_id=actor.person_id, status="published", answer_count=0)
    start_asked(session, actor, asked, prepared, Snapshot(prepared.given.content(), prepared.given.reason))
    return asked


def start_asked(session: Session, actor: Actor, asked: Asked, prepared: PreparedAsked, snapshot: Snapshot) -> None:
    """Give a new objection or question its first words, and tell of it."""
    _set_asked(session, asked, prepared)
    start_item(session, asked, prepared.rendered, snapshot, prepared.given.audience)
    set_tags(session, asked.id, prepared.given.tags)
    set_files(session, actor, asked.id, prepared.rendered.file_ids)
    publish(session, events.ObjectionAsked(asked.id, asked.kind, actor.person_id))


def edit_asked(session: Session, actor: Actor, asked_id: int, prepared: PreparedAsked, base_version: int) -> Asked:
    """Change the words of what was asked; Overtaken where somebody saved meanwhile."""
    asked = lock_visible(session, actor, Asked, asked_id)
    require(policy.may_edit_asked(actor, asked), "Only the asker and managers may change this.")
    check_version(asked, base_version)
    prepared = replace(prepared, given=_with_unseen_rival(session, actor, asked, prepared.given))
    revise_asked(session, actor, asked, prepared, Snapshot(prepared.given.content(), prepared.given.reason))
    return asked


def revise_asked(session: Session, actor: Actor, asked: Asked, prepared: PreparedAsked, snapshot: Snapshot) -> None:
    """Give what was asked its next words; the caller has locked it, and asked whether the actor may."""
    _set_asked(session, asked, prepared)
    set_tags(session, asked.id, prepared.given.tags)
    set_files(session, actor, asked.id, prepared.rendered.file_ids)
    revise_item(session, actor, asked, prepared.rendered, snapshot)


def post_answer(session: Session, actor: Actor, asked_id: int, prepared: PreparedAnswer) -> Answer:
    """Answer; the answer takes the audience of what was asked."""
    asked = lock_visible(session, actor, Asked, asked_id)
    require(policy.may_answer(actor, asked), "This is closed; it takes no more answers.")
    answer = Answer(author_id=actor.person_id, owner_id=actor.person_id, status="published")
    snapshot = Snapshot(prepared.given.content(), prepared.given.reason)
    add_answer(session, actor, asked, answer, prepared=prepared, snapshot=snapshot)
    return answer


def add_answer(
    session: Session, actor: Actor, asked: Asked, answer: Answer, *, prepared: PreparedAnswer, snapshot: Snapshot
) -> None:
    """Put a new answer below what was asked, whose audience it takes; the caller holds the lock of that."""
    answer.asked_id, answer.slug = asked.id, ""
    _set_answer(answer, prepared.given)
    audience = list_audiences(session, [asked.id])[asked.id]
    start_item(session, answer, prepared.rendered, snapshot, audience)
    if prepared.rendered.file_ids:
        set_files(session, actor, answer.id, prepared.rendered.file_ids)
    settle_best_answer(session, asked.id)
    publish(session, events.AnswerPosted(answer.id, asked.id, asked.kind, actor.person_id))


def edit_answer(session: Session, actor: Actor, answer_id: int, prepared: PreparedAnswer, base_version: int) -> Answer:
    """Change the words of an answer; Overtaken where somebody saved meanwhile."""
    answer = lock_visible(session, actor, Answer, answer_id)
    if find_answer(session, actor, answer_id) is None:
        raise NotFound
    require(policy.may_edit_answer(actor, answer), "Only its author and managers may change this.")
    check_version(answer, base_version)
    revise_answer(session, actor, answer, prepared, Snapshot(prepared.given.content(), prepared.given.reason))
    return answer


def revise_answer(session: Session, actor: Actor, answer: Answer, prepared: PreparedAnswer, snapshot: Snapshot) -> None:
    """Give an answer its next words; the caller has locked it, and asked whether the actor may."""
    _set_answer(answer, prepared.given)
    set_files(session, actor, answer.id, prepared.rendered.file_ids)
    revise_item(session, actor, answer, prepared.rendered, snapshot)


def choose_answer(session: Session, actor: Actor, asked_id: int, answer_id: int) -> None:
    """Mark the asker's choice; the same answer again takes it back."""
    asked = lock_visible(session, actor, Asked, asked_id)
    require(policy.may_choose(actor, asked), "The choice is the asker's.")
    answer = find_answer(session, actor, answer_id)
    if answer is None or answer.asked_id != asked.id:
        raise NotFound
    taken_back = asked.chosen_answer_id == answer.id
    asked.chosen_answer_id = None if taken_back else answer.id
    settle_best_answer(session, asked.id)
    event = events.AnswerUnaccepted if taken_back else events.AnswerAccepted
    publish(session, event(answer.id, asked.id, asked.kind, actor.person_id))


def settle_best_answer(session: Session, asked_id: int) -> None:
    """Count the visible answers and name the best: the choice, else the most useful, else the oldest.

    The caller holds the lock of the asked row; `portal counts check|repair` proves both figures.
    """
    session.flush()
    settled = session.execute(_SETTLE, {"of_asked": asked_id}).first()
    found = session.get(Asked, asked_id)
    if found is not None and settled is not None:
        set_committed_value(found, "best_answer_id", settled.best_answer_id)
        set_committed_value(found, "answer_count", settled.answer_count)


def best_of(asked_id: object) -> tuple[object, object]:
    """The scalar subqueries of the best answer and of the count of answers; `asked_id` may be a column."""
    asked = aliased(Asked.__table__)
    item, answer = Item.__table__, Answer.__table__
    visible = select(answer.c.id).join(item, item.c.id == answer.c.id).where(
        answer.c.asked_id == asked_id, item.c.hidden_at.is_(None), item.c.status == "published"
    )  # fmt: skip
    chosen = select(asked.c.chosen_answer_id).where(asked.c.id == asked_id).scalar_subquery()
    best = visible.order_by(
        case((answer.c.id == chosen, 0), else_=1), item.c.votes.desc(), item.c.created_at, item.c.id
    ).limit(1)
    return best.scalar_subquery(), select(func.count()).select_from(visible.subquery()).scalar_subquery()


def _settling() -> Any:
    best, count = best_of(bindparam("of_asked"))
    asked = Asked.__table__
    return (
        update(asked)  # type: ignore[arg-type]
        .where(asked.c.id == bindparam("of_asked"))
        .values(best_answer_id=best, answer_count=count)
        .returning(asked.c.best_answer_id, asked.c.answer_count)
    )


_SETTLE = _settling()


def _set_asked(session: Session, asked: Asked, prepared: PreparedAsked) -> None:
    given = prepared.given
    asked.title, asked.slug, asked.source = given.title, slugify(given.title), given.text
    asked.variants = list(given.variants)
    asked.category, asked.stage = given.category or None, given.stage or None
    asked.competitor_id = session.scalar(
        select(Item.id).where(Item.kind == "competitor", Item.slug == given.competitor)
    ) if given.competitor else None  # fmt: skip


def _with_unseen_rival(session: Session, actor: Actor, asked: Asked, given: AskedInput) -> AskedInput:
    """What was typed, with the competitor of before where its writer could not see that there is one."""
    if given.competitor or asked.competitor_id is None or find_competitor_slug(session, actor, asked):
        return given
    rival = session.get(Item, asked.competitor_id)
    return replace(given, competitor=rival.slug) if rival else given


def _set_answer(answer: Answer, given: AnswerInput) -> None:
    answer.title, answer.say, answer.source = given.say[:300], given.say, given.text
    answer.why, answer.ask_back, answer.push = given.why, given.ask_back, given.push
    answer.avoid, answer.stay_true = given.avoid, given.stay_true
    answer.proof = [{"claim": one.claim, "source": one.source} for one in given.proof]
    answer.internal = list(given.internal)


def hear_answer_changed(session: Session, event: events.ItemEvent | events.VoteTaken | events.VoteWithdrawn) -> None:
    """A vote, an edit, a verification or a hiding of an answer may change which answer is best, and what is found."""
    if event.kind != "answer":
        return
    asked_id = session.scalar(select(Answer.__table__.c.asked_id).where(Answer.__table__.c.id == event.item_id))
    if asked_id is not None:
        asked = lock_item(session, asked_id)
        settle_best_answer(session, asked_id)
        enqueue(session, "index", f"{asked.kind}:{asked_id}")


def hear_presence(session: Session, event: events.PresenceChanged) -> None:
    """The answers of somebody who leaves are without an owner, and are found as such by what they answer."""
    asked = select(Asked.kind, Asked.id).where(Asked.best_answer_id.in_(
        select(Item.id).where(Item.owner_id == event.person_id, Item.kind == "answer")
    ))  # fmt: skip
    for kind, asked_id in session.execute(asked):
        enqueue(session, "index", f"{kind}:{asked_id}")


def hear_answer_found(session: Session, event: events.ItemEvent) -> None:
    """The files of an answer, and who keeps it true, are found with what it answers; which is best stays."""
    if event.kind != "answer":
        return
    answer = Answer.__table__.c
    row = session.execute(
        select(Item.kind, Item.id).join(Answer.__table__, answer.asked_id == Item.id).where(answer.id == event.item_id)
    ).first()
    if row is not None:
        enqueue(session, "index", f"{row.kind}:{row.id}")
