"""Sees to it that there is an index: asks the worker for a new one where it is missing, damaged or outdated."""

import time
from collections.abc import Callable

from portal.core.db import Database
from portal.core.jobs import enqueue
from portal.core.units import write_in_unit
from portal.shared.search_index import IndexUnavailable, SearchEngine

PAUSE = 10.0
WHOLE_PAUSE = 300.0
"""All files are read and compared with their sums: cheap enough for this, and too dear for every look."""


def ask_for_index(database: Database, index: SearchEngine) -> None:
    """Look at every file, as at a start; ask where something is wrong."""
    if index.state() != "ready":
        _ask(database)


class IndexWatch:
    """Looks while the worker runs, since the index may go at any time.

    At most every PAUSE seconds at the one small file that says where it lies, and every WHOLE_PAUSE at all files, so
    that damage does not wait for the next write or the next start to be noticed.
    """

    def __init__(self, database: Database, index: SearchEngine, now: Callable[[], float] = time.monotonic) -> None:
        self.database, self.index, self._now = database, index, now
        self._last, self._last_whole = float("-inf"), now()

    def __call__(self) -> None:
        """Called by the worker between jobs."""
        now = self._now()
        if now - self._last_whole >= WHOLE_PAUSE:
            self._last = self._last_whole = now
            ask_for_index(self.database, self.index)
        elif now - self._last >= PAUSE:
            self._last = now
            try:
                self.index.generation()
            except IndexUnavailable:
                _ask(self.database)


def _ask(database: Database) -> None:
    write_in_unit(database, lambda session: enqueue(session, "rebuild"))
