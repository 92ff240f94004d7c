"""How well search finds what people meant, measured on a collection of questions with known answers."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.shared.search_index.collection import (
    EVERYONE,
    JUDGEMENTS,
    QUESTIONS,
    Question,
    Tell,
    read_documents,
    read_questions,
)
from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.records import Query

_WARM_UP = 20


def evaluate(
    folder: Path, *, queries: str = QUESTIONS, limit: int | None = None, as_you_type: bool = False,
    tell: Tell = lambda words: None,
) -> dict[str, float]:  # fmt: skip
    """Index a collection for the moment and measure it by its judged questions, at most the first `limit`.

    What is odd about the collection is told in words; raises BadCollection where it cannot be read. See `ask` for the
    rest.
    """
    documents = read_documents(folder)
    questions = read_questions(folder, queries, tell)[:limit]
    known = {document.key for document in documents}
    strange = sum(key not in known for question in questions for key in question.gains)
    if strange:
        tell(f"{folder / JUDGEMENTS}: judgements of documents that are not there: {strange}.")
    with TemporaryDirectory(prefix="evaluate-") as scratch:
        index = SearchIndex(Path(scratch) / "index")
        try:
            index.rebuild(documents)
            return ask(index, questions, as_you_type=as_you_type)
        finally:
            index.close()


def index_collection(folder: Path, root: Path) -> SearchIndex:
    """Build an index below `root` from a folder's `docs.jsonl`, with id, title and body; raises BadCollection."""
    index = SearchIndex(root)
    index.rebuild(read_documents(folder))
    return index


def measure(
    index: SearchIndex, folder: Path, *, queries: str = QUESTIONS, as_you_type: bool = False
) -> dict[str, float]:
    """Ask the judged questions of a collection that is indexed already; raises BadCollection."""
    return ask(index, read_questions(folder, queries), as_you_type=as_you_type)


def ask(index: SearchIndex, questions: Sequence[Question], *, as_you_type: bool = False) -> dict[str, float]:
    """Ask questions, each as a search of ten hits with facets.

    With `as_you_type` the last word counts as unfinished. The times are those of the search call in milliseconds, after
    a warm-up; `shares` says what the rest is.
    """
    asked = [
        Query(words=question.text, audiences=frozenset({EVERYONE}), typing=as_you_type, limit=10, facets=("kind",))
        for question in questions
    ]
    for query in asked[:_WARM_UP]:
        index.search(query)
    answers = [index.search(query) for query in asked]
    times = sorted(answer.took_ms for answer in answers)
    return {
        **shares([[hit.key for hit in answer.hits] for answer in answers], questions),
        "p50_ms": quantile(times, 0.5),
        "p95_ms": quantile(times, 0.95),
        "queries": len(questions),
        "documents": len(index.keys()),
    }


def shares(found: Sequence[Sequence[str]], questions: Sequence[Question]) -> dict[str, float]:
    """Means over the questions, from 0 to 1, of what was found for each, best first.

    "hit@3" is the share of questions with a document of their highest gain among the first three, "without_result" that
    of questions which found nothing.
    """
    judged = list(zip(found, (question.gains for question in questions), strict=True))
    return {
        "ndcg@10": _mean([ndcg(keys, gain) for keys, gain in judged]),
        "hit@3": _mean([float(any(gain.get(key) == max(gain.values()) for key in keys[:3])) for keys, gain in judged]),
        "recall@3": _mean([recall(keys[:3], gain) for keys, gain in judged]),
        "recall@10": _mean([recall(keys[:10], gain) for keys, gain in judged]),
        "without_result": _mean([float(not keys) for keys in found]),
    }


def ndcg(keys: Sequence[str], gains: Mapping[str, float], depth: int = 10) -> float:
    """Normalised discounted cumulative gain: sum of gain / log2(rank + 1), divided by that of the best order."""
    best = sorted(gains.values(), reverse=True)[:depth]
    reached = sum(gains.get(key, 0.0) / math.log2(rank + 2) for rank, key in enumerate(keys[:depth]))
    possible = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(best))
    return reached / possible if possible else 0.0


def recall(keys: Sequence[str], gains: Mapping[str, float]) -> float:
    """Share of the documents with a gain that are among the keys."""
    right = {key for key, gain in gains.items() if gain > 0}
    return len(right.intersection(keys)) / len(right) if right else 0.0


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def quantile(ascending: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies, to two digits."""
    return round(ascending[int(share * (len(ascending) - 1))], 2) if ascending else 0.0
