"""The words that the index knows: how a beginning goes on, and what a misspelt word was meant to be."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from itertools import accumulate, islice
from math import log
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.shared.search_index.analysis import stem

Visible: TypeAlias = Callable[[str], bool]
"""Whether a word stands in a document that the asker may see: no other word is ever given out."""

SHORTEST_CORRECTED = 4
_LONG = 8
"""From so many letters on two edits are a typo at once; in shorter words they easily make another word."""
_MOST_LOOKED_AT = 200


class _Known(NamedTuple):
    """What tells most words apart without comparing them, in the order of the words."""

    letters: NDArray[np.uint32]
    lengths: NDArray[np.int16]


def _letters(words: Sequence[str]) -> NDArray[np.uint32]:
    """For each word the set of its letters, a bit for each; letters of other scripts share the bits."""
    if not words:
        return np.zeros(0, np.uint32)
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), "<u4")
    starts = np.fromiter(accumulate(map(len, words[:-1]), initial=0), np.intp, len(words))
    letters: NDArray[np.uint32] = np.bitwise_or.reduceat(np.uint32(1) << codes % np.uint32(32), starts)
    return letters


class Lexicon:
    """All words of an index, or of a part of it, with the number of documents of each; read only."""

    def __init__(self, frequency: Mapping[str, int], parts: Sequence["Lexicon"] = ()) -> None:
        """Of `parts`, whose words these are together, what they know is taken over: it outlives most states."""
        self.frequency = frequency
        self.words = sorted(frequency)
        self._parts = parts
        older = max(parts, key=lambda part: len(part.frequency), default=None)
        self._forms: dict[str, list[str]] = dict(older._forms) if older else {}
        for word in self.words:
            if older is None or word not in older.frequency:
                self._add_form(word, stem(word))

    def _add_form(self, word: str, stemmed: str) -> None:
        """A stem whose only form is itself, as most are, needs no entry."""
        if stemmed != word:
            known = self._forms.get(stemmed) or ([stemmed] if stemmed in self.frequency else [])
            self._forms[stemmed] = [*known, word]
        elif stemmed in self._forms and word not in self._forms[stemmed]:
            self._forms[stemmed] = [*self._forms[stemmed], word]

    @staticmethod
    def joined(lexicons: Sequence["Lexicon"]) -> "Lexicon":
        """The lexicon of several parts together: the small ones are added to a copy of the largest."""
        if not lexicons:
            return Lexicon({})
        largest = max(lexicons, key=lambda lexicon: len(lexicon.frequency))
        frequency = dict(largest.frequency)
        for lexicon in lexicons:
            if lexicon is not largest:
                for word, documents in lexicon.frequency.items():
                    frequency[word] = frequency.get(word, 0) + documents
        return Lexicon(frequency, lexicons) if len(lexicons) > 1 else largest

    def forms(self, stemmed: str) -> Sequence[str]:
        """The words with this stem."""
        return self._forms.get(stemmed) or ([stemmed] if stemmed in self.frequency else [])

    def stem_frequency(self, stemmed: str) -> int:
        """Number of documents that hold a stem, those with two of its forms counted twice."""
        return sum(self.frequency[word] for word in self.forms(stemmed))

    def continuations(self, beginning: str, visible: Visible, limit: int) -> list[str]:
        """The most frequent visible words that begin so, the word itself included."""
        start = bisect_left(self.words, beginning)
        end = bisect_left(self.words, beginning + "\U0010ffff", start)
        return self._most_frequent(self.words[start:end], visible, limit)

    def mistyped_continuations(self, beginning: str, visible: Visible, limit: int) -> list[str]:
        """The most frequent visible words whose beginning is one edit away, the first letter being right."""
        letters = len(beginning)
        found: set[str] = set()
        for part in self._parts or (self,):
            start = bisect_left(part.words, beginning[0])
            end = bisect_left(part.words, beginning[0] + "\U0010ffff", start)
            missing = np.bitwise_count(_letters([beginning]) & ~part._known.letters[start:end])
            likely = (missing <= 1) & (part._known.lengths[start:end] >= letters - 1)
            found.update(part.words[start + at] for at in np.flatnonzero(likely))
        near = (word for word in sorted(found) if OSA.distance(beginning, word[:letters], score_cutoff=1) <= 1)
        return self._most_frequent(near, visible, limit)

    def _most_frequent(self, words: Iterable[str], visible: Visible, limit: int) -> list[str]:
        by_frequency = nlargest(_MOST_LOOKED_AT, words, key=self.frequency.__getitem__)
        return list(islice(filter(visible, by_frequency), limit))

    def corrections(self, word: str, visible: Visible, limit: int) -> list[tuple[str, int]]:
        """The likeliest visible words for a misspelt one, best first, each with its distance.

        The distance is the number of letters put in, left out, exchanged or swapped with a neighbour (optimal string
        alignment). One edit, or two for a long word or if there is none within one. Of equally near words, those with
        the same first letter (people rarely miss it) and the frequent ones win.
        """
        near = list(islice(self._within(word, 1 if len(word) < _LONG else 2, visible), limit))
        if near or not SHORTEST_CORRECTED < len(word) < _LONG:
            return near
        return list(islice(self._within(word, 2, visible), limit))

    def _within(self, word: str, edits: int, visible: Visible) -> Iterator[tuple[str, int]]:
        """The visible words within so many edits, likeliest first."""
        words = self._resembling(word, edits)
        found = process.extract(word, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        near = [(other, int(edit)) for other, edit, _ in found if other != word and len(other) > 2 and other.isalpha()]

        def unlikeliness(pair: tuple[str, int]) -> tuple[float, str]:
            other, edit = pair
            return edit + 0.5 * (other[0] != word[0]) - 0.12 * log(self.frequency[other] + 1), other

        return (pair for pair in sorted(near, key=unlikeliness) if visible(pair[0]))

    def _resembling(self, word: str, edits: int) -> list[str]:
        """All words that may be within so many edits: each edit changes the length by one at most, and takes away and
        brings in one letter at most. So few are left that it costs next to nothing to compare these."""
        letters, found = _letters([word]), set[str]()
        for part in self._parts or (self,):
            changed = np.bitwise_count(part._known.letters ^ letters)
            likely = (changed <= 2 * edits) & (np.abs(part._known.lengths - len(word)) <= edits)
            found.update(part.words[at] for at in np.flatnonzero(likely))
        return list(found)

    @cached_property
    def _known(self) -> "_Known":
        lengths = np.fromiter(map(len, self.words), np.int16, len(self.words))
        return _Known(_letters(self.words), lengths)

    def split(self, word: str, visible: Visible) -> tuple[str, str] | None:
        """The two known words that a word was run together from ("codebase" is code, base), the most frequent pair."""
        best: tuple[int, tuple[str, str]] | None = None
        for at in range(3, len(word) - 2):
            pair = word[:at], word[at:]
            rarer = min(self.frequency.get(part, 0) for part in pair)
            if rarer > 2 and (best is None or rarer > best[0]) and all(map(visible, pair)):
                best = rarer, pair
        return best[1] if best else None
