"""A folder of documents, questions and judgements, read with care: whatever is wrong is named by file and line."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from portal.shared.search_index.records import Document

DOCUMENTS, QUESTIONS, JUDGEMENTS = "docs.jsonl", "queries.jsonl", "qrels.tsv"
EVERYONE = "all"
"""Who may see the documents of a collection."""
Tell = Callable[[str], None]


class BadCollection(Exception):
    """A collection cannot be read; the words name the file and, where there is one, the line."""


class Question(NamedTuple):
    """What is asked, and the gain of each document that answers it: never below 0, the highest is the best."""

    text: str
    gains: Mapping[str, float]


def read_documents(folder: Path) -> list[Document]:
    """The documents of `docs.jsonl`, with id, title and body; raises BadCollection if there is none."""
    path, documents, lines = folder / DOCUMENTS, list[Document](), dict[str, int]()
    for number, row in _rows(path, ("id", "title", "body")):
        key = row["id"]
        if key in lines:
            raise BadCollection(f'{path}, line {number}: the id "{key}" stands in line {lines[key]} already.')
        lines[key] = number
        documents.append(
            Document(key=key, kind="document", group=key, title=row["title"], body=row["body"], audiences=(EVERYONE,))
        )
    if not documents:
        raise BadCollection(f"{path}: there is no document in it.")
    return documents


def read_questions(folder: Path, queries: str = QUESTIONS, tell: Tell = lambda words: None) -> list[Question]:
    """The questions of a file (id and text, in the folder or elsewhere) that `qrels.tsv` judges, in the file's order.

    Those without a document of some gain are left out, and told in words; raises BadCollection if nothing is left.
    """
    path = folder / queries
    if not path.exists() and Path(queries).exists():
        path = Path(queries)
    gains = {question: gained for question, gained in _gains(folder / JUDGEMENTS).items() if any(gained.values())}
    rows = list(_rows(path, ("id", "text")))
    judged = [Question(row["text"], gains[row["id"]]) for _, row in rows if row["id"] in gains]
    if not rows:
        raise BadCollection(f"{path}: there is no question in it.")
    if len(judged) < len(rows):
        number, first = next((number, row["id"]) for number, row in rows if row["id"] not in gains)
        lacking = f'{path}, line {number}: {JUDGEMENTS} does not judge "{first}"'
        if not judged:
            raise BadCollection(f"{lacking}, nor any other question.")
        tell(f"{lacking}. Questions left out: {len(rows) - len(judged)} of {len(rows)}.")
    return judged


def _gains(path: Path) -> dict[str, dict[str, float]]:
    """Question id to the gains of its documents, from lines of question, document and gain with tabs between."""
    gains: dict[str, dict[str, float]] = {}
    for number, line in _lines(path):
        fields = line.split("\t")
        if len(fields) != 3:
            raise BadCollection(f"{path}, line {number}: needs question, document and gain, with tabs between.")
        question, document, written = fields
        try:
            gain = float(written)
        except ValueError:
            gain = math.nan
        if not 0 <= gain < math.inf:
            raise BadCollection(f'{path}, line {number}: the gain "{written}" is no number from 0 on.')
        gains.setdefault(question, {})[document] = gain
    return gains


def _rows(path: Path, names: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The number and the named texts of each line; a number for an id is taken as its digits."""
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadCollection(f"{path}, line {number}: this is no JSON ({error}).") from None
        if not isinstance(row, dict):
            raise BadCollection(f"{path}, line {number}: this is no JSON object.")
        texts: dict[str, str] = {}
        for name in names:
            text = str(row[name]) if type(row.get(name)) is int else row.get(name)
            if not isinstance(text, str) or not _is_whole(text):
                raise BadCollection(f'{path}, line {number}: needs a text as "{name}".')
            texts[name] = text
        yield number, texts


def _is_whole(text: str) -> bool:
    """Whether a text can be stored: JSON may hold halves of a letter."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines of a file that are not blank."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BadCollection(f"{path} is not there.") from None
    except OSError as error:
        raise BadCollection(f"{path} cannot be read: {error.strerror}.") from None
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            text = line.decode().rstrip("\r")
        except UnicodeDecodeError:
            raise BadCollection(f"{path}, line {number}: this is no UTF-8.") from None
        if text.strip():
            yield number, text
