"""What a GET learns: kept in a bounded queue in memory and written by one thread every few seconds.

Losing it in a crash is allowed; a page never waits for it and never writes.
"""

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy.orm import Session

from portal.core.db import Database

log = structlog.get_logger("observed")

Recorder = Callable[[Session, Sequence[Any]], None]
QUEUE_SIZE = 10_000
PAUSE = 3.0


class Observations:
    """The queue of one process; the thread starts with the first observation, so that a fork carries none."""

    def __init__(self, database: Database, recorders: Mapping[type, Recorder], pause: float = PAUSE) -> None:
        self.database, self.recorders, self.pause = database, recorders, pause
        self._queue: queue.Queue[object] = queue.Queue(QUEUE_SIZE)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def add(self, observation: object) -> None:
        """Take note; when the queue is full the note is dropped."""
        try:
            self._queue.put_nowait(observation)
        except queue.Full:
            return
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="observations", daemon=True)
                    self._thread.start()

    def write(self) -> int:
        """Write what is there now, in one unit; returns how many notes."""
        notes: list[object] = []
        while len(notes) < QUEUE_SIZE:
            try:
                notes.append(self._queue.get_nowait())
            except queue.Empty:
                break
        if notes:
            self.database.repeat(lambda: self._write(notes))
        return len(notes)

    def stop(self) -> None:
        """Write the rest and end the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self.write()

    def _run(self) -> None:
        while not self._stop.wait(self.pause):
            try:
                self.write()
            except Exception:
                log.exception("observations_lost")

    def _write(self, notes: Sequence[object]) -> None:
        with self.database.writing() as session:
            for kind, record in self.recorders.items():
                mine = [note for note in notes if isinstance(note, kind)]
                if mine:
                    record(session, mine)
            session.commit()
