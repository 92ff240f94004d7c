"""The processes of the latency part of `make bench-search`: one builds, one asks, one writes; each speaks JSON lines.

    python -m tests.bench.search_process build|ask|write HANDBOOK WORK SIZE

Each has its own memory, so that the asking one holds what a web server's process would, and nothing else.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from portal.shared.finding.operators import FACETS
from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.evaluate import quantile
from portal.shared.search_index.records import Found, Query
from tests.bench.baselines import Fts5
from tests.bench.made_documents import Handbook, keystrokes, mistyped

ASKER = frozenset({"all", "dep:3", "person:17"})
WARM_UP = 20
OF_EACH_LENGTH, TYPED_OF_EACH_LENGTH = 25, 3
PAUSE = 0.01
"""Between searches while another process commits, so that its commits are met evenly."""
COMMITTING_SECONDS = 20
EDITS, EDITED = 10, 5
PATIENCE = 120.0
Times = dict[str, float]


def main() -> None:
    """Play one part."""
    part, handbook, work, size = sys.argv[1:]
    {"build": build, "ask": ask, "write": write}[part](Handbook(Path(handbook)), Path(work), int(size))


def build(handbook: Handbook, work: Path, size: int) -> None:
    """Build our index and FTS5's from the same documents."""
    documents = list(handbook.documents(size))
    began = time.perf_counter()
    SearchIndex(work / "index").rebuild(documents)
    ours, began = time.perf_counter() - began, time.perf_counter()
    Fts5(work / "fts5.db", documents).close()
    told = {
        "build_s": ours,
        "fts5_build_s": time.perf_counter() - began,
        "index_mb": sum(file.stat().st_size for file in (work / "index").rglob("*") if file.is_file()) / 1e6,
        "fts5_mb": (work / "fts5.db").stat().st_size / 1e6,
    }
    print(json.dumps(told))


def ask(handbook: Handbook, work: Path, size: int) -> None:
    """Ask in all ways: idle, while another process commits, FTS5; then wait for edits to be found."""
    full = handbook.questions(OF_EACH_LENGTH)
    ways = {
        "full words": (full, False),
        "as typed": (keystrokes(handbook.questions(TYPED_OF_EACH_LENGTH, "typed")), True),
        "with a typo": (mistyped(handbook.questions(OF_EACH_LENGTH, "mistyped")), False),
    }
    index, began = SearchIndex(work / "index"), time.perf_counter()
    index.refresh()
    told: dict[str, object] = {"load_s": time.perf_counter() - began, "loaded_mb": _memory("VmRSS")}
    for question in handbook.questions(WARM_UP // 8 + 1, "warm-up")[:WARM_UP]:
        index.search(_query(question, typing=False))
    told["idle"] = {name: _timed(_searches(index, *way)) for name, way in ways.items()}
    told["again"] = {name: _timed(_searches(index, *way)) for name, way in ways.items()}
    told["asked_mb"] = _memory("VmRSS")
    command = [sys.executable, "-m", "tests.bench.search_process", "write", *sys.argv[2:]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        told["committing"] = {name: _while_committing(index, writer, *way) for name, way in ways.items()}
        told["found_s"] = _found(index, writer)
        writer.communicate()
    told["peak_mb"] = _memory("VmHWM")
    index.close()
    floor = Fts5(work / "fts5.db")
    told["fts5"] = {
        name: _timed([partial(floor.hits, question, typing=typing) for question in asked])
        for name, (asked, typing) in ways.items()
    }
    floor.close()
    print(json.dumps(told))


def write(handbook: Handbook, work: Path, size: int) -> None:
    """For each word that comes in, commit a few edited documents that bear it, and say how long that took."""
    index = SearchIndex(work / "index")
    documents = list(islice(handbook.documents(size), min(size, 1000)))
    fresh = handbook.documents(10_000, "edits")
    for number, line in enumerate(sys.stdin):
        edited = documents[number * EDITED % len(documents) :][:EDITED]
        changed = [
            replace(old, body=f"{line.strip()} {new.body}")
            for old, new in zip(edited, islice(fresh, EDITED), strict=True)
        ]
        began = time.perf_counter()
        index.write(changed)
        print(time.perf_counter() - began, flush=True)


def _query(question: str, *, typing: bool) -> Query:
    """A question as the page asks it: ten hits with snippets, and all facets counted."""
    return Query(words=question, audiences=ASKER, typing=typing, limit=10, facets=tuple(FACETS))


def _searches(index: SearchIndex, questions: Sequence[str], typing: bool) -> list[Callable[[], Found]]:
    return [partial(index.search, _query(question, typing=typing)) for question in questions]


def _timed(searches: Sequence[Callable[[], object]]) -> Times:
    """Milliseconds of each search by the clock, and those that the processor worked for it, as on a quiet machine."""
    times, worked = [], []
    for search in searches:
        began, worked_before = time.perf_counter(), time.thread_time()
        search()
        worked.append((time.thread_time() - worked_before) * 1000)
        times.append((time.perf_counter() - began) * 1000)
    processor = _summary(worked)
    return _summary(times) | {"cpu50": processor["p50"], "cpu95": processor["p95"]}


def _summary(times: list[float]) -> Times:
    times.sort()
    return {"p50": quantile(times, 0.5), "p95": quantile(times, 0.95), "most": times[-1], "count": len(times)}


def _while_committing(index: SearchIndex, writer: "subprocess.Popen[str]", asked: Sequence[str], typing: bool) -> Times:
    """Ask over and over while every second a commit is begun, and taken over here when it is done."""
    times, searches, generations = list[float](), _searches(index, asked, typing), set[str]()
    deadline = time.monotonic() + COMMITTING_SECONDS
    with _every_second(writer):
        while time.monotonic() < deadline:
            search = searches[len(times) % len(searches)]
            began = time.perf_counter()
            found = search()
            times.append((time.perf_counter() - began) * 1000)
            generations.add(found.generation)
            time.sleep(PAUSE)
    return _summary(times) | {"generations": len(generations)}


@contextmanager
def _every_second(writer: "subprocess.Popen[str]") -> Iterator[None]:
    done = threading.Event()

    def commit() -> None:
        while not done.wait(1):
            _edit(writer, "busy")

    thread = threading.Thread(target=commit)
    thread.start()
    yield
    done.set()
    thread.join()


def _edit(writer: "subprocess.Popen[str]", word: str) -> float:
    """Have a word written; seconds of the commit."""
    assert writer.stdin is not None
    assert writer.stdout is not None
    print(word, file=writer.stdin, flush=True)
    return float(writer.stdout.readline())


def _found(index: SearchIndex, writer: "subprocess.Popen[str]") -> Times:
    """Seconds from the beginning of a commit to the first search that finds it, as the searching process follows."""
    times, commits = list[float](), list[float]()
    for number in range(EDITS):
        word, began = f"newword{number}", time.perf_counter()
        commits.append(_edit(writer, word))
        while not index.search(Query(words="", phrases=(word,), audiences=ASKER, limit=1)).hits:
            if time.perf_counter() - began > PATIENCE:
                raise TimeoutError(f"{word} was not found")
            time.sleep(PAUSE)
        times.append(time.perf_counter() - began)
    return _summary(times) | {"commit50": _summary(commits)["p50"], "commit": commits[-1]}


def _memory(name: str) -> float:
    """A figure of this process in MB: VmRSS is resident now, VmHWM was so at most."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    main()
