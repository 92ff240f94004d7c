"""From rows to the index: one source of documents a kind, written in batches by the worker, compared by a command."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import Database
from portal.shared.finding.operators import day_number
from portal.shared.finding.queries import PERSONA
from portal.shared.items.models import Item
from portal.shared.search_index.door import SearchEngine
from portal.shared.search_index.layout import fingerprint
from portal.shared.search_index.records import Document, IndexUnavailable
from portal.shared.tags.models import Tag

BATCH = 200
DOCUMENTS_VERSION = 3
"""Raise it with every change of what the sources make of the same rows: another word, facet, number or audience, or
another kind. An index that was built before is then outdated and rebuilt at the next start; nothing else would tell.
"""


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """One kind of thing that can be found.

    `list_ids` names all that anybody may see; `load` turns ids into documents. An id that gives none is deleted
    from the index. All documents of one thing bear the group `kind:id`.
    """

    kind: str
    list_ids: Callable[[Session], Sequence[int]]
    load: Callable[[Session, Sequence[int]], Sequence[Document]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What `search check` found: documents that the index lacks, should not hold, or holds with old words."""

    missing: tuple[str, ...]
    extra: tuple[str, ...]
    outdated: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Index and database say the same."""
        return not (self.missing or self.extra or self.outdated)


def standing_numbers(item: Item) -> dict[str, float]:
    """What ranking and the states of a day read of an item: its votes, and the last day of its verification.

    What is obsolete says so instead: nobody looks at it again.
    """
    numbers = {"votes": float(item.votes)}
    if item.status == "obsolete":
        numbers["obsolete"] = 1.0
    elif item.verified_on is not None and item.verify_by is not None:
        numbers["verify_by"] = day_number(item.verify_by)
    return numbers


def age_numbers(item: Item, *parts: Item) -> dict[str, float]:
    """The day on which an item was made, and the last on which it or a part of it changed."""
    changed = max(one.updated_at for one in (item, *parts))
    return {"created": day_number(clock.day_of(item.created_at)), "updated": day_number(clock.day_of(changed))}


def item_facets(item: Item, tags: Sequence[Tag], parts: Sequence[Item] = ()) -> dict[str, tuple[str, ...]]:
    """What every item can be narrowed by: its tags, and its own number and author beside those of its parts."""
    return {
        "tag": tuple(tag.slug for tag in tags),
        "persona": tuple(tag.slug for tag in tags if tag.kind == PERSONA),
        "item": tuple(str(one.id) for one in (item, *parts)),
        "author": tuple(sorted({str(one.author_id) for one in (item, *parts)})),
    }


class Indexer:
    """Writes the search documents of one database into one index; used by the worker and the command line."""

    def __init__(self, database: Database, index: SearchEngine, sources: Iterable[DocumentSource]) -> None:
        self.database, self.index = database, index
        self.sources: Mapping[str, DocumentSource] = {source.kind: source for source in sources}

    def write(self, keys: Sequence[str]) -> None:
        """Bring things such as `objection:42` up to date in one commit; what no search finds gives none."""
        wanted: dict[str, list[int]] = {}
        wanted_groups = list(dict.fromkeys(keys))
        for key in wanted_groups:
            kind, _, number = key.partition(":")
            wanted.setdefault(kind, []).append(int(number))
        documents: list[Document] = []
        with self.database.reading() as session:
            for kind, ids in wanted.items():
                documents += self.sources[kind].load(session, ids) if kind in self.sources else ()
        try:
            self.index.write(documents, replace_groups=wanted_groups)
        except IndexUnavailable as unavailable:
            if unavailable.state == "busy":
                raise
            self.rebuild()

    def tidy(self) -> bool:
        """A moment of the index's own upkeep, for when nothing is to be written; True where there was some."""
        return self.index.tidy()

    def heal(self) -> bool:
        """Rebuild where the index is missing, damaged or of an older shape; True where that was needed."""
        if self.index.state() == "ready":
            return False
        self.rebuild()
        return True

    def rebuild(self, progress: Callable[[int], None] = lambda done: None) -> int:
        """Build a new index beside the live one and swap; returns the number of documents."""
        return self.index.rebuild(self._documents(), progress)

    def compare(self) -> Difference:
        """Compare both ways: every document of the database with what the index holds."""
        held, should = self.index.keys(), {one.key: fingerprint(one) for one in self._documents()}
        return Difference(
            missing=tuple(sorted(should.keys() - held.keys())),
            extra=tuple(sorted(held.keys() - should.keys())),
            outdated=tuple(sorted(key for key in should.keys() & held.keys() if should[key] != held[key])),
        )

    def _documents(self) -> Iterator[Document]:
        for source in self.sources.values():
            with self.database.reading() as session:
                ids = source.list_ids(session)
            for start in range(0, len(ids), BATCH):
                with self.database.reading() as session:
                    documents = source.load(session, ids[start : start + BATCH])
                yield from documents
