"""The hard conditions of a question as masks over the documents, and the counts that a list of filters shows."""

from collections.abc import Iterable, Mapping
from functools import reduce

import numpy as np

from portal.shared.search_index.analysis import cut, stem
from portal.shared.search_index.layout import PLACES, facet_term
from portal.shared.search_index.postings import Kept, Mask
from portal.shared.search_index.records import Query

Bounds = tuple[str, float, float]
"""A number, its lowest and its highest accepted value."""


def hard(kept: Kept, query: Query) -> Mask:
    """The documents that satisfy ranges, phrases and exclusions."""
    mask = np.ones(kept.size, np.bool_)
    for name, (lowest, highest) in query.ranges.items():
        mask &= _within(kept, (name, lowest, highest))
    for phrase in query.phrases:
        if cut(phrase).plain:
            mask &= _holding_phrase(kept, phrase)
    for text in query.excluded:
        words = cut(text).plain
        if words:
            mask &= ~(_holding_word(kept, words[0]) if len(words) == 1 else _holding_phrase(kept, text))
    return mask


def by_facet(kept: Kept, query: Query) -> dict[str, Mask]:
    """For each filtered facet the documents with one of the accepted values."""
    return {
        facet: reduce(
            np.logical_or,
            (_within(kept, bounds) for value, bounds in query.computed.get(facet, {}).items() if value in values),
            kept.holding("facet", [facet_term(facet, value) for value in values]),
        )
        for facet, values in query.filters.items()
    }


def all_of(masks: Iterable[Mask], start: Mask) -> Mask:
    """The documents in every mask."""
    return reduce(np.logical_and, masks, start)


def count_groups(
    kept: Kept, facet: str, documents: Mask, computed: Mapping[str, Bounds]
) -> tuple[tuple[str, int], ...]:
    """(value, number of groups among the documents), most frequent first; values that none has are left out."""
    bearers, keys = kept.tally(facet)
    held = keys[documents[bearers]]
    is_first = np.ones(len(held), np.bool_)
    np.not_equal(held[1:], held[:-1], out=is_first[1:])
    values = kept.facet_values(facet)
    edges = np.searchsorted(held[is_first], np.arange(len(values) + 1) * kept.group_count)
    counted = [(value, count) for value, count in zip(values, np.diff(edges).tolist(), strict=True) if count]
    made = ((value, documents & _within(kept, bounds)) for value, bounds in computed.items())
    counted += [(value, len(np.unique(kept.group[mask]))) for value, mask in made if mask.any()]
    return tuple(sorted(counted, key=lambda pair: (-pair[1], pair[0])))


def _within(kept: Kept, bounds: Bounds) -> Mask:
    """The documents whose number lies within bounds; those without the number do not."""
    name, lowest, highest = bounds
    number = kept.number(name)
    mask: Mask = (number >= lowest) & (number <= highest)
    return mask


def _holding_phrase(kept: Kept, text: str) -> Mask:
    """The documents with these very words in this order, or with a code that is written for all of them."""
    words = cut(text)
    mask = np.zeros(kept.size, np.bool_)
    mask[kept.phrase(words.plain) // PLACES] = True
    for at, span, word in words.spellings:
        if at == 0 and span == len(words.plain):
            mask[kept.word(word) // PLACES] = True
    return mask


def _holding_word(kept: Kept, word: str) -> Mask:
    mask = np.zeros(kept.size, np.bool_)
    mask[kept.stem(stem(word)) // PLACES] = True
    return mask
