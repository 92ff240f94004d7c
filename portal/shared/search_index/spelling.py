"""The words that the index knows: how a beginning goes on, and what a misspelt word was meant to be."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from itertools import chain, islice
from math import log
from typing import TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.shared.search_index.analysis import stem

Visible: TypeAlias = Callable[[str], bool]
"""Whether a word stands in a document that the asker may see: no other word is ever given out."""

SHORTEST_CORRECTED = 4
_LONG = 8
"""From so many letters on two edits are a typo at once; in shorter words they easily make another word."""
_MOST_LOOKED_AT = 200


class Lexicon:
    """All words of an index, or of a part of it, with the number of documents of each; read only."""

    def __init__(self, frequency: Mapping[str, int], older: "Lexicon | None" = None) -> None:
        """Words that an `older` lexicon has are taken over with their stems."""
        self.frequency = frequency
        self.words = sorted(frequency)
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
        return Lexicon(frequency, largest) if len(lexicons) > 1 else largest

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
        start = bisect_left(self.words, beginning[0])
        end = bisect_left(self.words, beginning[0] + "\U0010ffff", start)
        near = (
            word
            for word in self.words[start:end]
            if len(word) >= letters - 1 and OSA.distance(beginning, word[:letters], score_cutoff=1) <= 1
        )
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
        lengths = range(len(word) - edits, len(word) + edits + 1)
        words = list(chain.from_iterable(self._by_length.get(length, ()) for length in lengths))
        found = process.extract(word, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        near = [(other, int(edit)) for other, edit, _ in found if other != word and len(other) > 2 and other.isalpha()]

        def unlikeliness(pair: tuple[str, int]) -> tuple[float, str]:
            other, edit = pair
            return edit + 0.5 * (other[0] != word[0]) - 0.12 * log(self.frequency[other] + 1), other

        return (pair for pair in sorted(near, key=unlikeliness) if visible(pair[0]))

    @cached_property
    def _by_length(self) -> Mapping[int, Sequence[str]]:
        """The words of each number of letters: an edit changes it by one at most, so most need not be looked at."""
        words: dict[int, list[str]] = {}
        for word in self.words:
            words.setdefault(len(word), []).append(word)
        return words

    def split(self, word: str, visible: Visible) -> tuple[str, str] | None:
        """The two known words that a word was run together from ("codebase" is code, base), the most frequent pair."""
        best: tuple[int, tuple[str, str]] | None = None
        for at in range(3, len(word) - 2):
            pair = word[:at], word[at:]
            rarer = min(self.frequency.get(part, 0) for part in pair)
            if rarer > 2 and (best is None or rarer > best[0]) and all(map(visible, pair)):
                best = rarer, pair
        return best[1] if best else None
