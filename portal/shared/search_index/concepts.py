"""What each word of a question may stand for: its stem, a longer word, a correction, a joined or split form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from portal.shared.search_index.analysis import STOP, Spelling, code_parts, cut, fold, stem
from portal.shared.search_index.spelling import SHORTEST_CORRECTED, Lexicon, Visible

Alternative: TypeAlias = str | tuple[str, ...]
"""A stem, or words that must follow each other."""
Synonyms: TypeAlias = Mapping[str, tuple[tuple[str, float], ...]]

CONTINUATIONS = 12
CONTINUED = 0.9
MISTYPED_CONTINUED = 0.6
CORRECTIONS = 3
CORRECTED = {1: 0.9, 2: 0.7}
"""Weight of a correction by its number of edits."""
RARE = 2
"""A known word in so few documents may still be a typo, if a neighbour is TIMES_AS_FREQUENT."""
TIMES_AS_FREQUENT = 10
RARE_CORRECTED = 0.5
JOINED = 0.7
SPLIT = 0.4
SHORTEST_JOINED = 6
MOST_WORDS = 50


@dataclass(frozen=True)
class Concept:
    """One thing that the question asks for. Any of the alternatives, each at its weight, satisfies it."""

    word: str
    alternatives: Mapping[Alternative, float]
    """Empty if nothing that the asker may see comes near: every row lacks this word."""
    correction: str | None = None
    """The word taken instead, if this one stands in no visible document."""
    is_extra: bool = False
    """Not asked for in so many words ("codebase" for "code base"): no row lacks it."""


@dataclass
class Interpreter:
    """Reads questions with the words of one lexicon that one asker may see."""

    lexicon: Lexicon
    visible: Visible
    synonyms: Synonyms = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_stem: dict[str, tuple[tuple[str, float], ...]] = {}
        for word, others in self.synonyms.items():
            by_stem[stem(fold(word))] = by_stem.get(stem(fold(word)), ()) + others
        self.synonyms = by_stem

    def concepts(self, text: str, *, typing: bool = False, exact: bool = False) -> list[Concept]:
        """The concepts of a question in its order, stop words left out unless there is nothing else.

        With `typing` the last word may go on; with `exact` no word is corrected, continued or replaced. Of a pasted
        page only the first MOST_WORDS words count.
        """
        words = cut(text)
        plain = words.plain
        unfinished = len(plain) - 1 if typing and text[-1:].isalnum() else -1
        asked = [at for at, word in enumerate(plain) if word not in STOP or at == unfinished] or list(range(len(plain)))
        codes = self._codes(plain, words.spellings)
        inside = {at + step for at, (span, _) in codes.items() for step in range(span)}
        also = {at: word for at, _, word in words.spellings if word.isalpha()}
        concepts: list[Concept] = []
        free = [at for at in asked[:MOST_WORDS] if at not in inside]
        for at in asked[:MOST_WORDS]:
            if at in codes:
                concepts.append(codes[at][1])
            elif at not in inside:
                known = self._known(plain[at], also.get(at, plain[at]))
                is_last = at == unfinished
                concepts.append(
                    Concept(plain[at], known) if exact else self._concept(plain[at], known, is_last, bool(concepts))
                )
        return concepts if exact else concepts + self._joined([plain[at] for at in free], free)

    def _known(self, *spellings: str) -> dict[Alternative, float]:
        return {stem(word): 1.0 for word in spellings if self._holds(stem(word))}

    def _concept(self, word: str, known: dict[Alternative, float], unfinished: bool, has_others: bool) -> Concept:
        """What a word stands for beside its `known` spellings."""
        alternatives = self._continued(word, has_others) if unfinished else {}
        alternatives.update(known)
        corrections = self._corrections(word, bool(alternatives), unfinished)
        for other, weight in corrections.items():
            alternatives.setdefault(stem(other), weight)
        for part in self._split(word):
            alternatives.setdefault(stem(part), SPLIT)
        parts = code_parts(word)
        if parts and all(map(self.visible, parts)):
            alternatives.setdefault(parts, 1.0)
        for other, weight in self.synonyms.get(stem(word), ()):
            self._add_synonym(other, weight, alternatives)
        is_replaced = not known and not self.visible(word) and not unfinished
        return Concept(word, alternatives, next(iter(corrections), None) if is_replaced else None)

    def _continued(self, word: str, has_others: bool) -> dict[Alternative, float]:
        """What an unfinished word may become. A single letter says too little to stand for words beside others."""
        found: dict[Alternative, float] = {}
        if len(word) > 1 or not has_others:
            for longer in self.lexicon.continuations(word, self.visible, CONTINUATIONS):
                found.setdefault(stem(longer), CONTINUED)
        if not found and not self._holds(stem(word)) and len(word) >= SHORTEST_CORRECTED:
            for longer in self.lexicon.mistyped_continuations(word, self.visible, CONTINUATIONS // 2):
                found.setdefault(stem(longer), MISTYPED_CONTINUED)
        return found

    def _corrections(self, word: str, is_understood: bool, unfinished: bool) -> dict[str, float]:
        """Words that a misspelt one may have been meant to be, best first, with their weights; never for codes."""
        if len(word) < SHORTEST_CORRECTED or not word.isalpha():
            return {}
        if not self.visible(word):
            if is_understood:
                return {}
            found = self.lexicon.corrections(word, self.visible, CORRECTIONS)
            return {other: CORRECTED[distance] for other, distance in found}
        if unfinished or len(word) == SHORTEST_CORRECTED or self.lexicon.frequency[word] > RARE:
            return {}
        enough = TIMES_AS_FREQUENT * self.lexicon.stem_frequency(stem(word))
        found = self.lexicon.corrections(word, self.visible, CORRECTIONS)
        return {
            other: RARE_CORRECTED * CORRECTED[distance]
            for other, distance in found
            if self.lexicon.stem_frequency(stem(other)) >= enough
        }

    def _split(self, word: str) -> tuple[str, ...]:
        """The two words that an unknown one was run together from."""
        if len(word) < SHORTEST_JOINED or not word.isalpha() or self.visible(word):
            return ()
        return self.lexicon.split(word, self.visible) or ()

    def _codes(self, plain: list[str], spellings: list[Spelling]) -> dict[int, tuple[int, Concept]]:
        """Position to (span, concept) for codes and figures that are known whole or in parts."""
        found: dict[int, tuple[int, Concept]] = {}
        for at, span, word in spellings:
            if word.isalpha():
                continue
            parts = tuple(plain[at : at + span])
            alternatives: dict[Alternative, float] = {stem(word): 1.0} if self.visible(word) else {}
            if all(map(self.visible, parts)):
                alternatives[parts if span > 1 else stem(parts[0])] = 1.0
            if alternatives:
                found[at] = span, Concept(word, alternatives)
        return found

    def _joined(self, words: list[str], positions: list[int]) -> list[Concept]:
        """The words that neighbours of the question make together, where they are known ("code base" is codebase)."""
        pairs = zip(words, words[1:], positions, positions[1:], strict=False)
        joined = [first + second for first, second, at, following in pairs if following == at + 1]
        return [
            Concept(word, {stem(word): JOINED}, is_extra=True)
            for word in joined
            if (len(word) >= SHORTEST_JOINED or code_parts(word)) and self.visible(word)
        ]

    def _add_synonym(self, other: str, weight: float, alternatives: dict[Alternative, float]) -> None:
        words = tuple(cut(other).plain)
        if len(words) == 1 and self._holds(stem(words[0])):
            alternatives.setdefault(stem(words[0]), weight)
        elif len(words) > 1 and all(map(self.visible, words)):
            alternatives.setdefault(words, weight)

    def _holds(self, stemmed: str) -> bool:
        return any(map(self.visible, self.lexicon.forms(stemmed)))
