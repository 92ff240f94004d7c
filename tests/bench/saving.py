"""How soon what was saved is found: with ten writers at once, after an import, and how long a rebuild takes."""

import re
import sys
import threading
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

from portal.shared.search_index.evaluate import quantile
from tests.bench.portal_peer import MAIL, PASSWORD, TOKEN, Peer, portal_command

WRITERS, SAVES = 10, 8
LOOK = 0.1
"""Seconds between two looks for what was saved: ten who look more often are a load of their own."""
PATIENCE = 120.0
IMPORTED = 1000
FOUND_GOAL, IMPORT_GOAL, REBUILD_GOAL = 1.0, 30.0, 120.0
_MARK = "importedmark9"
_VERSION = re.compile(r'name="version" value="(\d+)"')
_TITLE = re.compile(r'value="([^"]*)" id="f-title"')
_TOTAL = re.compile(r"<span>(\d+) results?")


class Client:
    """A signed-in browser without pictures."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._token = self._grab(self.get("/login"), re.compile(TOKEN))
        self.post("/login", email=MAIL, password=PASSWORD)
        self._token = self._grab(self.get("/"), re.compile(TOKEN))

    def get(self, path: str) -> str:
        """A page as text."""
        with self._opener.open(self._base + path, timeout=PATIENCE) as answer:
            text: str = answer.read().decode("utf-8", "replace")
        return text

    def post(self, path: str, **form: str) -> float:
        """Send a form; the moment of its answer, which is a redirect that is not followed for the clock's sake."""
        sent = urllib.parse.urlencode({**form, "csrf_token": self._token}).encode()
        request = urllib.request.Request(self._base + path, sent)
        with self._opener.open(request, timeout=PATIENCE):
            return time.perf_counter()

    def total(self, words: str) -> int:
        """How many rows a search finds."""
        found = _TOTAL.search(self.get(f"/search?q={urllib.parse.quote(words)}"))
        return int(found[1]) if found else 0

    def edit(self, page: str, word: str) -> float:
        """Change a playbook as a person does it."""
        form = self.get(f"/playbooks/{page}/edit")
        return self.post(
            f"/playbooks/{page}/edit",
            title=self._grab(form, _TITLE),
            version=self._grab(form, _VERSION),
            text=f"## Changed {word}\n\nA paragraph about {word}.",
        )

    def answer(self, page: str, word: str) -> float:
        """Answer an objection."""
        return self.post(f"/objections/{page}/answers", say=f"Words to say {word}", why=f"why {word}")

    @staticmethod
    def _grab(page: str, wanted: re.Pattern[str]) -> str:
        found = wanted.search(page)
        if not found:
            raise RuntimeError(f"{wanted.pattern} is not on the page")
        return found[1]


@dataclass(frozen=True)
class Saving:
    """Seconds of each part, with the sizes that they were measured at."""

    found: list[float]
    playbooks: int
    imported: int
    import_done: float
    import_found: float
    documents: int
    """Of search: a playbook has one for each section."""
    rebuild: float


def measure_saving(peer: Peer, more: Path) -> Saving:
    """Ten writers on the running portal, more pages imported beside it, and then a rebuild of all."""
    found = _writers(peer)
    print(f"{WRITERS} writers, save to found: {[round(one, 2) for one in found]}", file=sys.stderr)
    imported = _mark(more)
    began, client = time.perf_counter(), Client(peer.base)
    portal_command(peer, "import", "markdown", str(more), "--owner", "owner@example.com")
    done = time.perf_counter() - began
    while client.total(_MARK) < imported:
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError("the import was not found")
        time.sleep(LOOK)
    all_found = time.perf_counter() - began
    return Saving(found, len(peer.playbooks), imported, done, all_found, *_rebuild(peer))


def _writers(peer: Peer) -> list[float]:
    """Seconds from the answer to a save to the first search that finds it, each of WRITERS saving again at once."""
    start = threading.Barrier(WRITERS)

    def write(number: int) -> list[float]:
        client, times = Client(peer.base), list[float]()
        start.wait()
        for turn in range(SAVES):
            word = f"saved{number:02d}x{turn:02d}"
            if number % 2:
                saved = client.edit(peer.playbooks[number + WRITERS * turn], word)
            else:
                saved = client.answer(peer.objections[number + WRITERS * turn], word)
            while not client.total(word):
                if time.perf_counter() - saved > PATIENCE:
                    raise TimeoutError(f"{word} was not found")
                time.sleep(LOOK)
            times.append(time.perf_counter() - saved)
        return times

    with ThreadPoolExecutor(WRITERS) as pool:
        return sorted(one for times in pool.map(write, range(WRITERS)) for one in times)


def _mark(folder: Path) -> int:
    """Put one word into every page; their number."""
    pages = list(folder.rglob("*.md"))
    for page in pages:
        page.write_text(f"{page.read_text('utf-8')}\n{_MARK}\n", "utf-8")
    return len(pages)


def _rebuild(peer: Peer) -> tuple[int, float]:
    """Number of search documents and seconds, beside the running portal."""
    began = time.perf_counter()
    told = portal_command(peer, "search", "build")
    seconds, done = time.perf_counter() - began, re.search(r"Indexed (\d+) documents", told)
    return int(done[1]) if done else 0, seconds


def saving_table(saving: Saving) -> str:
    """Markdown; what misses its goal bears a mark."""
    p50, p95 = (quantile(saving.found, share) for share in (0.5, 0.95))
    rows = [
        (f"save to found, {WRITERS} writers at {saving.playbooks:,} playbooks, p50 / p95 / most of {len(saving.found)}",
         f"{p50:.2f} / {p95:.2f} / {saving.found[-1]:.2f} s", p95, FOUND_GOAL),
        (f"{saving.imported:,} pages imported: all found (the import itself)",
         f"{saving.import_found:.1f} s ({saving.import_done:.1f} s)", saving.import_found, IMPORT_GOAL),
        (f"rebuild of {saving.documents:,} search documents ({saving.playbooks + saving.imported:,} playbooks)",
         f"{saving.rebuild:.1f} s", saving.rebuild, REBUILD_GOAL),
    ]  # fmt: skip
    lines = ["| what | measured | goal |", "|---|---|---|"]
    for what, told, reached, goal in rows:
        lines.append(f"| {what} | {told}{'' if reached <= goal else ' (missed)'} | {goal:g} s |")
    return "\n".join(lines)
