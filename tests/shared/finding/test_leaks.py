"""The index may be behind: what the database no longer shows to somebody is in no row, count or snippet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from portal import wiring
from portal.core import clock
from portal.core.db import Database
from portal.shared.finding.finder import Finder
from portal.shared.finding.indexing import Indexer
from portal.shared.finding.pages import ResultList
from portal.shared.finding.syntax import read
from portal.shared.items.models import Item, ItemAudience
from portal.shared.search_index import SearchIndex
from tests.builders import actor_of, add_person, ask_objection, post_answer, write_playbook

CANARY = "quokkasecret"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    """The index of this test."""
    made = SearchIndex(tmp_path / "index")
    yield made
    made.close()


def search(database: Database, index: SearchIndex, person, words: str) -> ResultList:
    index.refresh()
    with database.reading() as session:
        return Finder(index, wiring.HITS).search(session, actor_of(database, person), read(words))


@pytest.mark.parametrize("change", ["hidden", "draft", "audience"])
def test_a_stale_index_shows_nothing_that_was_closed_a_moment_ago(database: Database, index, change: str) -> None:
    manager, reader = add_person(database, "Mara Manager", "manager"), add_person(database, "Rita Reader")
    asked = ask_objection(database, manager, f"Title {CANARY}", text=f"Body {CANARY}")
    post_answer(database, manager, asked, f"Say {CANARY}")
    playbook = write_playbook(database, manager, f"Playbook {CANARY}", f"# Part\n\nText {CANARY}")
    Indexer(database, index, wiring.DOCUMENTS).rebuild()
    assert search(database, index, reader, CANARY).total == 2
    with database.writing() as session:
        if change == "audience":
            session.execute(update(ItemAudience).values(audience="team:99"))
        else:
            values = {"hidden": {"hidden_at": clock.now()}, "draft": {"status": "draft"}}[change]
            session.execute(update(Item).where(Item.id.in_([asked.id, playbook.id])).values(values))
        session.commit()
    found = search(database, index, reader, CANARY)
    assert (found.rows, found.total) == ((), 0)
    assert CANARY not in repr((found.rows, found.notes))


def test_without_an_index_titles_are_searched_and_still_nothing_leaks(database: Database, tmp_path: Path) -> None:
    manager, reader = add_person(database, "Mara Manager", "manager"), add_person(database, "Rita Reader")
    open_ = ask_objection(database, manager, f"Open {CANARY}")
    ask_objection(database, manager, f"Closed {CANARY}", audience=("team:99",))
    lost = SearchIndex(tmp_path / "none")
    with database.reading() as session:
        found = Finder(lost, wiring.HITS).search(session, actor_of(database, reader), read(f"{CANARY} 100%_\\"))
        assert found.rows == ()
        found = Finder(lost, wiring.HITS).search(session, actor_of(database, reader), read(CANARY))
    assert [row.key for row in found.rows] == [f"objection:{open_.id}"]
