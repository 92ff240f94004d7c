"""The words of a file, read by a process of its own that is ended where it takes too long or too much memory.

A file that cannot be read is told apart from a machine that cannot read: the first gives a note, the second raises.
"""

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Final

VERSION: Final = 1
"""Raised whenever the same file would give other words: what an older version read is then read again."""

LOCKED: Final = "not searchable: protected by a password"
DAMAGED: Final = "not searchable: damaged"
CRASHED: Final = "not searchable: damaged or too large"
TOO_SLOW: Final = "not searchable: takes too long to read"
TOO_LARGE: Final = "not searchable: too large to read"
WORDLESS: Final = "not searchable: holds no text"
MISSING: Final = "not searchable: its bytes are missing"
BEGINNING: Final = "only its beginning is searchable"

PROGRAM: Final = ("-m", "portal.shared.files.extractor")
_ROOT: Final = Path(__file__).resolve().parents[3]
_KEPT: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME")
"""Of the environment; the program learns no secret of the portal."""
_OVER_TIME: Final = (signal.SIGXCPU, signal.SIGALRM)
_CRASHES: Final = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost, and how much of it is read; `pages` are pages, slides, or a hundred rows of a sheet."""

    seconds: float = 20
    processor_seconds: int = 15
    memory: int = 1024**3
    pages: int = 300
    characters: int = 300_000

    @property
    def whole_seconds(self) -> int:
        """For an alarm clock."""
        return math.ceil(self.seconds)


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was read: parts apart by form feeds, and what a reader should know about it, or nothing."""

    text: str
    note: str = ""


def extract(
    file: BinaryIO, mimetype: str, limits: Limits = LIMITS, program: Sequence[str] = PROGRAM
) -> Extracted:  # fmt: skip
    """Read the words of an open file of one of the `READABLE` kinds.

    RuntimeError where the program did not get to reading: it cannot be started, or was ended from outside.
    """
    command = [sys.executable, *program, mimetype, json.dumps(asdict(limits))]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        child = subprocess.run(  # noqa: S603 - one fixed program, no shell; the file is its standard input
            command,
            stdin=file,
            capture_output=True,
            timeout=limits.seconds,
            cwd=_ROOT,
            env=kept,
            start_new_session=True,  # Ctrl-C is for the portal, not for the file in hand
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Extracted("", TOO_SLOW)
    if -child.returncode in _OVER_TIME:
        return Extracted("", TOO_SLOW)
    if -child.returncode in _CRASHES:
        return Extracted("", CRASHED)
    if child.returncode:
        last = child.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise RuntimeError(f"the program that reads files ended with {child.returncode}: {last[:300]}")
    told = json.loads(child.stdout)
    return Extracted(told["text"], told["note"])
