"""The engine behind the door: Whoosh as the store on the disk, kept postings in memory to answer from."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import uuid4

from portal.shared.search_index import pointer, store
from portal.shared.search_index.answering import answer, continuations
from portal.shared.search_index.current import Current, open_newest
from portal.shared.search_index.door import SearchEngine
from portal.shared.search_index.explaining import explain
from portal.shared.search_index.layout import lay_out
from portal.shared.search_index.merging import CALM_SEGMENTS, Merger
from portal.shared.search_index.records import Document, Explanation, Found, IndexUnavailable, Query, State

_WRITE_PATIENCE = 10.0
_REBUILD_PATIENCE = 60.0
_PROGRESS_STEP = 100
TIDY_SECONDS = 0.1


class SearchIndex(SearchEngine):
    """One per process, below one folder. Making it opens nothing: a server may make it and fork afterwards.

    `documents` is the version of their shape: an index that was built of another shape is outdated.
    """

    def __init__(self, folder: Path, documents: int = 0) -> None:
        self._root, self._documents = folder, documents
        self._current = Current(folder, documents)
        self._merger = Merger(folder, documents)

    def search(self, query: Query) -> Found:
        """Answer a question from the newest state that is read; raises IndexUnavailable if none can be."""
        return answer(self._current.kept(), query)

    def words(self, beginning: str, audiences: frozenset[str], limit: int = 8) -> list[str]:
        """Words that go on from a beginning, most frequent first, from documents that the audiences may see."""
        return continuations(self._current.kept(), beginning, audiences, limit)

    def explain(self, query: Query, item: str) -> Explanation:
        """The arithmetic of the row that `search` gives an item (a value of the facet "item"), or why it gives none."""
        return explain(self._current.kept(), query, item)

    def state(self) -> State:
        """What stands on the disk now, verified file by file."""
        try:
            open_newest(self._root, self._documents)
        except IndexUnavailable as error:
            return error.state if error.state != "busy" else "ready"
        return "ready"

    def generation(self) -> str:
        """Changes with every commit; raises IndexUnavailable."""
        return pointer.read(self._root, self._documents).generation

    def keys(self) -> dict[str, str]:
        """Key to fingerprint of every document on the disk, to compare with the database; raises IndexUnavailable."""
        opened, _ = open_newest(self._root, self._documents)
        found: dict[str, str] = {}
        for segment, deleted in zip(opened.segments, opened.deleted, strict=True):
            gone = set(deleted)
            found.update(pair for number, pair in enumerate(segment.identities()) if number not in gone)
        return found

    def write(
        self, documents: Iterable[Document], deleted: Iterable[str] = (), replace_groups: Iterable[str] = ()
    ) -> None:
        """Put documents in, replacing those of the same keys, in one commit.

        Documents with a key in `deleted` or a group in `replace_groups` go out first, so that a page's sections are
        replaced as a whole. Raises IndexUnavailable: an index that is not there must be rebuilt, since a few documents
        alone would look like all; "busy" while another process writes. A commit leaves the segments as they are and
        adds one; only where too many stand by then does it end with some steps of `tidy`.
        """
        laid = {document.key: lay_out(document) for document in documents}
        with store.only_writer(self._root, _WRITE_PATIENCE):
            current = pointer.read(self._root, self._documents)
            with store.Writer(self._root / current.folder) as writer:
                writer.remove(keys={*laid, *deleted}, groups=replace_groups)
                for one in laid.values():
                    writer.add(one)
            files = store.files(self._root / current.folder)
            pointer.commit(self._root, current, files)
        for _ in range(len(files) - 1 - CALM_SEGMENTS):
            if not self.tidy():
                break

    def rebuild(self, documents: Iterable[Document], progress: Callable[[int], None] = lambda done: None) -> int:
        """Build the index anew beside the old one, swap, remove the old one; returns the number of documents.

        Searches go on with the old one. Writing waits, and finds the new one. Of documents with the same key the
        first is taken. Whatever `documents` raises leaves the old index as it was.
        """
        self._root.mkdir(parents=True, exist_ok=True)
        with store.only_writer(self._root, _REBUILD_PATIENCE):
            fresh = self._root / f"index-{uuid4().hex}"
            _make(fresh)
            try:
                done = _fill(fresh, documents, progress)
                begun = pointer.Pointer(fresh.name, "", version=pointer.version_of(self._documents))
                pointer.commit(self._root, begun, store.files(fresh))
            except BaseException:
                shutil.rmtree(fresh, ignore_errors=True)
                raise
            for folder in self._root.glob("index-*"):
                if folder != fresh:
                    shutil.rmtree(folder, ignore_errors=True)
        return done

    def tidy(self, seconds: float = TIDY_SECONDS) -> bool:
        """Join small segments for about so many seconds; True where that was needed, so that more may be.

        At rest MOST_SEGMENTS stand at most. Only the thread that writes may call it.
        """
        return self._merger.step(seconds)

    def refresh(self) -> None:
        """Read the newest state now instead of within moments; raises IndexUnavailable."""
        self._current.refresh()

    def close(self) -> None:
        """Let go of files and memory."""
        self._current.drop()
        self._merger.abandon()


def _make(folder: Path) -> None:
    """A new folder, with those above it; "missing" where somebody deletes these just then."""
    try:
        folder.mkdir(parents=True)
    except FileNotFoundError as error:
        raise IndexUnavailable("missing") from error


def _fill(folder: Path, documents: Iterable[Document], progress: Callable[[int], None]) -> int:
    seen: set[str] = set()
    with store.Writer.create(folder) as writer:
        for document in documents:
            if document.key not in seen:
                seen.add(document.key)
                writer.add(lay_out(document))
                if len(seen) % _PROGRESS_STEP == 0:
                    progress(len(seen))
    progress(len(seen))
    return len(seen)
