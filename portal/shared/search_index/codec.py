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
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher, W3PostingsWriter

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

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: formats.Format, term: Any = None, scorer: Any = None
    ) -> "PackedPostings":
        """Reads the postings of one term."""
        return PackedPostings(dbfile, *terminfo.extent(), format_, term=term, scorer=scorer)


class _PostingsWriter(W3PostingsWriter):  # type: ignore[misc]
    def _mini_ids(self) -> bytes:
        return np.diff(np.array(self._ids, "<u4"), prepend=np.uint32(0)).tobytes()

    def _mini_values(self) -> tuple[bytes, bytes] | None:
        if self._format.fixed_value_size() == 0:
            return None
        return np.array([len(value) for value in self._values], "<u4").tobytes(), b"".join(self._values)


class PackedPostings(W3LeafMatcher):  # type: ignore[misc]
    """The postings of one term. Whoosh reads them one by one when it merges segments; `arrays` reads all."""

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

    def _read_values(self) -> None:
        if self._data is None:
            self._read_data()
        packed = self._data[2]
        ends = np.frombuffer(packed[0], "<u4").cumsum(dtype=np.int64).tolist() if packed else []
        starts = [0, *ends]
        self._values = [packed[1][start:end] for start, end in zip(starts, ends, strict=False)]
        self._values = self._values or [None] * self._blocklength
