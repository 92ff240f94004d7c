"""The engine behind the door: Whoosh as the store on the disk, kept postings in memory to answer from."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from portal.shared.search_index import pointer, store
from portal.shared.search_index.answering import answer, continuations
from portal.shared.search_index.current import Current, open_newest
from portal.shared.search_index.door import SearchEngine
from portal.shared.search_index.explaining import explain
from portal.shared.search_index.layout import lay_out
from portal.shared.search_index.records import Document, Explanation, Found, IndexUnavailable, Query, State

_WRITE_PATIENCE = 10.0
_REBUILD_PATIENCE = 60.0
_PROGRESS_STEP = 100


class SearchIndex(SearchEngine):
    """One per process, below one folder. Making it opens nothing: a server may make it and fork afterwards.

    `documents` is the version of their shape: an index that was built of another shape is outdated.
    """

    def __init__(self, folder: Path, documents: int = 0) -> None:
        self._root, self._documents = folder, documents
        self._current = Current(folder, documents)

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
        alone would look like all; "busy" while another process writes.
        """
        laid = {document.key: lay_out(document) for document in documents}
        with store.only_writer(self._root, _WRITE_PATIENCE):
            current = pointer.read(self._root, self._documents)
            with store.Writer(self._root / current.folder) as writer:
                writer.remove(keys={*laid, *deleted}, groups=replace_groups)
                for one in laid.values():
                    writer.add(one)
            self._commit(current)

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
                self._commit(pointer.Pointer(fresh.name, "", version=pointer.version_of(self._documents)))
            except BaseException:
                shutil.rmtree(fresh, ignore_errors=True)
                raise
            for folder in self._root.glob("index-*"):
                if folder != fresh:
                    shutil.rmtree(folder, ignore_errors=True)
        return done

    def _commit(self, current: pointer.Pointer) -> None:
        folder = self._root / current.folder
        sums = {name: current.sums.get(name) or pointer.checksum(folder / name) for name in store.files(folder)}
        fresh = replace(current, sums={name: total for name, total in sums.items() if total is not None})
        pointer.write(self._root, replace(fresh, generation=uuid4().hex[:16]))

    def refresh(self) -> None:
        """Read the newest state now instead of within moments; raises IndexUnavailable."""
        self._current.refresh()

    def close(self) -> None:
        """Let go of files and memory."""
        self._current.drop()


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
