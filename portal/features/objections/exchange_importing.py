"""Objections and questions, with their answers, from the files of an export."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.core.markdown import MarkdownRefused
from portal.features.objections.forms import check_choices, read_answer, read_asked
from portal.features.objections.models import Answer, Asked, Objection, Question
from portal.features.objections.operations import (
    PreparedAnswer,
    PreparedAsked,
    add_answer,
    prepare_answer,
    prepare_asked,
    revise_answer,
    revise_asked,
    settle_best_answer,
    start_asked,
)
from portal.features.objections.pages import answer_values, asked_values
from portal.features.objections.queries import find_named_competitor
from portal.shared.exchange.forms import Facts, Given, Head, read_facts
from portal.shared.exchange.importing import EDITED, ImportSource, Taken, Ways
from portal.shared.exchange.linking import is_same
from portal.shared.exchange.operations import Desk, imported, is_edited_since, settle_facts, show_files, take_number
from portal.shared.items.models import Item
from portal.shared.tags.queries import find_tags

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer of a file as if it had been typed, and what the file says of it besides."""

    words: PreparedAnswer
    facts: Facts
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was asked, and its answers."""

    words: PreparedAsked
    answers: Sequence[GivenAnswer]


def prepare(given: Given, ways: Ways) -> Prepared:
    """Hold the words to the limits of what is typed."""
    head = given.head
    fields = Fields.of(
        title=given.title,
        text=ways.text(given.text, 0),
        variants="\n".join(head.lines("variants")),
        category=head.line("category"),
        stage=head.line("stage"),
        competitor=head.line("competitor"),
        tags=", ".join(head.lines("tags")),
    )
    answers = [_read_answer(entry, ways) for entry in head.entries("answers")]
    head.check()
    typed = read_asked(fields, given.kind)
    check_choices(typed, *(set(ways.terms[name]) for name in ("stage", "category", "competitor")))
    return Prepared(_within_limits(lambda: prepare_asked(typed)), answers)


def take(session: Session, desk: Desk, item: Item, given: Given, prepared: Prepared) -> Taken:
    """Write what is new of it; what is here and says the same is left, and so are answers that the file lacks."""
    if not isinstance(item, Asked) or item.kind != given.kind:
        raise Invalid({"id": "its number is that of something else here"})
    is_new = item.version == 0
    outcomes = {_take_asked(session, desk, item, given, prepared.words)}
    answers = session.scalars(select(Answer).where(Answer.asked_id == item.id).with_for_update()).all()
    for at, one in enumerate(prepared.answers, 1):
        outcomes.add(_take_answer(session, desk, item, given, (one, answers, at)))
    if is_new:
        return Taken("created")
    if "updated" in outcomes or "created" in outcomes:
        return Taken("updated")
    return EDITED if "skipped" in outcomes else Taken("unchanged")


def _take_asked(session: Session, desk: Desk, asked: Asked, given: Given, words: PreparedAsked) -> str:
    author, snapshot = desk.author(session, given.facts), imported(words.given.content(), given)
    if not asked.version:
        asked.author_id, asked.status, asked.answer_count = author.person_id, given.facts.status, 0
        words = replace(words, given=replace(words.given, audience=desk.audience(given.facts)))
        with clock.at(given.facts.changed or clock.now()):
            start_asked(session, author, asked, words, snapshot)
        settle_facts(session, desk, asked, given.facts)
    elif _is_same_asked(session, asked, words):
        return "unchanged"
    elif not desk.force and is_edited_since(session, asked, given.facts.changed):
        desk.notes["what was asked was edited in the portal since"] = None
        return "skipped"
    else:
        revise_asked(session, author, asked, words, snapshot)
    show_files(session, desk, asked, words.rendered.file_ids)
    return "updated"


def _take_answer(
    session: Session, desk: Desk, asked: Asked, given: Given, place: tuple[GivenAnswer, Sequence[Answer], int]
) -> str:
    one, answers, at = place
    author, snapshot = desk.author(session, one.facts), imported(one.words.given.content(), given)
    known = next((answer for answer in answers if answer.created_at == one.facts.created), None)
    outcome = "updated"
    if known is None:
        known = Answer(id=take_number(session, one.facts.number), author_id=author.person_id, status=one.facts.status)
        with clock.at(one.facts.changed or clock.now()):
            add_answer(session, author, asked, known, prepared=one.words, snapshot=snapshot)
        settle_facts(session, desk, known, one.facts)
        outcome = "created"
    elif _is_same_answer(known, one.words):
        outcome = "unchanged"
    elif known.hidden_at is not None:
        desk.notes[f"answer {at} was taken from view in the portal"] = None
        outcome = "skipped"
    elif not desk.force and is_edited_since(session, known, one.facts.changed):
        desk.notes[f"answer {at} was edited in the portal since"] = None
        outcome = "skipped"
    else:
        revise_answer(session, author, known, one.words, snapshot)
    if outcome in ("created", "updated"):
        show_files(session, desk, known, one.words.rendered.file_ids)
        if one.is_chosen and outcome == "created":
            asked.chosen_answer_id = known.id
        settle_best_answer(session, asked.id)
    return outcome


def _read_answer(entry: Head, ways: Ways) -> GivenAnswer:
    facts = read_facts(entry)
    proof = [(one.line("claim"), one.line("source")) for one in entry.entries("proof")]
    fields = Fields.of(
        **{name: entry.line(name) for name in ("say", "why", "ask_back", "push", "avoid", "stay_true")},
        proof="\n".join(f"{claim} | {source}" for claim, source in proof),
        internal="\n".join(entry.lines("internal")),
        text=ways.text(entry.line("text"), facts.number),
    )
    try:
        words = _within_limits(lambda: prepare_answer(read_answer(fields)))
    except Invalid as refused:
        raise Invalid({name: f"{entry.place}{text}" for name, text in refused.errors.items()}) from None
    return GivenAnswer(words, facts, entry.flag("chosen"))


def _within_limits(prepare_words: Callable[[], T]) -> T:
    try:
        return prepare_words()
    except MarkdownRefused as refused:
        raise Invalid({"text": f"Text: {refused}"}) from None


def _is_same_asked(session: Session, asked: Asked, words: PreparedAsked) -> bool:
    given = words.given
    shown = asked_values(asked, find_named_competitor(session, asked), ())
    tags = {tag.name for tag in find_tags(session, [asked.id]).get(asked.id, ())}
    typed = {**shown, "title": given.title, "category": given.category, "stage": given.stage,
             "competitor": given.competitor, "variants": "\n".join(given.variants)}  # fmt: skip
    return shown == typed and tags == set(given.tags) and is_same(asked.source, given.text)


def _is_same_answer(answer: Answer, words: PreparedAnswer) -> bool:
    shown, given = answer_values(answer), words.given
    proof = "\n".join(f"{one.claim} | {one.source}" for one in given.proof)
    typed = {**given.content(), "proof": proof, "internal": "\n".join(given.internal), "text": shown["text"]}
    return shown == typed and is_same(answer.source, given.text)


OBJECTIONS_IMPORTED = ImportSource("objection", Objection, prepare, take)
QUESTIONS_IMPORTED = ImportSource("question", Question, prepare, take)
