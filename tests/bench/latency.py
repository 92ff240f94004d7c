"""The latency part of `make bench-search`: made documents of several sizes, beside FTS5 in the same run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GOALS = {
    "full words": {5_000: 15, 50_000: 40, 100_000: 80},
    "as typed": {5_000: 15, 50_000: 30, 100_000: 40},
    "with a typo": {5_000: 15, 50_000: 25, 100_000: 40},
}
"""p95 in milliseconds by number of documents."""
FOUND = {5_000: 1, 50_000: 5, 100_000: 10}
"""Seconds until a saved edit is found."""


def measure_latency(handbook: Path, work: Path, sizes: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Build, ask and write at each size, each in a process of its own."""
    measured = {}
    for size in sizes:
        folder = work / str(size)
        folder.mkdir()
        measured[size] = {
            **_run("build", handbook, folder, size),
            **_run("ask", handbook, folder, size),
            "load": os.getloadavg()[1],
        }
        print(latency_table({size: measured[size]}), file=sys.stderr)
    return measured


def _run(part: str, handbook: Path, folder: Path, size: int) -> dict[str, Any]:
    print(f"{size:,} documents: {part}", file=sys.stderr)
    words = ["-m", "tests.bench.search_process", part, handbook, folder, size]
    done = subprocess.run([sys.executable, *map(str, words)], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def latency_table(measured: dict[int, dict[str, Any]]) -> str:
    """Markdown; a p95 above its goal bears a mark."""
    lines = [
        'Milliseconds, p50 / p95 by the clock; after "cpu" what the processor worked for it, as on a quiet machine.',
        "",
        _row("documents, asked", "goal p95", "idle", "the same again", "while commits come, and the most", "FTS5"),
        "|---|---|---|---|---|---|",
    ]
    for size, figures in measured.items():
        for way, goals in GOALS.items():
            goal, busy = goals.get(size), figures["committing"][way]
            lines.append(
                _row(
                    f"{size:,}, {way}",
                    f"{goal} ms" if goal else "",
                    _pair(figures["idle"][way], goal),
                    _pair(figures["again"][way], goal),
                    f"{_pair(busy, goal)}, {busy['most']:.0f} ({busy['count']} in {busy['generations']} states)",
                    _pair(figures["fts5"][way], None),
                )
            )
    return "\n".join([*lines, "", *_sizes(measured)])


def _sizes(measured: dict[int, dict[str, Any]]) -> Iterable[str]:
    yield _row(
        "documents", "save to found, s p50 / most (goal)", "of it the commit", "build s (FTS5)", "index MB (FTS5)",
        "read at start s", "resident MB: read, asked, most while commits came", "load of the machine",
    )  # fmt: skip
    yield "|---|---|---|---|---|---|---|---|"
    for size, figures in measured.items():
        found, goal = figures["found_s"], FOUND.get(size)
        mark = f" ({goal}{', missed' if found['most'] > goal else ''})" if goal else ""
        yield _row(
            f"{size:,}",
            f"{found['p50']:.2f} / {found['most']:.2f}{mark}",
            f"{found['commit50']:.2f} / {found['commit']:.2f}",
            f"{figures['build_s']:.1f} ({figures['fts5_build_s']:.1f})",
            f"{figures['index_mb']:.0f} ({figures['fts5_mb']:.0f})",
            f"{figures['load_s']:.1f}",
            ", ".join(f"{figures[name]:.0f}" for name in ("loaded_mb", "asked_mb", "peak_mb")),
            f"{figures['load']:.1f}",
        )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _pair(times: dict[str, float], goal: float | None) -> str:
    mark = " (missed)" if goal and times["p95"] > goal else ""
    worked = f", cpu {times['cpu50']:.1f} / {times['cpu95']:.1f}" if "cpu50" in times else ""
    return f"{times['p50']:.1f} / {times['p95']:.1f}{mark}{worked}"
