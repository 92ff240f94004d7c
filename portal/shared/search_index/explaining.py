"""The arithmetic behind the row of one item: every part of the formula in `ranking`, as numbers."""

from itertools import pairwise
from typing import Literal

import numpy as np

from portal.shared.search_index.analysis import cut, fold, stem
from portal.shared.search_index.answering import Sought, seek
from portal.shared.search_index.concepts import SPLIT, Alternative, Concept
from portal.shared.search_index.layout import BODY, LEAD, LEAD_WEIGHT, PLACES
from portal.shared.search_index.postings import Floats, Ints, Kept
from portal.shared.search_index.ranking import (
    COVERAGE,
    FILL,
    TITLE,
    Match,
    TitleLines,
    body_gain,
    lifts,
    pair_gain,
    standing,
)
from portal.shared.search_index.records import Explanation, Query, RowPart, WordPart


def explain(kept: Kept, query: Query, item: str) -> Explanation:
    """How a question came to the row of an item, which is a value of the facet "item"."""
    sought = seek(kept, query)
    rows = kept.bearing(frozenset((item,)))
    rows = rows[sought.visible[rows]]
    taken = sought.leaders(np.intersect1d(rows, sought.documents), 1)
    document = int(taken[0]) if len(taken) else None
    return Explanation(
        words=tuple(_word(sought, number, document) for number in range(len(sought.concepts))),
        row=None if document is None else _row(sought, document),
        absence="" if document is not None else _absence(sought, rows),
        total=len(np.unique(kept.group[sought.documents])),
        corrected=sought.corrected,
    )


def _absence(sought: Sought, rows: Ints) -> Literal["not indexed", "no word", "few words", "left out"]:
    if not len(rows):
        return "not indexed"
    if sought.ranking.matches and not sought.ranking.found[rows].any():
        return "no word"
    return "few words" if sought.ranking.matches and not sought.matched[rows].any() else "left out"


def _word(sought: Sought, number: int, document: int | None) -> WordPart:
    kept, concept, match = sought.kept, sought.concepts[number], sought.ranking.matches[number]
    described = [
        (_spelled(alternative), weight, _origin(concept, alternative, weight, sought.query))
        for alternative, weight in concept.alternatives.items()
    ]
    stands_for = tuple(sorted(described, key=lambda one: -one[1]))
    correction = concept.correction or ""
    if match is None:
        return WordPart(word=concept.word, stands_for=stands_for, correction=correction, rows=0, idf=0.0)
    title = lead = body = share = 0.0
    if document is not None:
        title = _title_gain(kept, sought.ranking.title, match, document)
        lead, body = _lead_and_body(kept, match, document)
        share = _at(document, match.documents, match.presence)
    return WordPart(
        word=concept.word, stands_for=stands_for, correction=correction, rows=len(match.documents), idf=match.idf,
        share=share, title=title, lead=lead, body=body,
    )  # fmt: skip


def _spelled(alternative: Alternative) -> str:
    return alternative if isinstance(alternative, str) else " ".join(alternative)


def _origin(concept: Concept, alternative: Alternative, weight: float, query: Query) -> str:
    """Why a word stands for another, told from the two."""
    own = stem(concept.word)
    if alternative == own:
        return "stem"
    for word, others in query.synonyms.items():
        targets = [tuple(cut(other).plain) for other, _ in others]
        if stem(fold(word)) == own and alternative in {stem(one[0]) if len(one) == 1 else one for one in targets}:
            return "word list"
    if isinstance(alternative, tuple) or weight == SPLIT:
        return "other form"
    is_last = query.typing and cut(query.words).plain[-1:] == [concept.word]
    return "goes on" if is_last and alternative.startswith(concept.word[:-1]) else "spelling"


def _title_gain(kept: Kept, lines: TitleLines, match: Match, document: int) -> float:
    """What a word adds to the title line that counts, which is the best for all words together."""
    alone = TitleLines(kept)
    alone.add(match)
    return TITLE * float(alone.bm25[_best_line(kept, lines.bm25, document)])


def _best_line(kept: Kept, of_lines: Floats, document: int) -> int:
    first, end = (int(kept.first_line[document + step]) for step in (0, 1))
    return first + int(np.argmax(of_lines[first:end]))


def _lead_and_body(kept: Kept, match: Match, document: int) -> tuple[float, float]:
    """The one BM25 of both, in the shares in which they feed it."""
    gain = _at(document, *body_gain(kept, match))
    first, end = np.searchsorted(match.codes, [document * PLACES, (document + 1) * PLACES])
    positions, weights = match.codes[first:end] % PLACES, match.weights[first:end]
    lead = LEAD_WEIGHT * float(weights[(positions >= LEAD) & (positions < BODY)].sum())
    share = lead / (lead + float(weights[positions >= BODY].sum()) or 1.0)
    return gain * share, gain * (1 - share)


def _at(document: int, documents: Ints, values: Floats) -> float:
    """The value of a document among others, ascending; 0 where it is not among them."""
    at = int(np.searchsorted(documents, document))
    return float(values[at]) if at < len(documents) and documents[at] == document else 0.0


def _row(sought: Sought, document: int) -> RowPart:
    kept, ranking, query = sought.kept, sought.ranking, sought.query
    visible = int(np.count_nonzero(sought.visible))
    neighbours = pairwise(zip(sought.concepts, ranking.matches, strict=True))
    gains = [
        (first.word, second.word, _at(document, *pair_gain(kept, one, other, visible)))
        for (first, one), (second, other) in neighbours
    ]
    first, line = int(kept.first_line[document]), _best_line(kept, ranking.title.fill(ranking.asked), document)
    covered, named = (float(of[line]) for of in (ranking.title.covered(ranking.asked), ranking.title.named()))
    bm25f, coverage = float(ranking.bm25f[document]), float(ranking.coverage[document])
    stored, order = kept.row(document), sought.leaders(sought.documents, len(sought.documents))
    return RowPart(
        key=stored["key"],
        title=stored["title"],
        place=1 + int(np.flatnonzero(kept.group[order] == kept.group[document])[0]),
        pairs=tuple(gain for gain in gains if gain[2]),
        bm25f=bm25f,
        best_bm25f=ranking.best,
        title_line=_best_line(kept, ranking.title.bm25, document) - first,
        coverage=coverage,
        filled_line=line - first,
        title_covered=covered,
        title_named=named,
        text=bm25f / ranking.best * (1 + COVERAGE * coverage**2) + FILL * covered * named,
        lifts={name: float(part[document]) for name, part in lifts(kept, query.today).items()},
        is_obsolete=bool(kept.number("obsolete")[document] > 0),
        standing=float(standing(kept, query.today)[document]),
        is_starred=bool(np.isin(document, kept.bearing(query.favourites))),
        score=float(ranking.scores[document]),
    )
