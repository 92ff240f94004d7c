"""How well search finds what people meant, measured on a collection of questions with known answers."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.records import Document, Query

_EVERYONE = ("all",)
_WARM_UP = 20


def evaluate(folder: Path, *, queries: str = "queries.jsonl", as_you_type: bool = False) -> dict[str, float]:
    """Index a collection for the moment and measure it; `index_collection` and `measure` say how."""
    with TemporaryDirectory(prefix="evaluate-") as scratch:
        index = index_collection(folder, Path(scratch) / "index")
        measured = measure(index, folder, queries=queries, as_you_type=as_you_type)
        index.close()
    return measured


def index_collection(folder: Path, root: Path) -> SearchIndex:
    """Build an index below `root` from a folder's `docs.jsonl`, with id, title and body."""
    index = SearchIndex(root)
    index.rebuild(
        Document(
            key=row["id"], kind="document", group=row["id"], title=row["title"], body=row["body"], audiences=_EVERYONE
        )
        for row in _rows(folder / "docs.jsonl")
    )
    return index


def measure(
    index: SearchIndex, folder: Path, *, queries: str = "queries.jsonl", as_you_type: bool = False
) -> dict[str, float]:
    """Ask a collection's questions, each as a search of ten hits with facets.

    The `queries` file has id and text, `qrels.tsv` question id, document id and gain; questions without a judgement are
    left out. With `as_you_type` the last word counts as unfinished. The shares and nDCG lie between 0 and 1, the times
    are those of the search call in milliseconds, after a warm-up.
    """
    gains = _gains(folder / "qrels.tsv")
    questions = [row for row in _rows(folder / queries) if gains.get(row["id"])]
    asked = [
        Query(words=row["text"], audiences=frozenset(_EVERYONE), typing=as_you_type, limit=10, facets=("kind",))
        for row in questions
    ]
    for query in asked[:_WARM_UP]:
        index.search(query)
    answers = [index.search(query) for query in asked]
    found = [[hit.key for hit in answer.hits] for answer in answers]
    judged = [(keys, gains[row["id"]]) for keys, row in zip(found, questions, strict=True)]
    times = sorted(answer.took_ms for answer in answers)
    return {
        "ndcg@10": _mean([ndcg(keys, gain) for keys, gain in judged]),
        "hit@3": _mean([float(any(gain.get(key) == max(gain.values()) for key in keys[:3])) for keys, gain in judged]),
        "recall@3": _mean([recall(keys[:3], gain) for keys, gain in judged]),
        "recall@10": _mean([recall(keys[:10], gain) for keys, gain in judged]),
        "without_result": _mean([float(not keys) for keys in found]),
        "p50_ms": _quantile(times, 0.5),
        "p95_ms": _quantile(times, 0.95),
        "queries": float(len(questions)),
        "documents": float(len(index.keys())),
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


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _gains(path: Path) -> dict[str, dict[str, float]]:
    gains: dict[str, dict[str, float]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        question, document, gain = line.split("\t")
        gains.setdefault(question, {})[document] = float(gain)
    return gains


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _quantile(ascending: Sequence[float], share: float) -> float:
    return round(ascending[int(share * (len(ascending) - 1))], 2) if ascending else 0.0
