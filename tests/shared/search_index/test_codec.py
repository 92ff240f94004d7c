"""Packed postings: what was written is read, block by block."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.shared.search_index import codec, store
from portal.shared.search_index.layout import BODY, lay_out
from tests.shared.search_index.samples import document

Words = list[dict[str, int]]


def write(folder: Path, rows: Words, start: int = 0) -> None:
    """Commit a document for each row, whose body holds each word so many times."""
    with store.Writer(folder) if any(folder.iterdir()) else store.Writer.create(folder) as writer:
        for number, row in enumerate(rows, start):
            body = " ".join(word for word, times in row.items() for _ in range(times))
            writer.add(lay_out(document(f"d{number}", "", body)))


def read(folder: Path, word: str) -> dict[int, list[int]]:
    """Document to the word's positions in its body, over all segments one after the other."""
    found: dict[int, list[int]] = {}
    start = 0
    for segment in store.open_index(folder, {}).segments:
        documents, counts, positions = segment.occurrences(word)
        places = iter(positions.tolist())
        for number, count in zip(documents.tolist(), counts.tolist(), strict=True):
            found[start + number] = [next(places) - BODY for _ in range(count)]
        assert list(places) == []
        start += segment.size
    return found


@pytest.fixture(params=[2, 4096])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Few postings to a block, so that a few documents need several, and as many as in life."""
    monkeypatch.setattr(codec, "_BLOCK", request.param)
    return int(request.param)


@pytest.mark.parametrize("documents", [1, 2, 3, 4, 9])
def test_every_place_of_a_word_is_read_whatever_the_blocks(tmp_path: Path, block: int, documents: int) -> None:
    write(tmp_path, [{"other": 1, "price": number % 3} for number in range(documents)])
    expected = {number: list(range(1, 1 + number % 3)) for number in range(documents) if number % 3}
    assert read(tmp_path, "price") == expected
    assert list(read(tmp_path, "other")) == list(range(documents))
    assert read(tmp_path, "unheard") == {}


@settings(max_examples=25)
@given(rows=st.lists(st.dictionaries(st.sampled_from(["price", "cost", "zürich"]), st.integers(0, 300)), max_size=6))
def test_any_counts_of_words_come_back(tmp_path_factory: pytest.TempPathFactory, rows: Words) -> None:
    folder = tmp_path_factory.mktemp("index")
    write(folder, rows)
    for word in ("price", "cost", "zurich"):
        expected = {at: row.get(word, row.get("zürich", 0) if word == "zurich" else 0) for at, row in enumerate(rows)}
        found = {at: len(places) for at, places in read(folder, word).items()}
        assert found == {at: times for at, times in expected.items() if times}
