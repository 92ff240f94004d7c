"""Reads of what an entry of the word list would change."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.finding.finder import Finder
from portal.shared.finding.pages import ResultList
from portal.shared.finding.syntax import read
from portal.shared.finding.wording import Entry, Reading, WordList
from portal.shared.search_index.records import IndexUnavailable, Query

ROWS = 8


@dataclass(frozen=True, slots=True)
class Tried:
    """A search with an entry that is not on the list yet: what it is read as, its first rows, and which are new."""

    q: str
    readings: tuple[Reading, ...]
    found: ResultList
    new: frozenset[str]


def try_entry(
    session: Session, actor: Actor, finder: Finder, text: str, *, now: Sequence[Entry], then: Sequence[Entry]
) -> Tried:
    """Search with the entries as they would be, and compare the keys with what the present ones find."""
    typed, words = read(text), WordList(then)
    found = finder.search(session, actor, typed, limit=ROWS, counting=False, words=words)
    query = Query(
        words=typed.words,
        typing=typed.words[-1:].isalnum(),
        phrases=typed.phrases,
        excluded=typed.excluded,
        audiences=actor.audiences,
        limit=ROWS,
        synonyms=WordList(now).synonyms(typed.words),
    )
    try:
        before = {hit.key for hit in finder.index.search(query).hits}
    except IndexUnavailable:
        before = {row.key for row in found.rows}
    return Tried(typed.text, words.readings(typed.words), found, frozenset(row.key for row in found.rows) - before)
