"""An index in a folder of its own for every test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.records import Document


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the index lies."""
    return tmp_path / "index"


@pytest.fixture
def build(root: Path) -> Iterator[Callable[..., SearchIndex]]:
    """Builds the index from documents; closed after the test."""
    made: list[SearchIndex] = []

    def build(*documents: Document) -> SearchIndex:
        index = SearchIndex(root)
        index.rebuild(documents)
        made.append(index)
        return index

    yield build
    for index in made:
        index.close()
