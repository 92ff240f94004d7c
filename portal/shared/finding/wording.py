"""The company's word list at work: which other words a question also asks for, and when two questions are the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.shared.search_index.analysis import content, cut, stem

SAME, ONE_WAY = 0.7, 0.85
"""Weights below 1, so that a row with the word that was typed stands before one with another word for it."""
LONGEST = 200

Synonyms = Mapping[str, tuple[tuple[str, float], ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """Words that are read as others: each of `theirs` as every one of `ours`, or, without `ours`, as each other."""

    theirs: tuple[str, ...]
    ours: tuple[str, ...] = ()

    @property
    def sources(self) -> Sequence[tuple[str, tuple[str, ...]]]:
        """Each word that is read as others, with these."""
        if self.ours:
            return [(word, self.ours) for word in self.theirs]
        return [(word, tuple(one for one in self.theirs if one != word)) for word in self.theirs]


@dataclass(frozen=True, slots=True)
class Reading:
    """Words of a question as they were typed, and what they are also read as."""

    words: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    stems: tuple[str, ...]
    targets: tuple[str, ...]
    weight: float


class WordList:
    """All entries, ready to be asked; made once for an edition of the list and then shared by all threads."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_first: dict[str, list[_Source]] = {}
        for entry in entries:
            for word, targets in entry.sources:
                stems = tuple(stems_of(word))
                if stems:
                    source = _Source(stems, targets, ONE_WAY if entry.ours else SAME)
                    self._by_first.setdefault(stems[0], []).append(source)

    def synonyms(self, text: str) -> Synonyms:
        """What the words of a question also stand for, as the engine takes it.

        Several words that stand for others together (`no budget`) each stand for all of these, so that a row with the
        others lacks none of them.
        """
        words, found = content(cut(text).plain), dict[str, tuple[tuple[str, float], ...]]()
        for at, source in self._met(words):
            pairs = tuple((target, source.weight) for target in source.targets)
            for word in words[at : at + len(source.stems)]:
                found[word] = tuple(dict.fromkeys((*found.get(word, ()), *pairs)))
        return found

    def readings(self, text: str) -> tuple[Reading, ...]:
        """The same for people: which words of a question are also read as which."""
        words, found = content(cut(text).plain), dict[str, tuple[str, ...]]()
        for at, source in self._met(words):
            met = " ".join(words[at : at + len(source.stems)])
            found[met] = tuple(dict.fromkeys((*found.get(met, ()), *source.targets)))
        return tuple(Reading(met, also) for met, also in found.items())

    def _met(self, words: Sequence[str]) -> Iterable[tuple[int, _Source]]:
        if not self._by_first:
            return
        stems = [stem(word) for word in words]
        for at, first in enumerate(stems):
            for source in self._by_first.get(first, ()):
                if tuple(stems[at : at + len(source.stems)]) == source.stems:
                    yield at, source


def stems_of(text: str) -> list[str]:
    """The stems of a text in their order, stop words left out unless there is nothing else."""
    return [stem(word) for word in content(cut(text).plain)]


def normal_form(text: str) -> str:
    """What two ways to ask for the same have in common: `Discounts for dairy` is `dairi discount`; cut to LONGEST."""
    return " ".join(sorted(set(stems_of(text))))[:LONGEST].rstrip()
