"""Postings kept in memory as arrays: one set for each segment, assembled to one whole that never changes."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.shared.search_index.layout import LEAD_WEIGHT, PLACES, facet_term
from portal.shared.search_index.memory import Memory
from portal.shared.search_index.spelling import Lexicon
from portal.shared.search_index.store import Occurrences, Segment

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Codes = NDArray[np.int64]
"""Places in the whole index, ascending: document × PLACES + position."""

_NOBODY: Ints = np.zeros(0, np.int32)
_OCCURRENCES_BYTES, _HOLDERS_BYTES, _STEMS_BYTES, _MASKS_BYTES = 32 << 20, 4 << 20, 16 << 20, 4 << 20
_STANDINGS_BYTES, _BEARERS_BYTES, _TALLIES_BYTES, _KEY_BYTES = 1 << 20, 1 << 20, 8 << 20, 1_000
_ROWS_BYTES = 2 << 20


class Tally(NamedTuple):
    """Who bears which value of a facet, in the order of `keys`, so that one look over it counts all values."""

    documents: Ints
    keys: Codes
    """Number of the value × group_count + group, ascending."""


class KeptSegment:
    """What is kept of one segment. Cards and words are read at once, postings when they are first asked for."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.size = segment.size
        self.lexicon = Lexicon(segment.terms("words"))
        self.audiences = frozenset(segment.terms("audience"))
        self.facets: dict[str, set[str]] = {}
        """The values of each facet."""
        for term in segment.terms("facet"):
            facet, _, value = term.partition("=")
            self.facets.setdefault(facet, set()).add(value)
        self._read_cards()
        self._occurrences: Memory[str, Occurrences] = Memory(_OCCURRENCES_BYTES, _bytes_of_all)
        self._holders: Memory[tuple[str, str], Ints] = Memory(_HOLDERS_BYTES, _bytes_of)
        self._rows: Memory[int, Mapping[str, Any]] = Memory(_ROWS_BYTES, _bytes_of_row)

    def _read_cards(self) -> None:
        self.groups: list[str] = []
        body, line_count, line_length, line_stems = array("f"), array("i"), array("f"), array("i")
        self.stems: dict[str, int] = {}
        numbers: dict[str, NDArray[np.float64]] = {}
        for at, card in enumerate(self.segment.cards()):
            self.groups.append(card.group)
            body.append(card.body_length + LEAD_WEIGHT * card.lead_length)
            line_count.append(len(card.lines))
            for line in map(str.split, card.lines):
                line_length.append(len(line))
                line_stems.extend(self.stems.setdefault(stem, len(self.stems)) for stem in line)
            for name, number in card.numbers.items():
                numbers.setdefault(name, np.full(self.size, np.nan))[at] = number
        self.body_length: Floats = np.array(body, np.float32)
        self.line_count: Ints = np.array(line_count, np.int32)
        self.line_length: Floats = np.array(line_length, np.float32)
        self.line_stems: Ints = np.array(line_stems, np.int32)
        """The stems of all lines one after the other, as their numbers in `stems`."""
        self.numbers = numbers

    def occurrences(self, word: str) -> Occurrences | None:
        """Where a word stands in this segment, or None."""
        if word not in self.lexicon.frequency:
            return None
        return self._occurrences.recall(word, lambda: self.segment.occurrences(word))

    def holders(self, field: str, term: str) -> Ints:
        """Documents of this segment that hold a term of the fields "audience" and "facet"."""
        facet, _, value = term.partition("=")
        if value not in self.facets.get(facet, ()) if field == "facet" else term not in self.audiences:
            return _NOBODY
        return self._holders.recall((field, term), lambda: self.segment.holders(field, term))

    def row(self, document: int) -> Mapping[str, Any]:
        """The stored words of a document: the same few rows come back with every letter that is typed."""
        return self._rows.recall(document, lambda: self.segment.row(document))


class Kept:
    """One state of the whole index: read only, so that threads share it and a newer state simply takes its place."""

    def __init__(self, generation: str, segments: Sequence[KeptSegment], deleted: Sequence[Iterable[int]]) -> None:
        self.generation = generation
        self.segments = list(segments)
        self.starts = list(accumulate((segment.size for segment in segments), initial=0))
        self.size = self.starts[-1]
        self.live: Mask = np.ones(self.size, np.bool_)
        for start, gone in zip(self.starts, deleted, strict=False):
            self.live[[start + document for document in gone]] = False
        self._number_groups()
        self._facet_values: dict[str, list[str]] = {}
        self.body_length = self._joined("body_length", np.float32)
        self.line_length = self._joined("line_length", np.float32)
        counts = self._joined("line_count", np.int32)
        self.first_line: Ints = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        self.line_document: Ints = np.repeat(np.arange(self.size, dtype=np.int32), counts)
        self.lexicon = Lexicon.joined([segment.lexicon for segment in segments])
        longest = np.maximum.reduceat(self.line_length, self.first_line[:-1]) if self.size else self.body_length
        self.length: Floats = self.body_length + longest
        self.average_body, self.average_line = _mean(self.body_length), _mean(self.line_length)
        self.average_length = _mean(self.length)
        self.line_mass = self._line_masses()
        """For each title line the sum of its words' idf: how much there is to be named."""
        self._masks: Memory[frozenset[str], Mask] = Memory(_MASKS_BYTES, _bytes_of)
        self._stems: Memory[str, Codes] = Memory(_STEMS_BYTES, _bytes_of)
        self._tallies: Memory[str, Tally] = Memory(_TALLIES_BYTES, _bytes_of_all)
        self._bearers: Memory[frozenset[str], Ints] = Memory(_BEARERS_BYTES, lambda rows: rows.nbytes + _KEY_BYTES)
        self.standings: Memory[float, Floats] = Memory(_STANDINGS_BYTES, _bytes_of)
        """What `ranking` works out for a day of what stands on all documents."""

    def _number_groups(self) -> None:
        numbers: dict[str, int] = {}
        names = chain.from_iterable(segment.groups for segment in self.segments)
        self.group: Ints = np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int32)
        self.group_count = len(numbers)

    def _joined(self, name: str, dtype: type[Any]) -> NDArray[Any]:
        return np.concatenate([np.zeros(0, dtype), *(getattr(segment, name) for segment in self.segments)])

    def _parts(self) -> Iterator[tuple[int, KeptSegment]]:
        """Each segment with the number of its first document in the whole."""
        return zip(self.starts, self.segments, strict=False)

    def number(self, name: str) -> NDArray[np.float64]:
        """A sort key of every document; NaN where it has none."""
        parts = [segment.numbers.get(name, np.full(segment.size, np.nan)) for segment in self.segments]
        joined: NDArray[np.float64] = np.concatenate([np.zeros(0), *parts])
        return joined

    def _line_masses(self) -> Floats:
        documents = int(np.count_nonzero(self.live))
        masses: list[NDArray[Any]] = [np.zeros(0)]
        for segment in self.segments:
            held = np.array([self.lexicon.stem_frequency(stem) for stem in segment.stems])
            line = np.repeat(np.arange(len(segment.line_length)), segment.line_length.astype(np.int64))
            weights = idf(documents, np.minimum(held, documents))[segment.line_stems]
            masses.append(np.bincount(line, weights, len(segment.line_length)))
        return np.concatenate(masses).astype(np.float32)

    def visible(self, audiences: frozenset[str]) -> Mask:
        """The living documents that one of the audiences may see."""
        return self._masks.recall(audiences, lambda: self.live & self.holding("audience", sorted(audiences)))

    def holders(self, field: str, term: str) -> Ints:
        """The documents that hold a term of the fields "audience" and "facet", ascending."""
        parts = [segment.holders(field, term) + start for start, segment in self._parts()]
        return parts[0] if len(parts) == 1 else np.concatenate([_NOBODY, *parts])

    def holding(self, field: str, terms: Iterable[str]) -> Mask:
        """The documents that hold at least one of the terms."""
        mask = np.zeros(self.size, np.bool_)
        for term in terms:
            mask[self.holders(field, term)] = True
        return mask

    def bearing(self, items: frozenset[str]) -> Ints:
        """The documents with one of these values of the facet "item", ascending."""
        if not items:
            return _NOBODY
        terms = sorted(facet_term("item", item) for item in items)
        return self._bearers.recall(
            items, lambda: np.unique(np.concatenate([self.holders("facet", term) for term in terms]))
        )

    def facet_values(self, facet: str) -> list[str]:
        """All values of a facet in the index, whoever may see them."""
        if facet not in self._facet_values:
            values = (segment.facets.get(facet, ()) for segment in self.segments)
            self._facet_values[facet] = sorted(set().union(*values))
        return self._facet_values[facet]

    def tally(self, facet: str) -> Tally:
        """All bearers of all values of a facet, deleted documents included."""

        def work_out() -> Tally:
            bearers = [self.holders("facet", facet_term(facet, value)) for value in self.facet_values(facet)]
            documents = np.concatenate([_NOBODY, *bearers])
            values = np.repeat(np.arange(len(bearers), dtype=np.int64), [len(one) for one in bearers])
            keys = values * self.group_count + self.group[documents]
            order = np.argsort(keys, kind="stable")
            return Tally(documents[order], keys[order])

        return self._tallies.recall(facet, work_out)

    def word(self, word: str) -> Codes:
        """All places of one spelling."""
        places: list[NDArray[Any]] = [np.zeros(0, np.int64)]
        for start, segment in self._parts():
            found = segment.occurrences(word)
            if found is not None:
                documents = np.repeat(found.documents.astype(np.int64) + start, found.counts)
                places.append(documents * PLACES + found.positions)
        return np.concatenate(places)

    def stem(self, stemmed: str) -> Codes:
        """All places of all words with this stem."""
        return self._stems.recall(stemmed, lambda: self._places_of(self.lexicon.forms(stemmed)))

    def _places_of(self, words: Sequence[str]) -> Codes:
        places = [self.word(word) for word in words]
        return places[0] if len(places) == 1 else np.sort(np.concatenate([np.zeros(0, np.int64), *places]))

    def stands_in(self, word: str, documents: Mask) -> bool:
        """Whether one of the documents holds a word in this spelling."""
        for start, segment in self._parts():
            found = segment.occurrences(word)
            if found is not None and documents[found.documents + start].any():
                return True
        return False

    def row(self, document: int) -> Mapping[str, Any]:
        """The stored words of a document."""
        number = bisect_right(self.starts, document) - 1
        return self.segments[number].row(document - self.starts[number])

    def phrase(self, words: Sequence[str]) -> Codes:
        """The places where these very words follow each other."""
        first, *others = words
        places = self.word(first)
        for distance, other in enumerate(others, start=1):
            places = places[contains(self.word(other), places + distance)]
        return places


def _bytes_of(kept: NDArray[Any]) -> int:
    return kept.nbytes


def _bytes_of_all(kept: Occurrences | Tally) -> int:
    return sum(part.nbytes for part in kept)


def _bytes_of_row(row: Mapping[str, Any]) -> int:
    return _KEY_BYTES + sum(len(text) for text in row.values() if isinstance(text, str))


def _mean(lengths: Floats) -> float:
    """The average length, at least 1: documents without a word must not make it nothing, nor an empty index NaN."""
    return max(1.0, float(lengths.mean())) if len(lengths) else 1.0


def contains(ascending: NDArray[Any], wanted: NDArray[Any]) -> Mask:
    """For each wanted value whether it stands in an ascending array."""
    if not len(ascending):
        return np.zeros(len(wanted), np.bool_)
    at = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    found: Mask = ascending[at] == wanted
    return found


def idf(documents: int, holding: Any) -> Any:
    """Inverse document frequency ln(N / (n + 1)) + 1, as Whoosh counts it: rare words say more. Never below 0.3."""
    return np.log(documents / (holding + 1)) + 1
