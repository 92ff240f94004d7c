"""Every engine that answers searches, each empty and in a place of its own.

These tests know the door alone (`search_index/door.py`): another engine is held to all of them by one more line.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from portal.shared.search_index.door import SearchEngine
from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.records import Document

Open = Callable[..., SearchEngine]
Fill = Callable[..., SearchEngine]
ENGINES: Mapping[str, Callable[[Path, int], SearchEngine]] = {
    "Whoosh and kept postings": lambda place, documents: SearchIndex(place / "index", documents),
}


@pytest.fixture(params=ENGINES)
def open_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """An engine at the place of this test, as another process would open it; `documents` is their shape's version."""
    opened: list[SearchEngine] = []

    def open_one(documents: int = 1) -> SearchEngine:
        opened.append(ENGINES[request.param](tmp_path, documents))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def engine(open_engine: Open) -> SearchEngine:
    """An engine that was never filled."""
    return open_engine()


@pytest.fixture
def fill(engine: SearchEngine) -> Fill:
    """Fills the engine with documents, and with these alone."""

    def fill(*documents: Document) -> SearchEngine:
        engine.rebuild(documents)
        engine.refresh()
        return engine

    return fill
