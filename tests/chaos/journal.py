"""What was acknowledged, kept outside the portal: a line is on the disk before the next act begins."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One acknowledged act: `number` is the version of an edit, or 1 and 0 for a vote given and taken back."""

    deed: str
    person: int
    item: int
    number: int = 1
    words: str = ""
    once: str = ""
    location: str = ""


class Journal:
    """One file, written by several threads and flushed to the disk line by line."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()

    def write(self, entry: Entry) -> None:
        """Append one line; it is on the disk when this returns."""
        with self._lock, self._path.open("a") as file:
            file.write(json.dumps(asdict(entry)) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> list[Entry]:
        """Every line so far, in the order of writing."""
        if not self._path.exists():
            return []
        return [Entry(**json.loads(line)) for line in self._path.read_text().splitlines()]
