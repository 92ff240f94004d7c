"""Which documents answer a question best: BM25F, raised by how much of the question and of the title is met.

    score = BM25F / best BM25F × (1 + COVERAGE · C²) + FILL · T · F

    C  share of the question's idf found in the document          (a row with all the words rises)
    T  share of the question's idf found in one title line        (the title speaks of it …)
    F  share of that line's idf that the question names           (… and of little else)

The figures were chosen on three public collections together and lie on a wide plateau: title weight 1.5 to 3, COVERAGE
1 to 4 and K1 1.2 to 2.4 change nDCG@10 by less than 0.015 on each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.shared.search_index.concepts import Concept
from portal.shared.search_index.layout import BODY, LEAD, LEAD_WEIGHT, LINE_PLACES, PLACES
from portal.shared.search_index.postings import Codes, Floats, Ints, Kept, Mask, idf

K1 = 2.0
"""How slowly a word's repetitions stop to count."""
B_BODY, B_TITLE, B_PAIR = 0.6, 1.0, 0.75
"""How far a part's length discounts its words: 0 not at all, 1 in full proportion."""
TITLE = 2.5
PAIR = 0.5
NEAR = 3
"""Places within which the next word of the question makes a pair: next to it, or with two words between."""
COVERAGE = 2.0
FILL = 3.0
VOTES_LIFT, VERIFIED_LIFT = 0.06, 0.04
"""At most so much is a row lifted for being found useful and for being verified: enough to order near equals."""
HALF_LIFT_VOTES = 5


@dataclass(frozen=True)
class Match:
    """Where one concept stands among the visible documents."""

    codes: Codes
    weights: Floats
    """Of the alternative at each place."""
    documents: Ints
    """Each once, ascending."""
    presence: Floats
    """Weight of the best alternative in each of the documents."""
    idf: float
    """All alternatives of a concept share the idf of their union, so that none wins by being rare."""


@dataclass(frozen=True)
class Ranking:
    """What a question found: the scores are those of the eligible documents and 0 elsewhere."""

    scores: Floats
    found: Mask
    """The visible documents with any of the words, eligible or not."""
    coverage: Floats
    """C of each document."""
    matches: list[Match | None]
    """For each concept where it stands, or None."""


def rank(kept: Kept, concepts: Sequence[Concept], visible: Mask, eligible: Mask) -> Ranking:
    """Score the eligible documents.

    The words of the question are counted over the `visible` documents, so that they weigh the same whatever the asker
    may not see; `eligible` (visible and within the filters) says which may win.
    """
    matches = [_match(kept, concept, visible) for concept in concepts]
    found = [match for match in matches if match]
    bm25f, title = np.zeros(kept.size, np.float32), _TitleLines(kept)
    covered = np.zeros(kept.size, np.float32)
    for match in found:
        covered[match.documents] += match.presence * match.idf
        _add_body(kept, match, bm25f)
        title.add(match)
    _add_pairs(kept, matches, int(np.count_nonzero(visible)), bm25f)
    bm25f += TITLE * title.best(title.bm25)
    asked = sum(match.idf for match in found) or 1.0
    coverage = covered / asked
    best = float(bm25f.max(initial=0, where=eligible)) or 1.0
    scores = bm25f / best * (1 + COVERAGE * coverage**2) + FILL * title.fill(asked)
    is_found = bm25f > 0
    scores[~(eligible & is_found)] = 0
    return Ranking(scores * _lift(kept), is_found, coverage, matches)


def _match(kept: Kept, concept: Concept, visible: Mask) -> Match | None:
    """The visible places of a concept, or None."""
    places = [
        kept.stem(alternative) if isinstance(alternative, str) else kept.phrase(alternative)
        for alternative in concept.alternatives
    ]
    weights = [
        np.full(len(codes), weight, np.float32)
        for codes, weight in zip(places, concept.alternatives.values(), strict=True)
    ]
    codes, weight = np.concatenate([_NOWHERE, *places]), np.concatenate([np.zeros(0, np.float32), *weights])
    if len(places) > 1:
        order = np.argsort(codes, kind="stable")
        codes, weight = codes[order], weight[order]
    seen = visible[codes // PLACES]
    codes, weight = codes[seen], weight[seen]
    if not len(codes):
        return None
    documents, presence = _by(codes // PLACES, weight, np.maximum)
    return Match(codes, weight, documents, presence, float(idf(int(np.count_nonzero(visible)), len(documents))))


_NOWHERE = np.zeros(0, np.int64)


def _by(keys: NDArray[Any], values: Floats, combine: np.ufunc) -> tuple[NDArray[Any], Floats]:
    """Combine the values of equal neighbouring keys: (each key once, its combined value)."""
    if not len(keys):
        return keys, values
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[starts], combine.reduceat(values, starts)


def bm25(frequency: Any, length: Any, average: float, b: float) -> Any:
    """What a word's frequency adds, without its idf.

    BM25: f (K1 + 1) / (f + K1 (1 − b + b · length / average)); Robertson and Zaragoza, "The Probabilistic Relevance
    Framework: BM25 and Beyond", 2009. Each part of a document has its own b ("F", for fields), and the parts are added
    up as Whoosh does it.
    """
    return frequency * (K1 + 1) / (frequency + K1 * (1 - b + b * length / average))


def _add_body(kept: Kept, match: Match, scores: Floats) -> None:
    """Add BM25 of lead and body, where a word of the lead counts as LEAD_WEIGHT words."""
    positions = match.codes % PLACES
    inside = positions >= LEAD
    weights = match.weights[inside] * np.where(positions[inside] < BODY, np.float32(LEAD_WEIGHT), np.float32(1))
    documents, frequency = _by(match.codes[inside] // PLACES, weights, np.add)
    scores[documents] += match.idf * bm25(frequency, kept.body_length[documents], kept.average_body, B_BODY)


class _TitleLines:
    """What was found in each title line. A document's best line stands for it, be it the title or another wording."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        lines = len(kept.line_length)
        self.bm25 = np.zeros(lines, np.float32)
        self._covered = np.zeros(lines, np.float32)
        self._named = np.zeros(lines, np.float32)

    def add(self, match: Match) -> None:
        """Enter the places of a concept that lie in title lines."""
        positions = match.codes % PLACES
        inside = positions < LEAD
        if not inside.any():
            return
        keys = self._kept.first_line[match.codes[inside] // PLACES] + positions[inside] // LINE_PLACES
        weights = match.weights[inside]
        lines, frequency = _by(keys, weights, np.add)
        self.bm25[lines] += match.idf * bm25(frequency, self._kept.line_length[lines], self._kept.average_line, B_TITLE)
        self._covered[lines] += match.idf * _by(keys, weights, np.maximum)[1]
        self._named[lines] += match.idf * _by(keys, np.ones_like(weights), np.add)[1]

    def fill(self, asked: float) -> Floats:
        """T · F of each document's best line."""
        named = np.minimum(self._named / np.maximum(self._kept.line_mass, 1e-6), 1)
        return self.best(self._covered / asked * named)

    def best(self, of_lines: Floats) -> Floats:
        """The highest value among each document's lines; every document has at least one."""
        if not self._kept.size:
            return of_lines
        best: Floats = np.maximum.reduceat(of_lines, self._kept.first_line[:-1])
        return best


def _add_pairs(kept: Kept, matches: Sequence[Match | None], documents: int, scores: Floats) -> None:
    """Add BM25 of neighbours: two words that follow each other in the question and closely in the document.

    The ordered window of Metzler and Croft, "A Markov Random Field Model for Term Dependencies", 2005.
    """
    for first, second in pairwise(matches):
        if first is None or second is None:
            continue
        following = np.searchsorted(second.codes, first.codes, side="right")
        following = np.minimum(following, len(second.codes) - 1)
        distance = second.codes[following] - first.codes
        near = (distance > 0) & (distance <= NEAR)
        weights = first.weights[near] * second.weights[following[near]]
        holding, frequency = _by(first.codes[near] // PLACES, weights, np.add)
        gain = bm25(frequency, kept.length[holding], kept.average_length, B_PAIR)
        scores[holding] += PAIR * idf(documents, len(holding)) * gain


def _lift(kept: Kept) -> Floats:
    """A factor slightly above 1 for what peers found useful (half of its lift at 5 votes) and what is verified."""
    votes = np.maximum(np.nan_to_num(kept.number("votes")), 0)
    verified = ~np.isnan(kept.number("verified"))
    lift: Floats = (1 + VOTES_LIFT * votes / (votes + HALF_LIFT_VOTES) + VERIFIED_LIFT * verified).astype(np.float32)
    return lift
