"""The piece of a text that shows best why it was found."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias
from unicodedata import normalize

from portal.shared.search_index.analysis import places
from portal.shared.search_index.records import Snippet

LONGEST = 220
_WINDOW = 190
"""Letters from the first to the last word shown together, so that some of their sentence fits around them."""
_LED_IN = 60
"""Letters shown before the first match where its sentence began too long ago."""
_SCANNED = 20_000
_SENTENCE_ENDS = (". ", "! ", "? ", "… ", ": ")

_Place: TypeAlias = tuple[int, int, int]
"""Start, end and the number of the concept found there."""


def excerpt(text: str, concepts: Mapping[str, int], weights: Sequence[float]) -> Snippet:
    """At most LONGEST letters around the place of a text that says most within one window, the earliest of equals.

    `concepts` maps folded words to the number of the concept they stand for, `weights` holds how much each concept
    says. Without a match the text's beginning is taken. White space becomes single blanks, and a cut shows as "…".
    """
    flat = " ".join(normalize("NFC", text[:_SCANNED]).split())
    found = places(flat, concepts)
    shown = _densest(found, weights)
    start, end = _around(flat, shown[0][0], shown[-1][1]) if shown else _around(flat, 0, 0)
    before, after = "…" if start else "", "…" if end < len(flat) else ""
    shift = len(before) - start
    matches = tuple((at + shift, until + shift) for at, until, _ in found if start <= at and until <= end)
    return Snippet(before + flat[start:end] + after, matches)


def _densest(found: Sequence[_Place], weights: Sequence[float]) -> Sequence[_Place]:
    """The neighbouring places within one window whose distinct concepts say most together."""
    best: Sequence[_Place] = ()
    best_weight, right = 0.0, 0
    everything = _weight(found, weights)
    for left, (start, _, _) in enumerate(found):
        while right < len(found) and (right <= left or found[right][1] - start <= _WINDOW):
            right += 1
        weight = _weight(found[left:right], weights)
        if weight > best_weight:
            best, best_weight = found[left:right], weight
        if weight == everything:
            break
    return best


def _weight(found: Sequence[_Place], weights: Sequence[float]) -> float:
    return sum(weights[concept] for concept in sorted({concept for _, _, concept in found}))


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a range to its sentences as far as LONGEST allows, else to whole words."""
    if len(text) <= LONGEST:
        return 0, len(text)
    room = LONGEST - len("……")
    begin = _begin(text, start, max(0, min(end, start + room) - room))
    limit = min(len(text), begin + room)
    return begin, limit if limit == len(text) else _end(text, min(end, limit), limit)


def _begin(text: str, start: int, earliest: int) -> int:
    """The beginning of the sentence, or of a word some way before `start`."""
    sentences = [at + len(mark) for mark in _SENTENCE_ENDS if (at := text.rfind(mark, earliest, start)) >= 0]
    if sentences or earliest == 0:
        return max(sentences, default=0)
    gap = text.find(" ", max(earliest, start - _LED_IN), start)
    return gap + 1 if gap >= 0 else start


def _end(text: str, end: int, limit: int) -> int:
    """The last end of a sentence up to `limit`, or of a word."""
    sentences = [at + 1 for mark in _SENTENCE_ENDS if (at := text.rfind(mark, end, limit)) >= 0]
    gap = text.rfind(" ", end, limit + 1)
    return max(sentences, default=gap if gap > 0 else limit)
