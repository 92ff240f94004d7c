"""Eight threads search while a writer commits and rebuilds: no exception, and no wrong answer."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.records import Document
from tests.shared.search_index.samples import document, keys, question

Build = Callable[..., SearchIndex]
ROWS = 120
READERS = 8


def row(number: int, version: int) -> Document:
    """Every row holds its own word, the word of its version, and ten words of its neighbours in the alphabet."""
    near = " ".join(f"near{(number + step) % ROWS}" for step in range(10))
    return document(
        f"k{number}", f"Row own{number}", f"version{version} {near} filler", stored={"version": str(version)}
    )


def check(index: SearchIndex, random: Random) -> int:
    """Ask for one row and for ten; returns the version seen. Whatever the state, each row is there exactly once."""
    number = random.randrange(ROWS)
    found = index.search(question(f"own{number}"))
    assert keys(found) == [f"k{number}"]
    assert f"version{found.hits[0].stored['version']} " in f"{found.hits[0].snippet.text} "
    near = index.search(question(f"near{number}", limit=50, facets=("kind",)))
    assert set(keys(near)) == {f"k{(number - step) % ROWS}" for step in range(10)}
    assert near.facets["kind"] == (("note", 10),)
    assert index.search(question("filler", limit=1)).total == ROWS
    return int(found.hits[0].stored["version"])


def search_while(index: SearchIndex, write: Callable[[], None]) -> list[int]:
    """Search in all threads until `write` has returned; the number of searches of each."""
    done = threading.Event()

    def read(seed: int) -> int:
        random, count = Random(seed), 0
        while not done.is_set() or count == 0:
            check(index, random)
            count += 1
        return count

    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(read, seed) for seed in range(READERS)]
        try:
            write()
        finally:
            done.set()
        return [reader.result() for reader in readers]


def test_searches_go_on_while_rows_are_rewritten(build: Build) -> None:
    index = build(*(row(number, 0) for number in range(ROWS)))

    def write() -> None:
        for version in range(1, 25):
            index.write([row(number, version) for number in range(version % 7, ROWS, 7)])

    assert min(search_while(index, write)) > 0
    index.refresh()
    assert max(check(index, Random(seed)) for seed in range(60)) >= 18


def test_searches_go_on_while_the_index_is_rebuilt(build: Build) -> None:
    index = build(*(row(number, 0) for number in range(ROWS)))

    def write() -> None:
        for version in range(1, 5):
            index.rebuild(row(number, version) for number in range(ROWS))

    assert min(search_while(index, write)) > 0
    index.refresh()
    assert {check(index, Random(seed)) for seed in range(20)} == {4}


def test_two_writers_take_turns(build: Build) -> None:
    index = build()
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(index.write, [document(f"k{number}", "Discount")]) for number in range(12)]:
            done.result()
    assert len(index.keys()) == 12


def test_a_process_that_opens_while_another_writes_never_fails(build: Build) -> None:
    index = build(*(row(number, 0) for number in range(ROWS)))
    done = threading.Event()

    def open_again() -> None:
        while not done.is_set():
            fresh = SearchIndex(index._root)
            assert fresh.search(question("filler", limit=1)).total == ROWS
            assert fresh.state() == "ready"
            fresh.close()

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(open_again) for _ in range(3)]
        try:
            for version in range(1, 15):
                index.write([row(version, version)])
            index.rebuild(row(number, 99) for number in range(ROWS))
        finally:
            done.set()
        for reader in readers:
            reader.result()
