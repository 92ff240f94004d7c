"""Sees to it that there is an index: asks the worker for a new one where it is missing, damaged or outdated."""

import time

from portal.core.db import Database
from portal.core.jobs import enqueue
from portal.shared.search_index import IndexUnavailable, SearchIndex

PAUSE = 10.0


def ask_for_index(database: Database, index: SearchIndex) -> None:
    """Look at every file, as at a start; ask where something is wrong."""
    if index.state() != "ready":
        _ask(database)


class IndexWatch:
    """Looks while the worker runs, at most every PAUSE seconds and at one small file: the index may go at any time."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self.database, self.index = database, index
        self._last = 0.0

    def __call__(self) -> None:
        """Called by the worker between jobs."""
        now = time.monotonic()
        if now - self._last < PAUSE:
            return
        self._last = now
        try:
            self.index.generation()
        except IndexUnavailable:
            _ask(self.database)


def _ask(database: Database) -> None:
    def unit() -> None:
        with database.writing() as session:
            enqueue(session, "rebuild")
            session.commit()

    database.repeat(unit)
