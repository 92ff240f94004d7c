"""What search is measured beside: SQLite's FTS5 with BM25 as it comes, and bm25s where it is installed."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite

from portal.shared.search_index.analysis import content, cut, stem
from portal.shared.search_index.records import Document

TITLE = 2.0
"""What a word of the title counts, as the reference of ../shared/bench has it."""


class Fts5:
    """A table with Porter's stemmer; the words of a question joined by OR, stop words left out."""

    def __init__(self, path: str | Path, documents: Iterable[Document] | None = None) -> None:
        """Open a file; make it anew where there are documents for it."""
        self._base = sqlite.connect(str(path))
        if documents is not None:
            self._base.execute(
                "create virtual table words using fts5(id unindexed, title, body, tokenize='porter unicode61', "
                "prefix='2 3')"
            )
            self._base.execute(f"insert into words(words, rank) values ('rank', 'bm25(0, {TITLE}, 1)')")
            self._base.executemany("insert into words values (?, ?, ?)", map(_row, documents))
            self._base.execute("insert into words(words) values ('optimize')")
            self._base.commit()

    def keys(self, question: str, *, typing: bool = False) -> list[str]:
        """The ten best, best first."""
        return [key for (key,) in self._ask("select id", question, typing)]

    def hits(self, question: str, *, typing: bool = False) -> list[tuple[str, str, str]]:
        """The ten best as a page shows them, with a snippet each."""
        return self._ask("select id, title, snippet(words, 2, '[', ']', '…', 24)", question, typing)

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def _ask(self, select: str, question: str, typing: bool) -> list[Any]:
        """Sorted by `rank`, FTS5 makes snippets for the ten alone; sorted by bm25() for every hit."""
        terms = [f'"{word}"' for word in content(cut(question).plain)]
        if not terms:
            return []
        wanted = " OR ".join(terms) + ("*" if typing else "")
        return self._base.execute(
            f"{select} from words where words match ? order by rank limit 10", (wanted,)
        ).fetchall()


class Bm25s:
    """The library bm25s over the stems that our own analysis cuts, the title twice."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """Raises ImportError where the library is not installed."""
        self._keys = [document.key for document in documents]
        self._model = import_module("bm25s").BM25()
        self._model.index(
            [_stems(f"{document.title}\n{document.title}\n{document.body}") for document in documents],
            show_progress=False,
        )

    def keys(self, question: str, *, typing: bool = False) -> list[str]:
        """The ten best, best first; it knows no unfinished words."""
        known = [word for word in _stems(question) if word in self._model.vocab_dict]
        if not known:
            return []
        wanted = min(10, len(self._keys))
        numbers, _ = self._model.retrieve([known], k=wanted, show_progress=False)
        return [self._keys[number] for number in numbers[0]]


def has_bm25s() -> bool:
    """Whether the library is installed."""
    return find_spec("bm25s") is not None


def _row(document: Document) -> tuple[str, str, str]:
    parts = (*document.variants, document.say, document.body)
    return document.key, document.title, "\n".join(part for part in parts if part)


def _stems(text: str) -> list[str]:
    return [stem(word) for word in content(cut(text).plain)]
