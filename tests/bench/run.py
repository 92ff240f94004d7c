"""`make bench`: the portal beside the floor in the same run, on the same 5,000 pages, by the tool of ../shared/bench.

What counts is the multiple of the floor; milliseconds of these machines are not stable. Everything runs on loopback,
below a temporary folder, and is stopped at the end.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from tests.bench import portal_peer
from tests.bench.saving import IMPORTED, measure_saving, saving_table
from tests.bench.table import print_table

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT.parent / "shared" / "bench"
HANDBOOK = ROOT.parent / "shared" / "data" / "handbook"
FLOOR_PORT, PORTAL_PORT = 8105, 8106


def main() -> None:
    """Prepare both, measure both, print the table."""
    options = _options()
    if not TOOLS.is_dir():
        sys.exit(f"The load tool is not there: {TOOLS}")
    with tempfile.TemporaryDirectory(prefix="fieldhouse-bench-") as folder, ExitStack() as stack:
        work = Path(folder)
        docs, more = _make_docs(work, options.pages)
        floor = _start_floor(stack, work, docs)
        peer = portal_peer.prepare(work, work / "pages", PORTAL_PORT)
        cold = _cold_starts(work, peer)
        servers = portal_peer.start(stack, peer)
        confs = {"floor": TOOLS / "floor.json", **portal_peer.write_confs(work, peer)}
        results = {
            name: _measure(conf, work, options, floor if name == "floor" else servers.pid)
            for name, conf in confs.items()
        }
        print_table(results, peer, cold, portal_peer.weigh(peer))
        print(f"\n{saving_table(measure_saving(peer, more))}")
        if options.json:
            Path(options.json).write_text(json.dumps(results, indent=1), "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--secs", type=float, default=4.0, help="seconds for each figure")
    parser.add_argument("--conc", default="1,16", help="numbers of clients")
    parser.add_argument("--json", default="", help="also write the raw results here")
    return parser.parse_args()


def _make_docs(work: Path, pages: int) -> tuple[Path, Path]:
    """The pages as lines for the floor and as files in `pages`; and a folder of those to import while all runs."""
    every, docs, more = work / "all.jsonl", work / "docs.jsonl", work / "more"
    _run(TOOLS / "make_docs.py", HANDBOOK, every, pages + IMPORTED, "-")
    with every.open("rb") as lines, docs.open("wb") as file:
        file.writelines(islice(lines, pages))
    _run(TOOLS / "to_markdown.py", every, work / "pages")
    for page in sorted((work / "pages").rglob("*.md"))[pages:]:
        target = more / page.relative_to(work / "pages")
        target.parent.mkdir(parents=True, exist_ok=True)
        page.rename(target)
    return docs, more


def _start_floor(stack: ExitStack, work: Path, docs: Path) -> int:
    started = time.perf_counter()
    _run(TOOLS / "floor_app.py", "build", docs, work / "floor.db")
    print(f"floor: loaded in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    env = portal_peer.clean_env() | {"FLOOR_DB": str(work / "floor.db"), "FLOOR_SYNC": "FULL", "PYTHONPATH": str(TOOLS)}
    return portal_peer.start_gunicorn(stack, "floor_app:app", FLOOR_PORT, env, "/plain", work)


def _cold_starts(work: Path, peer: portal_peer.Peer) -> dict[str, list[str]]:
    """Milliseconds from the start of a process to its first answer, three times each, taking turns."""
    found: dict[str, list[str]] = {"floor": [], "portal": []}
    floor_env = portal_peer.clean_env() | {"FLOOR_DB": str(work / "floor.db"), "PYTHONPATH": str(TOOLS)}
    for _ in range(3):
        for name, app, env, path in (
            ("floor", "floor_app:app", floor_env, "/plain"),
            ("portal", "wsgi:app", peer.env, "/login"),
        ):
            with ExitStack() as stack:
                started = time.perf_counter()
                portal_peer.start_gunicorn(stack, app, 8107, env, path, work, workers=1)
                found[name].append(f"{(time.perf_counter() - started) * 1000:.0f}")
    return found


def _measure(conf: Path, work: Path, options: argparse.Namespace, pid: int) -> dict[str, object]:
    out = work / f"{conf.stem}.out.json"
    words = [TOOLS / "bench.py", conf, "--secs", options.secs, "--conc", options.conc, "--pid", pid]
    with out.open("w") as file:
        subprocess.run([sys.executable, *map(str, words)], check=True, stdout=file)
    result: dict[str, object] = json.loads(out.read_text("utf-8"))
    return result


def _run(*words: object) -> None:
    subprocess.run([sys.executable, *map(str, words)], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    main()
