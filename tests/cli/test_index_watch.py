"""While the worker runs, an index that is lost, damaged or outdated is noticed in time and asked for."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from portal.cli.index_watch import PAUSE, WHOLE_PAUSE, IndexWatch, ask_for_index
from portal.core.db import Database
from portal.core.jobs import Job
from portal.shared.search_index import Document, SearchIndex

Seconds = list[float]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    """An index of a few documents."""
    made = SearchIndex(tmp_path / "index")
    made.rebuild(
        Document(key=f"note:{number}", kind="note", group=f"note:{number}", title="Discount", audiences=("all",))
        for number in range(20)
    )
    yield made
    made.close()


@pytest.fixture
def clock_hands() -> Seconds:
    """The moment that it is."""
    return [1000.0]


@pytest.fixture
def watch(database: Database, index: SearchIndex, clock_hands: Seconds) -> IndexWatch:
    """A watch by a clock that the test sets."""
    return IndexWatch(database, index, lambda: clock_hands[0])


def is_asked_for(database: Database) -> bool:
    """Whether a rebuild was asked for since this was asked last."""
    with database.writing() as session:
        kinds = session.scalars(select(Job.kind)).all()
        session.execute(delete(Job))
        session.commit()
    assert set(kinds) <= {"rebuild"}
    return bool(kinds)


def segment_of(index: SearchIndex) -> Path:
    return max(index._root.glob("index-*/*"), key=lambda path: path.stat().st_size)


def cut(index: SearchIndex) -> None:
    os.truncate(segment_of(index), segment_of(index).stat().st_size // 2)


def flip(index: SearchIndex) -> None:
    content = bytearray(segment_of(index).read_bytes())
    content[len(content) // 3] ^= 0xFF
    segment_of(index).write_bytes(content)


def delete_one(index: SearchIndex) -> None:
    segment_of(index).unlink()


@pytest.mark.parametrize("damage", [cut, flip, delete_one])
def test_damage_is_noticed_when_all_files_are_due_and_not_before(
    database: Database, index: SearchIndex, watch: IndexWatch, clock_hands: Seconds, damage: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("portal.shared.search_index.current._PAUSE", 0.001)
    watch()
    damage(index)
    clock_hands[0] += WHOLE_PAUSE - 1
    watch()
    assert not is_asked_for(database)
    clock_hands[0] += 1
    watch()
    assert is_asked_for(database)
    clock_hands[0] += PAUSE
    watch()
    assert not is_asked_for(database), "all files are not read at every look"


def test_a_lost_index_is_noticed_within_moments(
    database: Database, index: SearchIndex, watch: IndexWatch, clock_hands: Seconds
) -> None:
    watch()
    shutil.rmtree(index._root)
    clock_hands[0] += PAUSE - 1
    watch()
    assert not is_asked_for(database)
    clock_hands[0] += 1
    watch()
    assert is_asked_for(database)


def test_a_whole_index_is_left_alone_however_long_it_is_watched(
    database: Database, index: SearchIndex, watch: IndexWatch, clock_hands: Seconds
) -> None:
    for _ in range(100):
        watch()
        clock_hands[0] += PAUSE
    ask_for_index(database, index)
    assert not is_asked_for(database)
