"""From a question and the kept postings to the answer: interpret, mask, rank, fold, count, and show the hits."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from time import perf_counter
from typing import Any

import numpy as np

from portal.shared.search_index import masks
from portal.shared.search_index.analysis import fold
from portal.shared.search_index.concepts import Concept, Interpreter
from portal.shared.search_index.postings import Ints, Kept, Mask, contains
from portal.shared.search_index.ranking import Match, Ranking, rank
from portal.shared.search_index.records import Found, Hit, Query, Snippet
from portal.shared.search_index.snippets import excerpt
from portal.shared.search_index.spelling import Visible

_SORTED_BY = {"new": "updated", "top": "votes"}
_ENOUGH = 0.75
"""Sorted by a number instead of relevance, a row needs this share of the best row's coverage: any single word of a
question matches half of the index, and the newest of these is no answer."""


@dataclass(frozen=True)
class Sought:
    """What a question found, before anything of it is shown."""

    kept: Kept
    query: Query
    visible: Mask
    hard: Mask
    """What phrases, exclusions and bounds let through of it."""
    by_facet: Mapping[str, Mask]
    concepts: list[Concept]
    ranking: Ranking
    matched: Mask
    """The documents that answer the words, whatever the filters say."""
    documents: Ints
    """Those of them within all conditions."""

    def leaders(self, documents: Ints, wanted: int) -> Ints:
        """The best of these documents of each group, best group first, at most `wanted` of them."""
        return _leaders(self.kept, documents, _order(self.kept, self.query, self.ranking), self.ranking.scores, wanted)

    @property
    def corrected(self) -> tuple[tuple[str, str], ...]:
        """(typed, taken instead) for words that stand in no visible document."""
        return tuple((concept.word, concept.correction) for concept in self.concepts if concept.correction)


def answer(kept: Kept, query: Query) -> Found:
    """Answer one question; whatever the asker may not see takes no part in any step."""
    started = perf_counter()
    sought = seek(kept, query)
    documents, in_group = sought.documents, np.bincount(kept.group[sought.documents], minlength=1)
    reading = _Reading(kept, sought.concepts, sought.ranking, in_group)
    offset, limit = max(0, query.offset), max(0, query.limit)
    within = sought.matched & sought.hard
    return Found(
        hits=reading.hits(sought.leaders(documents, offset + limit)[offset:]),
        total=int(np.count_nonzero(in_group)),
        facets={facet: _count(sought, facet, within) for facet in query.facets},
        corrected=sought.corrected,
        complete=reading.is_complete(documents),
        took_ms=(perf_counter() - started) * 1000,
        generation=kept.generation,
    )


def seek(kept: Kept, query: Query) -> Sought:
    """Interpret a question, mask what takes no part, and rank."""
    visible = kept.visible(query.audiences)
    concepts = _concepts(kept, query, visible)
    hard = masks.hard(kept, query) & visible
    by_facet = masks.by_facet(kept, query)
    eligible = masks.all_of(by_facet.values(), hard)
    ranking = rank(kept, concepts, visible, eligible, today=query.today, favourites=query.favourites)
    matched = _matched(query, ranking, hard, eligible)
    documents = np.flatnonzero(matched & eligible).astype(np.int32)
    return Sought(kept, query, visible, hard, by_facet, concepts, ranking, matched, documents)


def continuations(kept: Kept, beginning: str, audiences: frozenset[str], limit: int) -> list[str]:
    """The most frequent words that begin so and stand in a document of these audiences."""
    visible = sight(kept, kept.visible(audiences))
    return kept.lexicon.continuations(fold(beginning), visible, limit) if beginning else []


def sight(kept: Kept, visible: Mask) -> Visible:
    """Whether a word stands in one of the visible documents.

    A frequency alone does not say it, since it counts deleted and hidden documents, unless it exceeds their number.
    """
    unseen = kept.size - int(np.count_nonzero(visible))

    @cache
    def sees(word: str) -> bool:
        return kept.lexicon.frequency.get(word, 0) > unseen or kept.stands_in(word, visible)

    return sees


def _concepts(kept: Kept, query: Query, visible: Mask) -> list[Concept]:
    interpreter = Interpreter(kept.lexicon, sight(kept, visible), query.synonyms)
    concepts = interpreter.concepts(query.words, typing=query.typing)
    for phrase in query.phrases:
        concepts += interpreter.concepts(phrase, exact=True)
    return concepts


def _matched(query: Query, ranking: Ranking, hard: Mask, eligible: Mask) -> Mask:
    """The documents that answer the words, whatever the filters say; without words, all of them."""
    if not query.words.strip() and not ranking.matches:
        return hard
    found: Mask = ranking.found
    if query.sort != "relevance":
        best = float(ranking.coverage.max(initial=0, where=found & eligible))
        found = found & (ranking.coverage >= _ENOUGH * best)
    return found


def _order(kept: Kept, query: Query, ranking: Ranking) -> Any:
    """The value to sort by, highest first; a list without words begins with the newest."""
    if query.sort == "relevance" and ranking.matches:
        return ranking.scores
    number = kept.number(_SORTED_BY.get(query.sort, "updated" if query.sort == "relevance" else query.sort))
    return np.nan_to_num(number, nan=-np.inf, posinf=np.inf, neginf=-np.inf)


def _leaders(kept: Kept, documents: Ints, order: Any, scores: Any, wanted: int) -> Ints:
    """The best document of each group, best group first, at most `wanted` of them."""
    looked_at = max(64, 4 * wanted)
    while True:
        best = _best(documents, order, scores, looked_at)
        _, first = np.unique(kept.group[best], return_index=True)
        if len(first) >= wanted or looked_at >= len(documents):
            return best[np.sort(first)[:wanted]]
        looked_at *= 4


def _best(documents: Ints, order: Any, scores: Any, count: int) -> Ints:
    """At least `count` of the documents, sorted; all that tie with the last are in, so that pages never overlap."""
    values = order[documents]
    if count < len(documents):
        lowest = np.partition(values, len(values) - count)[len(values) - count]
        documents = documents[values >= lowest]
    return documents[np.lexsort((documents, -scores[documents], -order[documents]))]


def _count(sought: Sought, facet: str, documents: Mask) -> tuple[tuple[str, int], ...]:
    """Count a facet's values within all other facets' filters, so that its own list keeps offering the rest."""
    others = masks.all_of((mask for other, mask in sought.by_facet.items() if other != facet), documents)
    return masks.count_groups(sought.kept, facet, others, sought.query.computed.get(facet, {}))


@dataclass(frozen=True)
class _Reading:
    """What a question found, ready to be shown row by row."""

    kept: Kept
    concepts: list[Concept]
    ranking: Ranking
    in_group: Any
    """Number of the found documents of each group."""

    def hits(self, documents: Ints) -> tuple[Hit, ...]:
        """Documents as rows of the answer, in their order."""
        lacking = [
            (word, ~contains(match.documents, documents) if match else np.ones(len(documents), np.bool_))
            for word, match in self._asked()
        ]
        return tuple(
            self._hit(int(document), tuple(dict.fromkeys(word for word, lacks in lacking if lacks[at])))
            for at, document in enumerate(documents)
        )

    def _hit(self, document: int, missing: tuple[str, ...]) -> Hit:
        row = self.kept.row(document)
        return Hit(
            key=row["key"],
            kind=row["kind"],
            group=row["group"],
            score=float(self.ranking.scores[document]),
            title=row["title"],
            snippet=self._snippet(row),
            stored=row["stored"],
            folded=int(self.in_group[self.kept.group[document]]) - 1,
            missing=missing,
        )

    def is_complete(self, documents: Ints) -> bool:
        """Whether one of the documents has every word that was asked for."""
        asked = [match for _, match in self._asked()]
        held = np.zeros(self.kept.size, np.int32)
        for match in asked:
            if match is None:
                return False
            held[match.documents] += 1
        return bool((held[documents] == len(asked)).any())

    def _asked(self) -> list[tuple[str, Match | None]]:
        pairs = zip(self.concepts, self.ranking.matches, strict=True)
        return [(concept.word, match) for concept, match in pairs if not concept.is_extra]

    def _snippet(self, row: Mapping[str, Any]) -> Snippet:
        """The best piece of the body, or of the line to say if only that has a match."""
        weights = [match.idf if match else 0.0 for match in self.ranking.matches]
        first = Snippet("")
        for part in ("body", "say"):
            shown = excerpt(row[part], self._shown_words, weights)
            if shown.matches:
                return shown
            first = first if first.text else shown
        return first

    @cached_property
    def _shown_words(self) -> dict[str, int]:
        """Every word that stands for a concept of the question, with the concept's number."""
        numbers: dict[str, int] = {}
        for number, concept in enumerate(self.concepts):
            for alternative in concept.alternatives:
                forms = self.kept.lexicon.forms(alternative) if isinstance(alternative, str) else alternative
                for word in forms:
                    numbers.setdefault(word, number)
        return numbers
