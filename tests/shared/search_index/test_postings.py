"""Kept postings: arrays of segments that read as one index."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np
import pytest

from portal.shared.search_index.layout import BODY, PLACES, Card
from portal.shared.search_index.memory import Memory
from portal.shared.search_index.postings import Kept, KeptSegment, contains
from portal.shared.search_index.store import Occurrences, Segment


class Written:
    """Stands for a segment of the store: documents as maps of words to positions, all for everybody."""

    def __init__(
        self, documents: Sequence[Mapping[str, Sequence[int]]], numbers: Mapping[int, float] | None = None
    ) -> None:
        self.name, self.size = "part", len(documents)
        self.documents, self.numbers = documents, numbers or {}
        self.reads: list[str] = []

    def terms(self, field: str) -> dict[str, int]:
        if field != "words":
            return {"all": self.size} if field == "audience" else {}
        words = sorted({word for document in self.documents for word in document})
        return {word: sum(word in document for document in self.documents) for word in words}

    def holders(self, field: str, term: str) -> Any:
        self.reads.append(term)
        return np.arange(self.size, dtype=np.int32)

    def occurrences(self, word: str) -> Occurrences:
        self.reads.append(word)
        holding = [(at, document[word]) for at, document in enumerate(self.documents) if word in document]
        positions = [position for _, places in holding for position in places]
        return Occurrences(
            np.array([at for at, _ in holding], np.int32),
            np.array([len(places) for _, places in holding], np.int32),
            np.array(positions, np.uint16),
        )

    def cards(self) -> Iterator[Card]:
        for at, document in enumerate(self.documents):
            numbers = {"votes": self.numbers[at]} if at in self.numbers else {}
            lines = [" ".join(word for word, places in document.items() if places[0] < BODY)]
            yield Card(f"g{at % 3}", lines, 0, sum(map(len, document.values())), numbers)


def kept(*parts: Written, deleted: Sequence[Sequence[int]] = ((), ())) -> Kept:
    return Kept("now", [KeptSegment(cast(Segment, part)) for part in parts], deleted)


def test_places_of_all_segments_stand_in_one_row() -> None:
    whole = kept(Written([{"price": [0, BODY]}, {}]), Written([{"cost": [1]}, {"price": [BODY + 2]}]))
    assert whole.word("price").tolist() == [0, BODY, 3 * PLACES + BODY + 2]
    assert whole.word("cost").tolist() == [2 * PLACES + 1]
    assert whole.word("unheard").tolist() == []


def test_documents_beyond_what_32_bits_hold_are_still_told_apart() -> None:
    whole = kept(Written([{}] * 40_000), Written([{}] * 40_000 + [{"price": [BODY]}]))
    assert whole.word("price").tolist() == [80_000 * PLACES + BODY]
    assert whole.phrase(("price",)).tolist() == [80_000 * PLACES + BODY]


def test_a_stem_gathers_its_forms_in_order() -> None:
    whole = kept(Written([{"prices": [1], "price": [3]}]), Written([{"pricing": [2]}]))
    assert whole.stem("price").tolist() == [1, 3, PLACES + 2]
    assert whole.stem("unheard").tolist() == []


def test_a_phrase_stands_where_its_words_follow_each_other() -> None:
    whole = kept(Written([{"not": [0, 5], "now": [1, 9]}, {"not": [1], "now": [0]}]))
    assert whole.phrase(("not", "now")).tolist() == [0]
    assert whole.phrase(("now", "not")).tolist() == [PLACES]
    assert whole.phrase(("not", "unheard")).tolist() == []


def test_a_word_is_read_once_and_only_where_it_stands() -> None:
    first, second = Written([{"price": [0]}]), Written([{"cost": [0]}])
    whole = kept(first, second)
    for _ in range(3):
        whole.word("price")
        whole.word("unheard")
        whole.visible(frozenset(["all"]))
        whole.visible(frozenset(["dep:9"]))
    assert (first.reads, second.reads) == (["price", "all"], ["all"])


def test_what_is_kept_stays_within_its_bounds() -> None:
    memory: Memory[int, str] = Memory(limit=5, size_of=len)
    made: list[int] = []

    def make(number: int, size: int) -> str:
        return memory.recall(number, lambda: made.append(number) or "x" * size)

    assert [make(1, 2), make(1, 2), make(2, 3), make(1, 2)] == ["xx", "xx", "xxx", "xx"]
    assert made == [1, 2]
    make(3, 1)
    make(1, 2)
    make(3, 1)
    assert made == [1, 2, 3, 1]
    assert make(4, 99) == "x" * 99


def test_deleted_documents_are_masked() -> None:
    whole = kept(Written([{"price": [0]}, {"price": [0]}]), Written([{"price": [0]}]), deleted=([1], []))
    assert whole.visible(frozenset(["all"])).tolist() == [True, False, True]
    assert not whole.visible(frozenset()).any()
    assert whole.stands_in("price", whole.live)
    assert not whole.stands_in("price", np.zeros(3, np.bool_))


def test_numbers_are_missing_where_none_was_given() -> None:
    whole = kept(Written([{}, {}], {1: 5.0}), Written([{}]))
    assert np.nan_to_num(whole.number("votes"), nan=-1).tolist() == [-1, 5, -1]
    assert np.isnan(whole.number("unheard")).all()


def test_groups_reach_over_segments() -> None:
    whole = kept(Written([{}, {}, {}, {}]), Written([{}]))
    assert whole.group.tolist() == [0, 1, 2, 0, 0]
    assert whole.group_count == 3


def test_the_mass_of_a_line_is_the_idf_of_its_words() -> None:
    whole = kept(Written([{"price": [0], "list": [1]}, {"price": [0]}, {}]))
    rare, common = np.log(3 / 2) + 1, np.log(3 / 3) + 1
    assert whole.line_mass.tolist() == pytest.approx([rare + common, common, 0])


def test_nothing_at_all_can_be_kept() -> None:
    whole = kept()
    assert (whole.size, whole.word("price").tolist(), whole.line_mass.tolist()) == (0, [], [])
    assert whole.visible(frozenset(["all"])).tolist() == []


def test_membership_in_an_ascending_array() -> None:
    assert contains(np.array([1, 3, 5]), np.array([0, 1, 4, 5, 9])).tolist() == [False, True, False, True, False]
    assert contains(np.array([], np.int64), np.array([1])).tolist() == [False]
