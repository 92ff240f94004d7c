"""Joins small segments to larger ones beside the live index, a little at a time, and swaps them in one short step.

Whoosh joins segments inside a commit, posting by posting: whoever saved next waited for it. Here a commit only ever
adds a segment, and what is joined is copied later, as whole arrays, into a folder of its own. It may rest at any
moment, commits go on meanwhile, and what they delete is deleted in the copy when it takes the place of its parts.
"""

import shutil
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from heapq import merge as in_order
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files
from whoosh.reading import SegmentReader

from portal.shared.search_index import pointer, store
from portal.shared.search_index.codec import PackedCodec, Postings, every_postings
from portal.shared.search_index.records import IndexUnavailable

MOST_SEGMENTS = 8
"""More than these are joined as soon as nothing else is to be done: each costs every question a little."""
CALM_SEGMENTS = 32
"""While saves keep coming, each waits for a step for every segment more than these, so that they stay bounded."""
_FOLDER = "joining-"
Numbers = NDArray[np.int32]


class Merger:
    """Takes up, goes on with and finishes one joining after the other; for the one thread that writes the index.

    A joining that its process did not live to finish left a folder that is removed when the next one begins; the index
    never knew of it. Only one process joins at a time.
    """

    def __init__(self, root: Path, documents: int) -> None:
        self._root, self._documents = root, documents
        self._merge: _Merge | None = None
        self._lock: Any = None
        self._content_with: tuple[int, int] | None = None

    def step(self, seconds: float) -> bool:
        """Join for about so many seconds; False where there is nothing to join, or it cannot be done now.

        What failed is tried again after the next commit.
        """
        try:
            if self._merge is None and not self._begin():
                return False
            assert self._merge is not None
            if self._merge.go_on(seconds):
                self._finish(self._merge)
        except IndexUnavailable as unavailable:
            if unavailable.state != "busy":
                self._give_up()
            return False
        except BaseException:
            self._give_up()
            raise
        return True

    def _give_up(self) -> None:
        self._content_with = pointer.stamp(self._root)
        self.abandon()

    def abandon(self) -> None:
        """Forget what is half joined."""
        if self._merge is not None:
            self._merge.remove()
        self._merge = None
        if self._lock is not None:
            self._lock.release()
        self._lock = None

    def _begin(self) -> bool:
        stamp = pointer.stamp(self._root)
        if stamp in (None, self._content_with):
            return False
        with store.only_writer(self._root, 0):
            folder = self._root / pointer.read(self._root, self._documents).folder
            chosen = worth_joining(store.segments(folder))
            if not chosen:
                self._content_with = stamp
                return False
            lock = FileStorage(str(self._root)).lock("joining.lock")
            if not lock.acquire():
                return False
            self._lock = lock
            for left in self._root.glob(f"{_FOLDER}*"):
                shutil.rmtree(left, ignore_errors=True)
            self._merge = _Merge(folder, self._root / f"{_FOLDER}{uuid4().hex}", chosen)
        return True

    def _finish(self, merge: "_Merge") -> None:
        """Swap, unless a rebuild has taken the whole folder away."""
        with store.only_writer(self._root, 0):
            current = pointer.read(self._root, self._documents)
            if self._root / current.folder == merge.folder and merge.swap():
                pointer.commit(self._root, current, store.files(merge.folder))
        self.abandon()


def worth_joining(segments: Sequence[Any]) -> list[Any]:
    """Of more than MOST_SEGMENTS the small ones, and those of which most is deleted.

    Going up by size, a segment joins while it is at most twice as large as all before it together, and half of them
    always do. So each document is rewritten about as often as the logarithm of their number, and the large segment that
    a rebuild wrote is left alone by everyday edits.
    """
    if len(segments) <= MOST_SEGMENTS:
        return []
    ascending = sorted(segments, key=lambda segment: segment.doc_count())
    joined = documents = 0
    for segment in ascending:
        if joined >= len(ascending) // 2 and segment.doc_count() > 2 * documents:
            break
        joined += 1
        documents += segment.doc_count()
    worn = [segment for segment in ascending[joined:] if segment.deleted_count() > segment.doc_count()]
    return ascending[:joined] + worn


class _Part(NamedTuple):
    """One of the segments that are joined."""

    name: str
    reader: SegmentReader
    places: Numbers
    """The new number of each of its documents, -1 for those that were deleted before."""


class _Merge:
    """One joining: the segments, the new one in a folder of its own, and the work as far as it was done."""

    def __init__(self, folder: Path, beside: Path, segments: Sequence[Any]) -> None:
        self.folder, self._beside = folder, beside
        beside.mkdir()
        self._parts: list[_Part] = []
        self._size = 0
        with store.whoosh():
            storage = FileStorage(str(folder))  # mapped, since all of it is read once
            for segment in segments:
                self._add_part(segment, SegmentReader(storage, store.SCHEMA, segment))
            self._storage, codec = store.storage_of(beside), PackedCodec()
            self._joined = codec.new_segment(self._storage, store.NAME)
        self._work = self._join(codec)

    def _add_part(self, segment: Any, reader: SegmentReader) -> None:
        is_live = np.ones(segment.doc_count_all(), np.bool_)
        is_live[sorted(segment.deleted_docs())] = False
        places = np.full(len(is_live), -1, np.int32)
        count = int(is_live.sum())
        places[is_live] = np.arange(self._size, self._size + count)
        self._size += count
        self._parts.append(_Part(segment.segment_id(), reader, places))

    def go_on(self, seconds: float) -> bool:
        """Work for about so many seconds; True when all is done."""
        until = time.monotonic() + seconds
        with store.whoosh():
            for _ in self._work:
                if time.monotonic() >= until:
                    return False
        return True

    def _join(self, codec: PackedCodec) -> Generator[None]:
        """Yields after every little piece of work."""
        with _closed(codec.per_document_writer(self._storage, self._joined)) as documents:
            for part in self._parts:
                yield from self._copy_documents(part, documents)
        yield
        with _closed(codec.field_writer(self._storage, self._joined)) as words:
            yield from self._copy_postings(words)
        yield
        self._joined.set_doc_count(self._size)
        self._joined.create_compound_file(self._storage)

    def _copy_documents(self, part: _Part, writer: Any) -> Iterator[None]:
        columns = {name: part.reader.column_reader(name, translate=False) for name in ("card", "identity")}
        for old in np.flatnonzero(part.places >= 0).tolist():
            writer.start_doc(int(part.places[old]))
            writer.add_field("row", store.SCHEMA["row"], part.reader.stored_fields(old)["row"], None)
            for name, column in columns.items():
                writer.add_column_value(name, store.SCHEMA[name].column_type, column[old])
            writer.finish_doc()
            yield

    def _copy_postings(self, writer: Any) -> Iterator[None]:
        terms = in_order(*map(_terms, self._parts), key=lambda held: held[0])
        for field, of_field in groupby(terms, key=lambda held: held[0][0]):
            writer.start_field(field, store.SCHEMA[field])
            for (_, term), holding in groupby(of_field, key=lambda held: held[0]):
                numbers, lengths, values = zip(*(_living(part, read()) for _, part, read in holding), strict=True)
                joined = np.concatenate(numbers)
                if len(joined):
                    writer.start_term(term)
                    writer.add_all(joined, np.concatenate(lengths), b"".join(values))
                    writer.finish_term()
                yield
            writer.finish_field()

    def swap(self) -> bool:
        """Put the joined segment into the place of its parts, without what was deleted meanwhile; under the lock.

        False where a part is no longer there.
        """
        with store.whoosh():
            storage = store.storage_of(self.folder)
            before = store.table_of_contents(storage)
            standing = {segment.segment_id(): segment for segment in before.segments}
            if not all(part.name in standing for part in self._parts):
                return False
            for part in self._parts:
                gone = part.places[sorted(standing.pop(part.name).deleted_docs())]
                for number in gone[gone >= 0].tolist():
                    self._joined.delete_document(number)
            segments = list(standing.values())
            if self._size:
                name = self._joined.make_filename(self._joined.COMPOUND_EXT)
                (self._beside / name).replace(self.folder / name)
                segments.append(self._joined)
            TOC(store.SCHEMA, segments, before.generation + 1).write(storage, store.NAME)
            clean_files(storage, store.NAME, before.generation + 1, segments)
        return True

    def remove(self) -> None:
        """Close and delete what is no longer needed."""
        self._work.close()
        for part in self._parts:
            part.reader.close()
        shutil.rmtree(self._beside, ignore_errors=True)


@contextmanager
def _closed(writer: Any) -> Iterator[Any]:
    """A writer that is closed at the end; whatever it makes of an abandoned half is thrown away."""
    try:
        yield writer
    except BaseException:
        with suppress(Exception):
            writer.close()
        raise
    writer.close()


def _terms(part: _Part) -> Iterator[tuple[tuple[str, bytes], _Part, Callable[[], Postings]]]:
    """Every (field, term) of a part in order, with what reads its postings."""
    return ((term, part, read) for term, read in every_postings(part.reader))


def _living(part: _Part, postings: Postings) -> Postings:
    """The postings with the new numbers of the documents, and without those that were deleted."""
    documents, lengths, values = postings
    numbers = part.places[documents]
    is_live = numbers >= 0
    if not is_live.all():
        if len(lengths):
            values = np.frombuffer(values, np.uint8)[np.repeat(is_live, lengths)].tobytes()
            lengths = lengths[is_live]
        numbers = numbers[is_live]
    return Postings(numbers, lengths, values)
