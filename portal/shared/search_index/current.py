"""The newest committed state of the index, kept in memory and followed in the background."""

import logging
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from portal.shared.search_index import pointer, store
from portal.shared.search_index.postings import Kept, KeptSegment
from portal.shared.search_index.records import IndexUnavailable, Trouble

LOOK_SECONDS = 0.1
"""How often the pointer is looked at, at most."""
_RETRY_SECONDS = 1.0
_TRIES = 20
_PAUSE = 0.05
_logger = logging.getLogger(__name__)


class Current:
    """Hands out the kept state; the first one is read on the spot, newer ones by a thread while the old one serves.

    Nothing is opened or started before the first use, and a process that was forked off starts afresh: it shares
    neither locks nor threads with its parent.
    """

    def __init__(self, root: Path, documents: int = 0) -> None:
        self._root, self._documents = root, documents
        self._start()

    def _start(self) -> None:
        self._process = os.getpid()
        self._kept: Kept | None = None
        self._stamp: tuple[int, int] | None = None
        self._next_look = 0.0
        self._loading = threading.Lock()
        self._failed: Trouble | None = None
        self._failed_stamp: tuple[int, int] | None = None
        self._next_try = 0.0

    def _leave_parent(self) -> None:
        if self._process != os.getpid():
            self._start()

    def kept(self) -> Kept:
        """The state to answer from, at most a moment old; raises IndexUnavailable if there has never been one.

        Once read, a state is served even if its files are gone or broken since: `state()` of the index tells.
        """
        self._leave_parent()
        kept = self._kept
        if kept is None:
            kept = self._first()
        elif time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + LOOK_SECONDS
            if pointer.stamp(self._root) not in (None, self._stamp) and not self._loading.locked():
                threading.Thread(target=self._follow, name="search-index", daemon=True).start()
        return kept

    def _first(self) -> Kept:
        """Read a state while the asker waits; one that proved unreadable is not tried at every question."""
        stamp = pointer.stamp(self._root)
        if self._failed and stamp == self._failed_stamp and time.monotonic() < self._next_try:
            raise IndexUnavailable(self._failed)
        try:
            return self.refresh()
        except IndexUnavailable as error:
            if stamp:
                self._failed, self._failed_stamp = error.state, stamp
                self._next_try = time.monotonic() + _RETRY_SECONDS
            raise

    def refresh(self) -> Kept:
        """Read the newest state now, if it is not the one that is kept; raises IndexUnavailable."""
        self._leave_parent()
        with self._loading:
            stamp = pointer.stamp(self._root)
            if self._kept is None or stamp != self._stamp:
                self._kept = load(self._root, self._documents, self._kept)
                self._stamp = stamp
            return self._kept

    def _follow(self) -> None:
        """What the thread does. A state that cannot be read is left alone until the pointer changes again."""
        stamp = pointer.stamp(self._root)
        try:
            self.refresh()
        except IndexUnavailable as error:
            self._stamp = stamp
            _logger.warning("search goes on with an older state: %s", error)

    def drop(self) -> None:
        """Forget the kept state; the next question reads it again."""
        self._start()


def load(root: Path, documents: int, older: Kept | None = None) -> Kept:
    """Read the newest state below a folder, taking over the segments of an older one; raises IndexUnavailable."""
    known = {segment.segment.name: segment for segment in older.segments} if older else {}
    opened, generation = open_newest(root, documents, {name: one.segment for name, one in known.items()})
    segments = [known.get(segment.name) or KeptSegment(segment) for segment in opened.segments]
    return Kept(generation, segments, opened.deleted)


def open_newest(
    root: Path, documents: int, known: Mapping[str, store.Segment] = MappingProxyType({})
) -> tuple[store.Opened, str]:
    """The newest state as the store opens it, with its generation; raises IndexUnavailable.

    Files are compared with their sums before Whoosh unpickles them. A commit or a rebuild may remove files between the
    look at the pointer and the opening: then another try finds the newer ones.
    """
    for tries_left in reversed(range(_TRIES)):
        current = pointer.read(root, documents)
        folder = root / current.folder
        try:
            pointer.verify(folder, current.sums, known)
            return store.open_index(folder, known), current.generation
        except IndexUnavailable as error:
            if not tries_left or not isinstance(error.__cause__, OSError):
                raise
            time.sleep(_PAUSE)
    raise IndexUnavailable("damaged")
