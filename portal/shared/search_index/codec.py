"""How postings lie on the disk: Whoosh's codec with blocks of packed numbers, read as arrays in one go.

Whoosh's own codec pickles every number, weight and value as an object of its own, in blocks of 128: a frequent word
took ten times as long to read, and the index was half as large again.
"""

import pickle
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import formats
from whoosh.codec.whoosh3 import (
    WHOOSH3_HEADER_MAGIC,
    W3Codec,
    W3FieldWriter,
    W3LeafMatcher,
    W3PostingsWriter,
)
from whoosh.reading import SegmentReader, TermNotFound

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
        """Add all postings of a term, as `Postings` has them."""
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
    """The postings of one term as Whoosh reads them, one number after the other, where it deletes."""

    def _read_ids(self) -> None:
        if self._data is None:
            self._read_data()
        self._ids = np.frombuffer(self._data[0], "<u4").cumsum(dtype=np.uint32).tolist()


class Postings(NamedTuple):
    """The documents that hold a term, ascending, the length of each one's value in bytes, and all values in a row."""

    documents: NDArray[np.int32]
    lengths: NDArray[np.int32]
    values: bytes


def find_postings(reader: SegmentReader, field: str, term: bytes) -> Postings | None:
    """The postings of a term in a segment, or None; by one look-up and one read, where Whoosh needs dozens of each."""
    try:
        info = reader._terms.term_info(field, term)
    except TermNotFound:
        return None
    return _read(reader, info)


def every_postings(reader: SegmentReader) -> Iterator[tuple[tuple[str, bytes], Callable[[], Postings]]]:
    """Every (field, term) of a segment in order, with what reads its postings."""
    for term, info in reader._terms.items():
        yield term, partial(_read, reader, info)


def _read(reader: SegmentReader, info: Any) -> Postings:
    offset, (length,) = info.extent()  # Whoosh leaves what it unpacked for the length a tuple
    file = BytesIO(reader._terms._postfile.get(offset, length))
    if file.read(len(WHOOSH3_HEADER_MAGIC)) != WHOOSH3_HEADER_MAGIC:
        raise ValueError("no postings begin here")
    documents, lengths, values = [_NOTHING], [_NOTHING], []
    is_last = False
    while not is_last:
        (size,) = struct.unpack("!i", file.read(4))
        is_last, end = size < 0, file.tell() + abs(size)
        compression = pickle.load(file)[3]  # noqa: S301 - sums of the files are compared before they are opened
        data = file.read(end - file.tell())
        numbers, _, packed = pickle.loads(zlib.decompress(data) if compression else data)  # noqa: S301
        documents.append(np.frombuffer(numbers, "<u4").cumsum(dtype=np.int32))
        if packed:
            lengths.append(np.frombuffer(packed[0], "<u4").astype(np.int32))
            values.append(packed[1])
    return Postings(np.concatenate(documents), np.concatenate(lengths), b"".join(values))


_NOTHING = np.zeros(0, np.int32)
