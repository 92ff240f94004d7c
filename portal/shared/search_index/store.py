"""Whoosh as the keeper of documents and of their words: the only module that knows it, beside `codec` and `merging`.

Whoosh stores and commits; it never scores. A document has these fields: `key`, `group`, `audience` and `facet` as whole
terms, `words` with the positions of `layout`, the columns `card` (what ranking keeps) and `identity`, and the stored
`row` that a hit shows.
"""

import errno
import json
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import fields, formats
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError, FileIndex
from whoosh.reading import SegmentReader
from whoosh.util.filelock import try_for
from whoosh.writing import NO_MERGE

from portal.shared.search_index.codec import PackedCodec, PackedPositions, Postings, find_postings
from portal.shared.search_index.layout import Card, Laid, facet_term
from portal.shared.search_index.records import IndexUnavailable

NAME = "MAIN"
_POOL_MB = 256
_NOWHERE = Postings(np.zeros(0, np.int32), np.zeros(0, np.int32), b"")


def _indexed(format_: formats.Format) -> fields.FieldType:
    """A field of finished terms.

    It is "scorable" only because Whoosh looks for a length at every posting that it writes, and asks the file system
    each time where none is kept: a third of the time of a rebuild.
    """
    return fields.FieldType(format_, None, scorable=True)


SCHEMA = fields.Schema(
    key=_indexed(formats.Existence()),
    group=_indexed(formats.Existence()),
    audience=_indexed(formats.Existence()),
    facet=_indexed(formats.Existence()),
    words=_indexed(PackedPositions()),
    card=fields.COLUMN(),
    identity=fields.COLUMN(),
    row=fields.STORED(),
)


class Occurrences(NamedTuple):
    """The documents of a segment that hold a word, ascending, how often each, and all its positions in a row."""

    documents: NDArray[np.int32]
    counts: NDArray[np.int32]
    positions: NDArray[np.uint16]


@contextmanager
def whoosh() -> Iterator[None]:
    """Whatever goes wrong inside Whoosh means that its files are damaged, since broken bytes raise anything.

    A full disk is no damage and is told as it is.
    """
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise IndexUnavailable("damaged") from error


class Segment:
    """One immutable part of the index. Its file stays readable while this object lives, even when it was deleted.

    Whoosh's readers give errors and wrong results when threads share them, so every read holds a lock.
    """

    def __init__(self, reader: SegmentReader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        weakref.finalize(self, reader.close)
        self.name: str = reader.segment().segment_id()
        self.size: int = reader.doc_count_all()

    def terms(self, field: str) -> dict[str, int]:
        """All terms of a field and the number of documents of each, deleted ones included."""
        with self._lock, whoosh():
            terms = self._reader.iter_field(field) if field in self._reader.indexed_field_names() else ()
            return {term.decode(): int(info.doc_frequency()) for term, info in terms}

    def holders(self, field: str, term: str) -> NDArray[np.int32]:
        """Numbers of the documents that hold a term, ascending."""
        return self._postings(field, term)[0]

    def occurrences(self, word: str) -> Occurrences:
        """Where a word stands."""
        documents, lengths, positions = self._postings("words", word)
        with whoosh():
            return Occurrences(documents, lengths // 2, np.frombuffer(positions, "<u2"))

    def _postings(self, field: str, term: str) -> Postings:
        """With the deleted documents, since deletions change and `Kept` masks them."""
        with self._lock, whoosh():
            return find_postings(self._reader, field, SCHEMA[field].to_bytes(term)) or _NOWHERE

    def cards(self) -> Iterator[Card]:
        """What ranking needs of each document, in the order of their numbers."""
        with self._lock, whoosh():
            for card in self._reader.column_reader("card", translate=False):
                yield Card(*json.loads(card))

    def row(self, document: int) -> dict[str, Any]:
        """The words that a hit shows."""
        with self._lock, whoosh():
            row: dict[str, Any] = self._reader.stored_fields(document)["row"]
            return row

    def identities(self) -> list[tuple[str, str]]:
        """(key, fingerprint) of each document, in the order of their numbers."""
        with self._lock, whoosh():
            column = self._reader.column_reader("identity", translate=False)
            parts = [identity.decode().rpartition("\n") for identity in column]
            return [(key, fingerprint) for key, _, fingerprint in parts]


class Opened(NamedTuple):
    """One committed state: its segments and, for each, the numbers of the deleted documents."""

    segments: list[Segment]
    deleted: list[list[int]]


def open_index(folder: Path, known: Mapping[str, Segment]) -> Opened:
    """Open the newest state in a folder, taking the segments that are `known` by name as they are.

    Those of which everything was deleted are left out.

    Raises IndexUnavailable("damaged"), caused by an OSError if files are not there.
    """
    with whoosh():
        storage = storage_of(folder)
        living = [segment for segment in table_of_contents(storage).segments if segment.doc_count()]
        segments = [
            known.get(segment.segment_id()) or Segment(SegmentReader(storage, SCHEMA, segment)) for segment in living
        ]
        return Opened(segments, [sorted(segment.deleted_docs()) for segment in living])


def files(folder: Path) -> list[str]:
    """The names of all files of the newest state in a folder."""
    with whoosh():
        toc = table_of_contents(storage_of(folder))
        segments = [segment.make_filename(segment.COMPOUND_EXT) for segment in toc.segments]
        return [f"_{NAME}_{toc.generation}.toc", *segments]


def segments(folder: Path) -> list[Any]:
    """The segments of the newest state in a folder, as Whoosh lists them."""
    with whoosh():
        found: list[Any] = table_of_contents(storage_of(folder)).segments
        return found


def storage_of(folder: Path) -> FileStorage:
    """Without memory maps: Whoosh copies what it maps, and every process would hold the whole index."""
    return FileStorage(str(folder), supports_mmap=False)


def table_of_contents(storage: FileStorage) -> TOC:
    """The newest state in a folder; FileNotFoundError where there is none."""
    try:
        return TOC.read(storage, NAME, schema=SCHEMA)
    except EmptyIndexError as error:
        raise FileNotFoundError(str(error)) from error


class Writer:
    """Collects changes and commits them as one new segment beside the others, which stay as they are.

    Leaving its block by an exception commits nothing.
    """

    def __init__(self, folder: Path) -> None:
        with whoosh():
            index = FileIndex(storage_of(folder), schema=SCHEMA, indexname=NAME)
            self._writer = index.writer(limitmb=_POOL_MB, codec=PackedCodec())

    @classmethod
    def create(cls, folder: Path) -> "Writer":
        """A writer of a new, empty index in a folder that exists."""
        with whoosh():
            FileIndex.create(storage_of(folder), SCHEMA, NAME)
        return cls(folder)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, failed: type[BaseException] | None, *rest: object) -> None:
        with whoosh():
            try:
                if failed is None:
                    self._writer.commit(mergetype=NO_MERGE)
            finally:
                if not self._writer.is_closed:
                    with suppress(Exception):
                        self._writer.cancel()

    def remove(self, keys: Iterable[str], groups: Iterable[str]) -> None:
        """Delete the committed documents with one of these keys or of one of these groups."""
        terms = [("key", key) for key in keys] + [("group", group) for group in groups]
        with whoosh():
            reader = self._writer.reader()
            for field, term in terms:
                if (field, term) in reader:
                    for document in list(reader.postings(field, term).all_ids()):
                        self._writer.delete_document(document)
            reader.close()

    def add(self, laid: Laid) -> None:
        """Add a document; an older one of the same key must have been removed."""
        document = laid.document
        facets = {"kind": (document.kind,), **document.facets}
        with whoosh():
            self._writer.add_document(
                key=(document.key,),
                group=(document.group,),
                audience=document.audiences,
                facet=tuple(facet_term(facet, value) for facet, values in facets.items() for value in values),
                words=list(laid.positions.items()),
                card=json.dumps(laid.card).encode(),
                identity=f"{document.key}\n{laid.fingerprint}".encode(),
                row={
                    "key": document.key,
                    "kind": document.kind,
                    "group": document.group,
                    "title": document.title,
                    "say": document.say,
                    "body": document.body,
                    "stored": dict(document.stored),
                },
            )


@contextmanager
def only_writer(root: Path, seconds: float) -> Iterator[None]:
    """Hold the one right to write below a folder, across processes.

    Raises IndexUnavailable: "busy" after so many seconds, "missing" without the folder.
    """
    lock = FileStorage(str(root)).lock("writing.lock")
    try:
        is_held = try_for(lock.acquire, timeout=seconds, delay=0.05)
    except FileNotFoundError:
        raise IndexUnavailable("missing") from None
    if not is_held:
        raise IndexUnavailable("busy")
    try:
        yield
    finally:
        lock.release()
