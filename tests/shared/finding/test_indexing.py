"""From rows to the index and back: what changes is indexed, what is gone goes, and a lost index heals."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import wiring
from portal.core.db import Database
from portal.core.jobs import Job, JobKind, Worker
from portal.shared.finding.indexing import BATCH, DocumentSource, Indexer
from portal.shared.items.operations import hide_item, restore_item
from portal.shared.search_index import SearchIndex
from portal.shared.search_index.records import Document, IndexUnavailable, Query
from tests.builders import actor_of, add_person, ask_objection, post_answer, vote, write_playbook


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    """The index of this test, not made yet."""
    made = SearchIndex(tmp_path / "index")
    yield made
    made.close()


@pytest.fixture
def indexer(database: Database, index: SearchIndex) -> Indexer:
    """From the database of this test to its index, with every source of the house."""
    made = Indexer(database, index, wiring.DOCUMENTS)
    made.rebuild()
    return made


def work(database: Database, indexer: Indexer) -> None:
    """Do what the listeners asked for, as the worker does."""
    Worker(database, {"index": JobKind(indexer.write, batch=200)}).drain()
    with database.reading() as session:
        assert session.scalars(select(Job.last_error)).all() == []
    assert indexer.compare().is_none


def hits(index: SearchIndex, words: str, *audiences: str) -> list[str]:
    index.refresh()
    found = index.search(Query(words=words, audiences=frozenset(audiences or ("all",))))
    return [hit.key for hit in found.hits if not hit.missing]


def test_what_is_written_is_found_once_the_worker_was_there(database: Database, indexer: Indexer, index) -> None:
    dana = add_person(database)
    asked = ask_objection(database, dana, "Your scanners are unaffordable")
    assert hits(index, "unaffordable") == []
    work(database, indexer)
    assert hits(index, "unaffordable") == [f"objection:{asked.id}"]


def test_an_objection_is_found_by_the_words_of_its_answers(database: Database, indexer: Indexer, index) -> None:
    dana, omar = add_person(database), add_person(database, "Omar Haddad")
    asked = ask_objection(database, dana)
    answer = post_answer(database, omar, asked, "Let us look at the amortisation together")
    work(database, indexer)
    assert hits(index, "amortisation") == [f"objection:{asked.id}"]
    vote(database, dana, answer)
    work(database, indexer)


def test_what_is_hidden_is_gone_from_the_index_and_comes_back(database: Database, indexer: Indexer, index) -> None:
    manager = add_person(database, "Mara Manager", "manager")
    playbook = write_playbook(database, manager, "Zeppelins", "# One\n\nzeppelin here\n\n# Two\n\nzeppelin there")
    work(database, indexer)
    assert hits(index, "zeppelin")
    for act, is_found in ((hide_item, False), (restore_item, True)):
        with database.writing() as session:
            act(session, actor_of(database, manager), playbook.id)
            session.commit()
        work(database, indexer)
        assert bool(hits(index, "zeppelin")) is is_found


def test_ten_edits_are_one_job(database: Database, indexer: Indexer) -> None:
    dana, omar = add_person(database), add_person(database, "Omar Haddad")
    asked = ask_objection(database, dana)
    for number in range(10):
        post_answer(database, omar, asked, f"Answer {number}")
    with database.reading() as session:
        keys = list(session.scalars(select(Job.key).where(Job.kind == "index")))
    assert keys.count(f"objection:{asked.id}") == 1
    work(database, indexer)


def test_what_is_for_some_is_found_by_them_alone(database: Database, indexer: Indexer, index) -> None:
    asked = ask_objection(database, add_person(database), "Secret quokka", audience=("team:2",))
    work(database, indexer)
    assert hits(index, "quokka", "all", "team:3") == []
    assert hits(index, "quokka", "all", "team:2") == [f"objection:{asked.id}"]


def test_a_comparison_names_what_is_missing_extra_and_outdated(database: Database, indexer: Indexer, index) -> None:
    dana = add_person(database)
    kept, lost = (ask_objection(database, dana, title) for title in ("Kept", "Lost"))
    work(database, indexer)
    index.write(
        [
            Document(key=f"objection:{kept.id}", kind="objection", group=f"objection:{kept.id}", title="Other words"),
            Document(key="objection:999", kind="objection", group="objection:999", title="Nowhere"),
        ],
        deleted=[f"objection:{lost.id}"],
    )
    found = indexer.compare()
    assert (found.missing, found.extra, found.outdated) == (
        (f"objection:{lost.id}",), ("objection:999",), (f"objection:{kept.id}",),
    )  # fmt: skip
    assert not found.is_none
    indexer.rebuild()
    assert indexer.compare().is_none


def test_an_index_that_is_lost_heals(database: Database, indexer: Indexer, index, tmp_path: Path) -> None:
    asked = ask_objection(database, add_person(database), "Unaffordable")
    work(database, indexer)
    assert indexer.heal() is False
    shutil.rmtree(tmp_path / "index")
    with pytest.raises(IndexUnavailable):
        index.keys()
    assert indexer.heal() is True
    assert hits(index, "unaffordable") == [f"objection:{asked.id}"]


def test_a_job_that_finds_no_index_builds_it_whole(database: Database, indexer: Indexer, index, tmp_path: Path) -> None:
    dana = add_person(database)
    first = ask_objection(database, dana, "Unaffordable")
    work(database, indexer)
    shutil.rmtree(tmp_path / "index")
    second = ask_objection(database, dana, "Unaffordable too")
    work(database, indexer)
    assert sorted(hits(index, "unaffordable")) == [f"objection:{first.id}", f"objection:{second.id}"]


def test_a_job_that_finds_another_writer_comes_back_later(database: Database, indexer: Indexer, monkeypatch) -> None:
    def busy(*given: object, **more: object) -> None:
        raise IndexUnavailable("busy")

    dana = add_person(database)
    work(database, indexer)
    with monkeypatch.context() as patch:
        patch.setattr(indexer.index, "write", busy)
        patch.setattr(indexer, "rebuild", lambda: 1 / 0)
        ask_objection(database, dana)
        Worker(database, {"index": JobKind(indexer.write)}).drain()
    with database.reading() as session:
        assert session.scalars(select(Job.last_error)).all() == ["IndexUnavailable: the search index is busy"]


def test_a_rebuild_reads_in_batches_and_tells_how_far_it_is(database: Database, index: SearchIndex) -> None:
    sizes: list[int] = []

    def load(session, ids) -> list[Document]:
        sizes.append(len(ids))
        return [Document(key=f"n:{one}", kind="n", group=f"n:{one}", title=f"Number {one}") for one in ids]

    told: list[int] = []
    source = DocumentSource("n", lambda session: range(2 * BATCH + 1), load)
    assert Indexer(database, index, [source]).rebuild(told.append) == 2 * BATCH + 1
    assert sizes == [BATCH, BATCH, 1]
    assert told == sorted(told)
    assert told[-1] == 2 * BATCH + 1
