"""Reads objections, questions and their answers; an answer's earlier words are its last ones, edits taken back."""

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from portal.demo.records import Record, open_list
from portal.demo.story import AnswerEdit, StoryAnswer, StoryAsked, Verified
from portal.features.objections.forms import AnswerInput, AskedInput, Proof

CARD = tuple(one.name for one in fields(AnswerInput) if one.name != "reason")
MOST_USEFUL = 40


def read_all(folder: Path, mistakes: list[str]) -> Iterator[StoryAsked]:
    """Every objection, one file a category named by its slug, and every question."""
    for path in sorted((folder / "objections").glob("*.yaml")):
        for record in open_list(path, mistakes):
            yield _asked(record, "objection", path.stem)
    for record in open_list(folder / "questions.yaml", mistakes):
        yield _asked(record, "question", "")


def read_verified(record: Record) -> Verified | None:
    """`verified: d-20 priya`: the day, at the end of its afternoon, and the manager."""
    if not record.has("verified"):
        return None
    day, _, by = record.text("verified").partition(" ")
    return Verified(Record(record.where, {"verified": day}, record.mistakes).offset("verified", clock="17:40"), by)


def _asked(record: Record, kind: str, category: str) -> StoryAsked:
    key = record.text("key")
    answers = tuple(_answer(one, f"{key}/{number}") for number, one in enumerate(record.records("answers")))
    found = StoryAsked(
        key=key,
        kind=kind,
        by=record.text("by"),
        at=record.offset("at"),
        given=AskedInput(
            title=record.text("said"),
            text=record.text("detail", ""),
            variants=record.texts("variants") if kind == "objection" else (),
            category=category,
            stage=record.text("stage", ""),
            competitor=record.text("competitor", ""),
            tags=record.texts("tags"),
        ),
        answers=answers,
        chosen=record.number("chosen", 0, len(answers) - 1) if record.has("chosen") else None,
    )
    record.close()
    return found


def _answer(record: Record, key: str) -> StoryAnswer:
    first, edits = _wind_back(record, AnswerInput(**{name: _field(record, name) for name in CARD}))
    found = StoryAnswer(
        key=key,
        by=record.text("by"),
        at=record.offset("at"),
        first=first,
        edits=edits,
        useful=record.number("useful", 0, MOST_USEFUL),
        verified=read_verified(record),
    )
    record.close()
    return found


def _wind_back(record: Record, last: AnswerInput) -> tuple[AnswerInput, tuple[AnswerEdit, ...]]:
    """The first words, and what each edit made of them: an edit lists what its fields said before."""
    after, edits = last, list[AnswerEdit]()
    for edit in reversed(list(record.records("edits"))):
        before = edit.record("before")
        old = {name: _field(before, name) for name in CARD if name in before.names()}
        before.close()
        edits.append(AnswerEdit(edit.offset("at"), edit.text("by"), replace(after, reason=edit.text("reason"))))
        after = replace(after, **old)
        edit.close()
    return after, tuple(reversed(edits))


def _field(record: Record, name: str) -> Any:
    if name == "proof":
        return tuple(_proof(one) for one in record.records(name))
    if name == "internal":
        return record.texts(name)
    return record.text(name, None if name == "say" else "")


def _proof(record: Record) -> Proof:
    """A proof point; `source` is still the key of the source, the reader of the portal gets its name."""
    found = Proof(record.text("claim"), record.text("source"))
    record.close()
    return found
