"""Objections and questions from a CSV file: a row is taken whole or not at all, and a second run changes nothing."""

import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.csvfiles import CsvRow
from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.core.markdown import MarkdownRefused
from portal.core.reports import Entry, Outcome
from portal.features.objections.exporting import ANSWER_COLUMNS, ASKED_COLUMNS, SOURCE
from portal.features.objections.forms import AnswerInput, AskedInput, check_choices, read_answer, read_asked
from portal.features.objections.models import Answer, Asked
from portal.features.objections.operations import (
    ask,
    choose_answer,
    edit_answer,
    edit_asked,
    post_answer,
    prepare_answer,
    prepare_asked,
)  # fmt: skip
from portal.features.objections.pages import answer_values, asked_values
from portal.features.objections.queries import find_named_competitor
from portal.shared.items.models import Item
from portal.shared.people.queries import audience_names, find_author, find_by_email
from portal.shared.tags.models import Term
from portal.shared.tags.queries import find_tags

REQUIRED = ("title",)
OPTIONAL = tuple(name for name in (*ASKED_COLUMNS, *ANSWER_COLUMNS) if name not in REQUIRED)
_OWN_REF = re.compile(r"(objection|question|answer)-(\d{1,15})\Z")
_RENAMED = {"text": "detail"}
_ANSWER_RENAMED = {"text": "more"}


class Importer:
    """Takes the rows of one file in order; the caller gives each row a transaction of its own and commits."""

    def __init__(self, default_author: str = "") -> None:
        self.default_author = default_author
        self._first: dict[str, tuple[CsvRow, int]] = {}

    def take(self, session: Session, row: CsvRow) -> list[Entry]:
        """Write one row; entries of outcome `error` mean that the caller must roll back."""
        if row.problem:
            return [Entry(row.where, "error", row.problem)]
        try:
            return [self._take(session, row)]
        except _CellsRefused as refused:
            return [Entry(row.where, "error", text, column) for column, text in refused.messages.items()]

    def _take(self, session: Session, row: CsvRow) -> Entry:
        key = row.cells["ref"] or row.cells["title"].strip().lower()
        outcomes: set[Outcome] = set()
        first, asked_id = self._first.get(key, (row, 0))
        if first is row:  # also where a unit is repeated: what it wrote before was rolled back
            asked, outcome = self._take_asked(session, row)
            outcomes.add(outcome)
        else:
            _check_same(first, row)
            asked = session.get_one(Asked, asked_id)
        if row.cells["say"].strip():
            outcomes.add(self._take_answer(session, row, asked))
        self._first[key] = (first, asked.id)
        return Entry(
            row.where, "created" if "created" in outcomes else "updated" if "updated" in outcomes else "unchanged"
        )

    def _take_asked(self, session: Session, row: CsvRow) -> tuple[Asked, Outcome]:
        kind = row.cells["kind"].strip() or "objection"
        if kind not in ("objection", "question"):
            raise _CellsRefused({"kind": f"“{kind}” is neither objection nor question"})
        fields = _fields(row, ASKED_COLUMNS, _RENAMED)
        fields_audience = _audience(session, row)
        given = _checked(lambda: read_asked(fields, kind), _RENAMED)
        _checked(lambda: _check_vocabularies(session, given), _RENAMED)
        prepared = _checked(lambda: prepare_asked(given), _RENAMED)
        known = _known(session, row.cells["ref"], Asked, kind, title=given.title)
        if known is not None:
            author = find_author(session, known.author_id)
            tags = find_tags(session, [known.id]).get(known.id, [])
            if _same(asked_values(known, find_named_competitor(session, known), tags), given):
                return known, "unchanged"
            return edit_asked(session, author, known.id, prepared, known.version), "updated"
        author = self._author(session, row, "asked_by")
        prepared = type(prepared)(_with_audience(given, fields_audience), prepared.rendered)
        with _moment(row, "asked_at"):
            asked = ask(session, author, kind, prepared)
        asked.source_ref = SOURCE + row.cells["ref"] if row.cells["ref"] else None
        session.flush()
        return asked, "created"

    def _take_answer(self, session: Session, row: CsvRow, asked: Asked) -> Outcome:
        fields = _fields(row, ANSWER_COLUMNS, _ANSWER_RENAMED)
        given = _checked(lambda: read_answer(fields), _ANSWER_RENAMED)
        prepared = _checked(lambda: prepare_answer(given), _ANSWER_RENAMED)
        known = _known(session, row.cells["answer_ref"], Answer, "answer", say=given.say, asked_id=asked.id)
        outcome: Outcome = "unchanged"
        if known is None:
            author = self._author(session, row, "answered_by")
            with _moment(row, "answered_at"):
                known = post_answer(session, author, asked.id, prepared)
            known.source_ref = SOURCE + row.cells["answer_ref"] if row.cells["answer_ref"] else None
            outcome = "created"
        elif not _same(answer_values(known), given):
            known = edit_answer(session, find_author(session, known.author_id), known.id, prepared, known.version)
            outcome = "updated"
        wanted = row.cells["chosen"].strip().lower() in ("yes", "1", "true", "x")
        if wanted and asked.chosen_answer_id != known.id:
            choose_answer(session, find_author(session, asked.author_id), asked.id, known.id)
            outcome = "updated" if outcome == "unchanged" else outcome
        session.flush()
        return outcome

    def _author(self, session: Session, row: CsvRow, column: str) -> Actor:
        mail = row.cells[column].strip() or self.default_author
        person = find_by_email(session, mail) if mail else None
        if person is None:
            raise _CellsRefused({column: f"nobody here has the mail address “{mail}”" if mail else "no mail address"})
        return find_author(session, person.id)


class _CellsRefused(Exception):
    """Messages by column."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        super().__init__(str(messages))
        self.messages = messages


def _fields(row: CsvRow, columns: tuple[str, ...], renamed: Mapping[str, str]) -> Fields:
    own = {name: row.cells[name] for name in columns}
    for field, column in renamed.items():
        own[field] = row.cells[column]
    return Fields.of(**own)


def _checked(read: Callable[[], Any], renamed: Mapping[str, str]) -> Any:
    """The result, or the messages of the form under the names of the columns."""
    try:
        return read()
    except Invalid as invalid:
        raise _CellsRefused({renamed.get(name, name): text for name, text in invalid.errors.items()}) from None
    except MarkdownRefused as refused:
        raise _CellsRefused({renamed["text"]: str(refused)}) from None


def _check_vocabularies(session: Session, given: AskedInput) -> None:
    terms = session.execute(select(Term.vocabulary, Term.slug)).all()
    rivals = session.scalars(select(Item.slug).where(Item.kind == "competitor")).all()
    check_choices(
        given,
        stages={slug for vocabulary, slug in terms if vocabulary == "stage"},
        categories={slug for vocabulary, slug in terms if vocabulary == "category"},
        competitors=set(rivals),
    )


def _check_same(first: CsvRow, row: CsvRow) -> None:
    """Further rows of the same objection repeat its cells or leave them empty."""
    for column in ASKED_COLUMNS:
        if row.cells[column] not in ("", first.cells[column]):
            raise _CellsRefused({column: f"differs from {first.where}, which is about the same"})


def _known(session: Session, ref: str, table: type[Any], kind: str, **natural: Any) -> Any:
    """The item that a row speaks of: by the name it was imported under, by its own id, or by its words."""
    wanted = select(table).where(table.kind == kind, table.hidden_at.is_(None))
    if ref:
        found = session.scalars(wanted.where(table.source_ref == SOURCE + ref)).first()
        own = _OWN_REF.match(ref)
        if found is None and own and own[1] == kind:
            found = session.scalars(wanted.where(table.id == int(own[2]), table.source_ref.is_(None))).first()
        if found is not None:
            return found
        wanted = wanted.where(table.source_ref.is_(None))
    for name, value in natural.items():
        wanted = wanted.where(getattr(table, name) == value)
    return session.scalars(wanted.order_by(table.id)).first()


def _same(present: Mapping[str, str], given: AskedInput | AnswerInput) -> bool:
    content = given.content()
    shown = {name: _shown(name, content[name]) for name in present}
    return all(_sorted_tags(name, present[name]) == _sorted_tags(name, shown[name]) for name in present)


def _sorted_tags(name: str, text: str) -> str:
    return ", ".join(sorted(text.split(", "))) if name == "tags" else text


def _shown(name: str, value: Any) -> str:
    if name == "proof":
        return "\n".join(f"{one['claim']} | {one['source']}" for one in value)
    if name == "tags":
        return ", ".join(value)
    return "\n".join(value) if isinstance(value, list) else str(value)


def _audience(session: Session, row: CsvRow) -> tuple[str, ...]:
    names = {name: mark for mark, name in audience_names(session).items()}
    wanted = row.cells["audience"].split()
    if unknown := [name for name in wanted if name not in names]:
        raise _CellsRefused({"audience": f"“{unknown[0]}” is no audience here; write all, dep:… or team:…"})
    return tuple(names[name] for name in wanted)


def _with_audience(given: AskedInput, audience: tuple[str, ...]) -> AskedInput:
    return AskedInput(**{**{name: getattr(given, name) for name in given.__slots__}, "audience": audience})


def _moment(row: CsvRow, column: str) -> Any:
    text = row.cells[column].strip()
    if not text:
        return nullcontext()
    try:
        return clock.at(datetime.fromisoformat(text))
    except ValueError:
        raise _CellsRefused(
            {column: f"“{text}” is no moment with a time zone such as 2026-03-31T10:00+02:00"}
        ) from None
