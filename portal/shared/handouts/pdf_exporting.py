"""A handout as PDF, set by a child process within limits of time and memory; at most two at once in a process."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog

from portal.core.errors import Problem, TooMany
from portal.shared.handouts.exporting import FilledLeaf
from portal.shared.handouts.queries import Handout

log = structlog.get_logger("handouts")

ROOT: Final = Path(__file__).resolve().parents[3]
PROGRAM: Final = (sys.executable, "-m", "portal.shared.handouts.typesetting")
SECONDS: Final = 45
PATIENCE: Final = 10
_AT_ONCE = threading.BoundedSemaphore(2)


class NotSet(Problem):
    """The program could not set this handout."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "This could not be set as PDF; it is too long or too wide for paper. The HTML file holds all of it."
        )


def write_pdf(handout: Handout, leaves: Sequence[FilledLeaf], base_url: str, moment: str) -> bytes:
    """The PDF: title, date and "page n of m" on every page, and that it is internal where it is.

    NotSet where the program fails or takes more than SECONDS; TooMany where two others are being set for too long.
    """
    by = f" · written by {handout.first.by}" if handout.is_internal else ""
    given = {
        "title": handout.first.title,
        "line": f"{handout.first.kind_word} · as of {moment}{by}",
        "date": f"Fieldhouse · {moment}",
        "address": base_url + handout.first.url,
        "stamp": "Internal version: for us, not for customers" if handout.is_internal else "",
        "leaves": [
            {
                "anchor": leaf.anchor, "number": leaf.number, "why": leaf.why,
                "title": f"“{leaf.title}”" if leaf.kind == "objection" else leaf.title,
                "blocks": [{"html": str(one.html), "label": one.label, "style": one.style} for one in leaf.blocks],
            }
            for leaf in leaves
        ],
    }  # fmt: skip
    if not _AT_ONCE.acquire(timeout=PATIENCE):
        raise TooMany("Others are having PDFs made just now; try again in a moment.", SECONDS)
    try:
        return _run(json.dumps(given).encode())
    finally:
        _AT_ONCE.release()


def _run(given: bytes) -> bytes:
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 - our own program, nothing typed stands in the command
            PROGRAM, input=given, capture_output=True, cwd=ROOT, env=environment, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        log.warning("pdf took too long", size=len(given))
        raise NotSet from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        log.warning("pdf failed", code=done.returncode, said=done.stderr.decode("utf-8", "replace")[-400:])
        raise NotSet
    return done.stdout
