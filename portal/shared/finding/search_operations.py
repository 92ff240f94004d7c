"""Writes of what was searched and opened: recorded as it is observed, and made nameless after two weeks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.db import add_once, upsert
from portal.core.ids import read_id
from portal.shared.finding.models import SearchMade, SearchTotal, View
from portal.shared.finding.syntax import read
from portal.shared.finding.wording import normal_form
from portal.shared.items.models import Item
from portal.shared.items.queries import BASES
from portal.shared.people.models import Person

LONGEST, KEY = 200, 80
TYPING = timedelta(seconds=60)
"""Within this time what is typed further, deleted or mended is still the same search."""
RETURNING = timedelta(minutes=30)
"""Within this time the same words are the same search: reloaded, turned to the next page, come back to."""
SIMILAR, SHORTEST_SIMILAR = 75, 4
_FIGURES = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class SearchNote:
    """Something about a search that a request learnt; `text` is what was typed, operators and all."""

    person_id: int
    text: str
    at: datetime

    @property
    def words(self) -> str:
        """The words as they are kept."""
        return " ".join(self.text.split())[:LONGEST]

    @property
    def normal(self) -> str:
        """The normal form, without operators; empty for operators alone."""
        return normal_form(read(self.text).title)


@dataclass(frozen=True, slots=True)
class Searched(SearchNote):
    """Somebody searched, on the page or under the bar, and so many things were found."""

    found: int
    origin: str


@dataclass(frozen=True, slots=True)
class Opened(SearchNote):
    """Somebody opened one of the things found, or copied its words; `key` is the row's: `objection:40`."""

    key: str


@dataclass(frozen=True, slots=True)
class Viewed:
    """Somebody opened the page of an item."""

    person_id: int
    item_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AskPressed:
    """Somebody began to ask the team what a search did not find."""

    text: str
    at: datetime


def record_searches(session: Session, notes: Sequence[SearchNote]) -> None:
    """Write searches and what was opened from them; the keystrokes of one typing become one row.

    The people are locked in the order of their ids: the keystrokes of one typing may have been served by several
    processes, whose notes are written at the same time.
    """
    ids = sorted({note.person_id for note in notes})
    locked = select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update(key_share=True)
    present = set(session.scalars(locked))
    rows: dict[int, list[SearchMade]] = {}
    since = min(note.at for note in notes) - RETURNING
    recent = (
        select(SearchMade)
        .where(SearchMade.person_id.in_(ids), SearchMade.at >= since, SearchMade.is_counted.is_(False))
        .order_by(SearchMade.at, SearchMade.id)
    )
    for row in session.scalars(recent):
        rows.setdefault(row.person_id or 0, []).append(row)
    touched = [
        _record(session, rows.setdefault(note.person_id, []), note)
        for note in sorted(notes, key=lambda one: one.at)
        if note.person_id in present
    ]
    session.flush()
    _renew_totals(session, touched)
    if views := [view for note in notes if isinstance(note, Opened) for view in _views_of(note)]:
        record_views(session, views)


def _views_of(note: Opened) -> list[Viewed]:
    """What was opened or copied from a search was looked at: `playbook:12#scope` is item 12; a person is no item."""
    kind, _, rest = note.key.partition(":")
    number = read_id(rest.partition("#")[0])
    return [Viewed(note.person_id, number, note.at)] if number and kind in (*BASES, "answer") else []


def record_views(session: Session, notes: Sequence[Viewed]) -> None:
    """Keep the last time that somebody opened an item; one that is gone meanwhile is left out."""
    latest = {(note.person_id, note.item_id): note.at for note in sorted(notes, key=lambda one: one.at)}
    people = set(session.scalars(select(Person.id).where(Person.id.in_({person for person, _ in latest}))))
    items = set(session.scalars(select(Item.id).where(Item.id.in_({item for _, item in latest}))))
    for (person_id, item_id), at in sorted(latest.items()):
        if person_id in people and item_id in items:
            insert = upsert(session, View.__table__).values(person_id=person_id, item_id=item_id, at=at)  # type: ignore[arg-type]
            session.execute(
                insert.on_conflict_do_update(index_elements=["person_id", "item_id"], set_={"at": insert.excluded.at})
            )


def record_asked(session: Session, notes: Sequence[AskPressed]) -> None:
    """Count that somebody pressed Ask for a search; the gap then shows for one person alone."""
    normals = sorted((normal_form(read(note.text).title), note.at, note.text) for note in notes)
    for normal, at, text in normals:
        if normal:
            words = " ".join(text.split())[:LONGEST]
            start_total(session, normal, words, at)
            session.execute(
                update(SearchTotal).where(SearchTotal.normal == normal).values(asked=SearchTotal.asked + 1, asked_at=at)
            )


def start_total(session: Session, normal: str, words: str, at: datetime) -> None:
    """Make sure that the normal form has its row, with these words as the example."""
    add_once(
        session, SearchTotal, normal=normal, words=words, last_at=at, searches=0, searchers=0, without_result=0,
        unopened=0, asked=0, settled=0, last_found=0, reason="",
    )  # fmt: skip


def _record(session: Session, rows: list[SearchMade], note: SearchNote) -> SearchMade:
    """Put a note into the row that it goes on with, or into a new one."""
    row = next((one for one in reversed(rows) if _goes_on(one, note)), None)
    if row is None:
        row = SearchMade(
            person_id=note.person_id, words=note.words, normal=note.normal, found=1, opened=None, at=note.at,
            origin="suggest", is_counted=False,
        )  # fmt: skip
        session.add(row)
        rows.append(row)
    if isinstance(note, Opened):
        row.opened = note.key[:KEY]
    elif isinstance(note, Searched):
        _take_words(row, note)
    row.at = max(row.at, note.at)
    return row


def _take_words(row: SearchMade, note: Searched) -> None:
    """The newest words count, unless letters were only taken away: then the longer text was the search."""
    old, new = row.words.lower(), note.words.lower()
    if old == new:
        row.found = note.found
        row.origin = "page" if "page" in (row.origin, note.origin) else note.origin
    elif note.at >= row.at and not old.startswith(new):
        row.words, row.normal, row.found, row.origin = note.words, note.normal, note.found, note.origin


def _goes_on(row: SearchMade, note: SearchNote) -> bool:
    """Whether a note belongs to a search: the same words again, or the same typing."""
    apart = abs(note.at - row.at)
    old, new = row.words.lower(), note.words.lower()
    if old == new or (row.normal and row.normal == note.normal):
        return apart <= RETURNING
    if row.opened or isinstance(note, Opened) or apart > TYPING:
        return False
    if row.origin == "page":  # it was sent as it is: only taking letters away afterwards is no new search
        return old.startswith(new)
    return old.startswith(new) or new.startswith(old) or _is_mended(old, new)


def _is_mended(old: str, new: str) -> bool:
    """Whether a slip was corrected; another figure is another thing."""
    is_same_figures = _FIGURES.findall(old) == _FIGURES.findall(new)
    return is_same_figures and min(len(old), len(new)) >= SHORTEST_SIMILAR and fuzz.ratio(old, new) >= SIMILAR


def _renew_totals(session: Session, rows: Iterable[SearchMade]) -> None:
    """Note the last words and figures of each normal form, and that what it finds is opened, which closes a gap.

    In the order of the normal forms, as everything that writes several totals.
    """
    latest = {row.normal: row for row in sorted(rows, key=lambda one: (one.opened is not None, one.at)) if row.normal}
    for normal, row in sorted(latest.items()):
        start_total(session, normal, row.words, row.at)
        of_normal = update(SearchTotal).where(SearchTotal.normal == normal)
        session.execute(
            of_normal.where(SearchTotal.last_at <= row.at).values(words=row.words, last_found=row.found, last_at=row.at)
        )
        if row.opened:
            session.execute(of_normal.values(opened_at=row.at, settled=SearchTotal.searchers))
