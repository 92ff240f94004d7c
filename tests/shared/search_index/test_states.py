"""The index is a copy that may be missing, broken, outdated or deleted at any moment, and says so."""

import gc
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.shared.search_index import pointer
from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.records import Document, IndexUnavailable
from tests.shared.search_index.samples import document, keys, question

Build = Callable[..., SearchIndex]


def folder_of(root: Path) -> Path:
    return root / pointer.read(root).folder


def unavailable(index: SearchIndex) -> str:
    with pytest.raises(IndexUnavailable) as refused:
        index.search(question("discount"))
    return refused.value.state


def test_making_one_opens_and_creates_nothing(root: Path) -> None:
    index = SearchIndex(root)
    assert not root.exists()
    assert index.state() == "missing"


def test_what_was_never_built_is_missing_everywhere(root: Path) -> None:
    index = SearchIndex(root)
    assert unavailable(index) == "missing"
    for act in (index.generation, index.keys, lambda: index.write([]), lambda: index.words("a", frozenset())):
        with pytest.raises(IndexUnavailable, match="missing"):
            act()


def test_an_empty_index_is_ready(build: Build) -> None:
    index = build()
    assert index.state() == "ready"
    assert index.search(question("discount")).total == 0
    assert index.search(question(facets=("kind",))).facets == {"kind": ()}


def test_an_index_of_another_version_is_outdated(build: Build, root: Path) -> None:
    build(document("a", "Discount"))
    told = json.loads((root / pointer.NAME).read_text())
    (root / pointer.NAME).write_text(json.dumps({**told, "version": "0.9"}))
    index = SearchIndex(root)
    assert index.state() == "outdated"
    assert unavailable(index) == "outdated"
    index.rebuild([document("a", "Discount")])
    assert index.state() == "ready"
    assert keys(index.search(question("discount"))) == ["a"]


def test_an_index_of_documents_of_another_shape_is_outdated(build: Build, root: Path) -> None:
    build(document("a", "Discount"))
    index = SearchIndex(root, documents=1)
    assert index.state() == "outdated"
    assert unavailable(index) == "outdated"
    with pytest.raises(IndexUnavailable, match="outdated"):
        index.write([document("b")])
    index.rebuild([document("a", "Discount")])
    index.write([document("b", "Discount")])
    assert index.state() == "ready"
    assert keys(index.search(question("discount"))) == ["a", "b"]
    assert SearchIndex(root).state() == "outdated"


@pytest.mark.parametrize("told", ["", "{", "[]", '{"folder": "x"}', "\0\0\0"])
def test_a_broken_pointer_is_damage(build: Build, root: Path, told: str) -> None:
    build(document("a"))
    (root / pointer.NAME).write_text(told)
    index = SearchIndex(root)
    assert index.state() == "damaged"
    assert unavailable(index) == "damaged"


def damage(kind: str, path: Path) -> None:
    content = bytearray(path.read_bytes())
    if kind == "zero":
        content[-100:] = bytes(100)
    elif kind == "flip":
        content[len(content) // 2] ^= 1
    elif kind == "cut":
        del content[-10:]
    path.write_bytes(content)


@pytest.mark.parametrize("pattern", ["*.seg", "*.toc"])
@pytest.mark.parametrize("kind", ["zero", "flip", "cut"])
def test_broken_bytes_are_noticed_before_they_are_read(build: Build, root: Path, pattern: str, kind: str) -> None:
    build(document("a", "Discount"), document("b", "Renewal"))
    damage(kind, next(folder_of(root).glob(pattern)))
    index = SearchIndex(root)
    assert index.state() == "damaged"
    assert unavailable(index) == "damaged"


@pytest.mark.parametrize("pattern", ["*.seg", "*.toc", "*"])
def test_lost_files_are_damage(build: Build, root: Path, pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.shared.search_index.current._PAUSE", 0.001)
    build(document("a", "Discount"))
    for path in folder_of(root).glob(pattern):
        path.unlink()
    assert SearchIndex(root).state() == "damaged"
    assert unavailable(SearchIndex(root)) == "damaged"


def test_a_deleted_folder_is_missing_and_what_was_read_goes_on(build: Build, root: Path) -> None:
    index = build(*(document(f"a{number}", "Discount", f"word{number}") for number in range(30)))
    assert index.search(question("discount")).total == 30
    shutil.rmtree(root)
    assert index.state() == "missing"
    # Words that were never asked for before and rows that were never shown are still read.
    assert keys(index.search(question("word7"))) == ["a7"]
    assert unavailable(SearchIndex(root)) == "missing"
    index.rebuild([document("b", "Discount")])
    index.refresh()
    assert keys(index.search(question("discount"))) == ["b"]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_deleting_the_folder_at_any_moment_is_survived(root: Path) -> None:
    index = SearchIndex(root)
    rows = [document(f"a{number}", "Discount", f"word{number}") for number in range(60)]
    stop, troubles = threading.Event(), set[str]()

    def repeat(act: Callable[[], object]) -> None:
        while not stop.is_set():
            try:
                act()
            except IndexUnavailable as error:
                troubles.add(error.state)

    def delete() -> None:
        time.sleep(0.02)
        shutil.rmtree(root, ignore_errors=True)

    acts = (
        lambda: index.rebuild(rows),
        lambda: index.write(rows[:5]),
        lambda: index.search(question("discount")),
        lambda: SearchIndex(root).search(question("discount")),
        lambda: SearchIndex(root).keys(),
        delete,
    )
    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(repeat, act) for act in acts]
        time.sleep(2)
        stop.set()
        for one in running:
            one.result()
    gc.collect()  # Whoosh leaves the files of a failed commit to the collector
    assert "missing" in troubles
    index.rebuild(rows)
    assert SearchIndex(root).search(question("discount")).total == 60


def test_a_damaged_newer_state_leaves_the_older_one_in_service(build: Build, root: Path) -> None:
    index = build(document("a", "Discount"))
    assert index.search(question("discount")).total == 1
    index.write([document("b", "Discount")])
    for path in folder_of(root).glob("*.seg"):
        damage("flip", path)
    with pytest.raises(IndexUnavailable, match="damaged"):
        index.refresh()
    assert index.search(question("discount")).total == 1
    assert index.state() == "damaged"


def test_a_rebuild_swaps_and_leaves_one_folder(build: Build, root: Path) -> None:
    index = build(document("a", "Discount"))
    steps: list[int] = []
    assert index.rebuild((document(f"b{number}", "Discount") for number in range(250)), steps.append) == 250
    assert steps == [100, 200, 250]
    assert len(list(root.glob("index-*"))) == 1
    index.refresh()
    assert index.search(question("discount")).total == 250


def test_a_rebuild_takes_the_first_of_two_rows_with_one_key(build: Build) -> None:
    index = build()
    assert index.rebuild([document("a", "Discount"), document("a", "Renewal")]) == 1
    index.refresh()
    assert index.search(question("discount")).total == 1


def test_a_rebuild_that_fails_leaves_the_old_index(build: Build, root: Path) -> None:
    index = build(document("a", "Discount"))
    before = index.generation()

    def rows() -> Iterator[Document]:
        yield document("b")
        assert keys(index.search(question("discount"))) == ["a"]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        index.rebuild(rows())
    assert index.generation() == before
    assert len(list(root.glob("index-*"))) == 1
    assert keys(index.search(question("discount"))) == ["a"]


def test_news_are_followed_without_being_asked(build: Build) -> None:
    index = build(document("a", "Discount"))
    assert index.search(question("discount")).total == 1
    index.write([document("b", "Discount")])
    for _ in range(200):
        if index.search(question("discount")).total == 2:
            break
        time.sleep(0.02)
    assert index.search(question("discount")).total == 2


def test_a_process_that_is_forked_off_starts_afresh(build: Build) -> None:
    index = build(document("a", "Discount"), document("b", "Renewal"))
    assert keys(index.search(question("discount"))) == ["a"]
    held = index._current._loading
    with held:
        child = os.fork()
        if child == 0:
            right = keys(index.search(question("renewal"))) == ["b"]
            os._exit(0 if right else 1)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert keys(index.search(question("renewal"))) == ["b"]


def test_a_closed_index_opens_again_when_asked(build: Build) -> None:
    index = build(document("a", "Discount"))
    index.close()
    assert keys(index.search(question("discount"))) == ["a"]
