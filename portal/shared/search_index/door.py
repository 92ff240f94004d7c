"""The narrow door to whatever answers searches: what the portal asks of an engine, and nothing of how that does it."""

from collections.abc import Callable, Iterable
from typing import Protocol

from portal.shared.search_index.records import Document, Explanation, Found, Query, State


class SearchEngine(Protocol):
    """Documents in, ranked rows out. `tests/shared/search_index/contract` says all of it that can be tried.

    The database is the truth, and what an engine holds a copy that may be lost at any time: then, and while it is being
    made, whatever cannot be answered raises IndexUnavailable. One process writes; any number of processes and threads
    search meanwhile, each from one whole state. Whatever the audiences of a question do not include takes part in no
    hit, no count, no facet, no completion, no correction and no explanation.
    """

    def search(self, query: Query) -> Found:
        """Answer a question from a state that is at most a moment old."""

    def words(self, beginning: str, audiences: frozenset[str], limit: int = 8) -> list[str]:
        """Words that go on from a beginning, most frequent first, from documents that the audiences may see."""

    def explain(self, query: Query, item: str) -> Explanation:
        """The arithmetic of the row that `search` gives an item (a value of the facet "item"), or why it gives none."""

    def state(self) -> State:
        """How the kept copy stands now, looked at thoroughly; "outdated" if it was made of documents of another shape,
        or by another analysis."""

    def generation(self) -> str:
        """Changes with every commit, and only then; cheap."""

    def keys(self) -> dict[str, str]:
        """Key to fingerprint (`layout.fingerprint`) of every document, to compare with the database."""

    def write(
        self, documents: Iterable[Document], deleted: Iterable[str] = (), replace_groups: Iterable[str] = ()
    ) -> None:
        """Put documents in, replacing those of the same keys, in one commit.

        Documents with a key in `deleted` or a group in `replace_groups` go out first. A copy that is not there is not
        begun: a few documents alone would look like all. "busy" while another process writes.
        """

    def tidy(self, seconds: float = 0.1) -> bool:
        """Do upkeep that `write` left for later, for about so many seconds; True where there was some.

        Whoever writes calls it when nothing is to be written. It changes nothing of what is found.
        """

    def rebuild(self, documents: Iterable[Document], progress: Callable[[int], None] = lambda done: None) -> int:
        """Make the copy anew beside the old one, and swap in one step; returns the number of documents.

        Searches go on with the old one, and whatever `documents` raises leaves it as it was.
        """

    def refresh(self) -> None:
        """See the newest state now instead of within moments."""

    def close(self) -> None:
        """Let go of files and memory; whoever asks again opens it again."""
