"""How postings lie on the disk: Whoosh's codec with blocks of packed numbers, read as arrays in one go.

Whoosh's own codec pickles every number, weight and value as an object of its own, in blocks of 128: a frequent word
took ten times as long to read, and the index was half as large again.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import formats
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3LeafMatcher, W3PostingsWriter
from whoosh.fields import Schema
from whoosh.reading import SegmentReader

_BLOCK = 4096
"""Postings of a block: few blocks for a frequent word, and a rare word's block is as short as itself."""


class PackedPositions(formats.Format):  # type: ignore[misc]
    """Postings that hold a word's positions as 16-bit numbers. Whoosh's own format pickles a list for each."""

    def word_values(
        self, value: Iterable[tuple[str, list[int]]], analyzer: object, **options: object
    ) -> Iterator[tuple[str, int, float, bytes]]:
        """Yield (word, count, weight, packed positions) as Whoosh asks of a format; the weight is always 1, unused."""
        for word, positions in value:
            count = len(positions)
            yield word, count, 1.0, struct.pack(f"<{count}H", *positions)


class PackedCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec but for the blocks of postings."""

    def __init__(self) -> None:
        super().__init__(blocklimit=_BLOCK)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> "_PostingsWriter":
        """Writes the postings of a segment."""
        return _PostingsWriter(dbfile, blocklimit=self._blocklimit, byteids=byteids, inlinelimit=0)

    def field_writer(self, storage: Any, segment: Any) -> "_FieldWriter":
        """Writes the terms of a segment."""
        return _FieldWriter(self, storage, segment)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: formats.Format, term: Any = None, scorer: Any = None
    ) -> "PackedPostings":
        """Reads the postings of one term."""
        return PackedPostings(dbfile, *terminfo.extent(), format_, term=term, scorer=scorer)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    def add_all(self, documents: NDArray[np.int32], lengths: NDArray[np.int32], values: bytes) -> None:
        """Add all postings of a term, as `PackedPostings.arrays` reads them."""
        self._postwriter.add_all(documents, lengths, values)


class _PostingsWriter(W3PostingsWriter):  # type: ignore[misc]
    _packed: tuple[bytes, bytes] | None = None
    """The values of the block in hand, where they came packed."""

    def add_all(self, documents: NDArray[np.int32], lengths: NDArray[np.int32], values: bytes) -> None:
        """Write whole blocks, leaving the last one to `finish_postings`; weights and lengths are unused, and 1."""
        ends = np.concatenate([np.zeros(1, np.int64), lengths.cumsum(dtype=np.int64)])
        for start in range(0, len(documents), self._blocklimit):
            if start:
                self._write_block()
            block = slice(start, start + self._blocklimit)
            self._ids.frombytes(documents[block].astype(np.uint32).tobytes())
            self._weights.extend([1.0] * len(self._ids))
            self._maxweight = self._minlength = self._maxlength = 1
            if len(lengths):
                last = start + len(self._ids)
                self._packed = lengths[block].astype("<u4").tobytes(), values[ends[start] : ends[last]]

    def _new_block(self) -> None:
        super()._new_block()
        self._packed = None

    def _mini_ids(self) -> bytes:
        return np.diff(np.array(self._ids, "<u4"), prepend=np.uint32(0)).tobytes()

    def _mini_values(self) -> tuple[bytes, bytes] | None:
        if self._format.fixed_value_size() == 0:
            return None
        if self._packed:
            return self._packed
        return np.array([len(value) for value in self._values], "<u4").tobytes(), b"".join(self._values)


class PackedPostings(W3LeafMatcher):  # type: ignore[misc]
    """The postings of one term. Whoosh reads their numbers one by one where it deletes; `arrays` reads all."""

    def arrays(self) -> tuple[NDArray[np.int32], NDArray[np.int32], bytes]:
        """All documents, ascending, the length of each one's value in bytes, and all values in a row."""
        documents, lengths, values = [], [], []
        while self.is_active():
            self._read_data()
            numbers, _, packed = self._data
            documents.append(np.frombuffer(numbers, "<u4").cumsum(dtype=np.int32))
            if packed:
                lengths.append(np.frombuffer(packed[0], "<u4").astype(np.int32))
                values.append(packed[1])
            self._next_block()
        nothing = np.zeros(0, np.int32)
        return np.concatenate([nothing, *documents]), np.concatenate([nothing, *lengths]), b"".join(values)

    def _read_ids(self) -> None:
        if self._data is None:
            self._read_data()
        self._ids = np.frombuffer(self._data[0], "<u4").cumsum(dtype=np.uint32).tolist()


def term_postings(reader: SegmentReader, schema: Schema) -> Iterator[tuple[tuple[str, bytes], PackedPostings]]:
    """Every (field, term) of a segment in order, with its postings: Whoosh itself looks each term up anew."""
    terms = reader._terms
    for (field, term), info in terms.items():
        yield (field, term), PackedPostings(terms._postfile, *info.extent(), schema[field].format)
