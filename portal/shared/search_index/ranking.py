"""Which documents answer a question best: the text decides, and what people know of a document orders near equals.

    score    = text × standing, × (1 + STARRED) where the asker has starred it
    text     = BM25F / best BM25F × (1 + COVERAGE · C²) + FILL · T · F
    BM25F    = lead and body + TITLE × best title line + PAIR × words that stand close together
    standing = (1 + votes + trust + worked + freshness), × OBSOLETE where it is obsolete

    C  share of the question's idf found in the document          (a row with all the words rises)
    T  share of the question's idf found in one title line        (the title speaks of it …)
    F  share of that line's idf that the question names           (… and of little else)

A document's title lines are its title and its variants, of which the best counts; its lead are the line to say, its
headings and its tags. The figures of the text were chosen on three public collections together and lie on a wide
plateau: title weight 1.5 to 3, COVERAGE 1 to 4 and K1 1.2 to 2.4 change nDCG@10 by less than 0.015 on each. The lifts
of the standing and the star make less than a quarter together: they decide between rows that the words hardly tell
apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.shared.search_index.concepts import Concept
from portal.shared.search_index.layout import BODY, LEAD, LEAD_WEIGHT, LINE_PLACES, PLACE_BITS, PLACES
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
VOTES, HALF_OF_VOTES = 0.06, 5
"""The lift of many votes, and the number of votes that gives half of it."""
VERIFIED, STALE = 0.04, -0.04
"""For a verification that holds, and for one whose day is over."""
OBSOLETE = 0.5
"""What is obsolete stays to be found, below all that says the same."""
WORKED, TYPICAL_SHARE, TYPICAL_TRIES = 0.05, 50.0, 10
"""What always worked is lifted by so much and what never did lowered, measured from a typical share in percent; a
share is believed as if so many tries of the typical one came with it, so that no single outcome moves a row."""
FRESH, HALF_OF_DAYS = 0.03, 30
"""The lift of what was seen today; it halves every so many days."""
STARRED = 0.05


@dataclass(frozen=True)
class Match:
    """Where one concept stands among the visible documents."""

    codes: Codes
    holders: Codes
    """The document of each place."""
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
    bm25f: Floats
    best: float
    """The highest BM25F of an eligible document, or 1."""
    title: "TitleLines"
    asked: float
    """The idf of all concepts that were found."""


def rank(
    kept: Kept, concepts: Sequence[Concept], visible: Mask, eligible: Mask, *,
    today: float = 0.0, favourites: frozenset[str] = frozenset(),
) -> Ranking:  # fmt: skip
    """Score the eligible documents.

    The words of the question are counted over the `visible` documents, so that they weigh the same whatever the asker
    may not see; `eligible` (visible and within the filters) says which may win.
    """
    matches = [_match(kept, concept, visible) for concept in concepts]
    found = [match for match in matches if match]
    bm25f, covered, title = np.zeros(kept.size, np.float32), np.zeros(kept.size, np.float32), TitleLines(kept)
    for match in found:
        covered[match.documents] += match.presence * match.idf
        documents, gain = body_gain(kept, match)
        bm25f[documents] += gain
        title.add(match)
    for first, second in pairwise(matches):
        documents, gain = pair_gain(kept, first, second, int(np.count_nonzero(visible)))
        bm25f[documents] += gain
    bm25f += TITLE * title.best(title.bm25)
    asked = sum(match.idf for match in found) or 1.0
    coverage = covered / asked
    best = float(bm25f.max(initial=0, where=eligible)) or 1.0
    scores = bm25f / best * (1 + COVERAGE * coverage**2) + FILL * title.best(title.fill(asked))
    is_found = bm25f > 0
    scores[~(eligible & is_found)] = 0
    scores *= standing(kept, today)
    scores[kept.bearing(favourites)] *= 1 + STARRED
    return Ranking(scores, is_found, coverage, matches, bm25f, best, title, asked)


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
    holders = codes >> PLACE_BITS
    seen = visible[holders]
    codes, holders, weight = codes[seen], holders[seen], weight[seen]
    if not len(codes):
        return None
    documents, presence = _by(holders, weight, np.maximum)
    weighs = float(idf(int(np.count_nonzero(visible)), len(documents)))
    return Match(codes, holders, weight, documents, presence, weighs)


_NOWHERE = np.zeros(0, np.int64)


def _by(keys: NDArray[Any], values: Floats, combine: np.ufunc) -> tuple[NDArray[Any], Floats]:
    """Combine the values of equal neighbouring keys: (each key once, its combined value)."""
    if not len(keys):
        return keys, values
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    if len(starts) == len(keys):
        return keys, values
    return keys[starts], combine.reduceat(values, starts)


def bm25(frequency: Any, length: Any, average: float, b: float) -> Any:
    """What a word's frequency adds, without its idf.

    BM25: f (K1 + 1) / (f + K1 (1 − b + b · length / average)); Robertson and Zaragoza, "The Probabilistic Relevance
    Framework: BM25 and Beyond", 2009. Each part of a document has its own b ("F", for fields), and the parts are added
    up as Whoosh does it.
    """
    return frequency * (K1 + 1) / (frequency + K1 * (1 - b + b * length / average))


def body_gain(kept: Kept, match: Match) -> tuple[Ints, Floats]:
    """BM25 of lead and body in each document, where a word of the lead counts as LEAD_WEIGHT words."""
    positions = match.codes & (PLACES - 1)
    inside = positions >= LEAD
    weights = match.weights[inside] * np.where(positions[inside] < BODY, np.float32(LEAD_WEIGHT), np.float32(1))
    documents, frequency = _by(match.holders[inside], weights, np.add)
    return documents, match.idf * bm25(frequency, kept.body_length[documents], kept.average_body, B_BODY)


class TitleLines:
    """What was found in each title line. A document's best line stands for it, be it the title or another wording."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        lines = len(kept.line_length)
        self.bm25 = np.zeros(lines, np.float32)
        self._covered = np.zeros(lines, np.float32)
        self._named = np.zeros(lines, np.float32)

    def add(self, match: Match) -> None:
        """Enter the places of a concept that lie in title lines."""
        positions = match.codes & (PLACES - 1)
        inside = positions < LEAD
        if not inside.any():
            return
        keys = self._kept.first_line[match.holders[inside]] + positions[inside] // LINE_PLACES
        weights = match.weights[inside]
        lines, frequency = _by(keys, weights, np.add)
        self.bm25[lines] += match.idf * bm25(frequency, self._kept.line_length[lines], self._kept.average_line, B_TITLE)
        self._covered[lines] += match.idf * _by(keys, weights, np.maximum)[1]
        self._named[lines] += match.idf * _by(keys, np.ones_like(weights), np.add)[1]

    def covered(self, asked: float) -> Floats:
        """T of each line."""
        return self._covered / np.float32(asked)

    def named(self) -> Floats:
        """F of each line."""
        share: Floats = np.minimum(self._named / np.maximum(self._kept.line_mass, 1e-6), 1)
        return share

    def fill(self, asked: float) -> Floats:
        """T · F of each line."""
        return self.covered(asked) * self.named()

    def best(self, of_lines: Floats) -> Floats:
        """The highest value among each document's lines; none is below 0."""
        lines = np.flatnonzero(of_lines > 0)
        documents, values = _by(self._kept.line_document[lines], of_lines[lines], np.maximum)
        best = np.zeros(self._kept.size, np.float32)
        best[documents] = values
        return best


def pair_gain(kept: Kept, first: Match | None, second: Match | None, documents: int) -> tuple[Ints, Floats]:
    """PAIR × BM25 of neighbours: two words that follow each other in the question and closely in the document.

    The ordered window of Metzler and Croft, "A Markov Random Field Model for Term Dependencies", 2005. `documents` are
    as many as are visible.
    """
    if first is None or second is None:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    following = np.searchsorted(second.codes, first.codes, side="right")
    following = np.minimum(following, len(second.codes) - 1)
    distance = second.codes[following] - first.codes
    near = (distance > 0) & (distance <= NEAR)
    weights = first.weights[near] * second.weights[following[near]]
    holding, frequency = _by(first.holders[near], weights, np.add)
    gain = bm25(frequency, kept.length[holding], kept.average_length, B_PAIR)
    return holding, PAIR * idf(documents, len(holding)) * gain


def standing(kept: Kept, today: float) -> Floats:
    """What people know of each document, as a factor; worked out once for a state of the index and a day."""

    def work_out() -> Floats:
        lifted = 1 + sum(lifts(kept, today).values(), start=np.zeros(kept.size))
        factor: Floats = (lifted * np.where(kept.number("obsolete") > 0, OBSOLETE, 1)).astype(np.float32)
        return factor

    return kept.standings.recall(today, work_out)


def lifts(kept: Kept, today: float) -> dict[str, NDArray[np.float64]]:
    """The named parts of the standing; each is 0 for a document without its numbers. Days count from 1970."""
    number = kept.number
    parts = {
        "votes": votes(number("votes")),
        "trust": trust(number("verify_by"), today),
        "worked": worked(number("worked"), number("tried")),
        "freshness": freshness(number("seen_on"), today),
    }
    return {name: np.nan_to_num(part) for name, part in parts.items()}


def votes(count: Any) -> Any:
    """For what peers found useful; the first votes count most, and disliked is as unknown."""
    useful = np.maximum(count, 0)
    return VOTES * useful / (useful + HALF_OF_VOTES)


def trust(verify_by: Any, today: float) -> Any:
    """For what somebody has verified, until the day by which it is to be verified again."""
    return np.where(np.isnan(verify_by), 0.0, np.where(verify_by >= today, VERIFIED, STALE))


def worked(share: Any, tries: Any) -> Any:
    """For the share in percent of all tries in which it worked, drawn towards the typical share."""
    believed = (share * tries + TYPICAL_SHARE * TYPICAL_TRIES) / (tries + TYPICAL_TRIES)
    return WORKED * (believed - TYPICAL_SHARE) / TYPICAL_SHARE


def freshness(seen_on: Any, today: float) -> Any:
    """For what was seen lately, where that matters: kinds that say when they were last seen."""
    return FRESH * 0.5 ** (np.maximum(today - seen_on, 0) / HALF_OF_DAYS)
