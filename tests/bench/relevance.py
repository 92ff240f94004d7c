"""The relevance part of `make bench-search`: three collections, plain, with a typo and half typed, beside baselines."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from portal.shared.search_index.collection import Question, read_documents, read_questions
from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.evaluate import ask, shares
from tests.bench.baselines import Bm25s, Fts5, has_bm25s

WAYS = (("plain", "queries.jsonl"), ("one typo", "queries_typo.jsonl"), ("60 % typed", "queries_60.jsonl"))
TUNED = {
    "handbook": ((0.521, 0.522, 0.405), 0.535),
    "banking77": ((0.851, 0.852, 0.613), 0.880),
    "cranfield": ((0.407, 0.408, 0.266), 0.733),
}
"""nDCG@10 of each way, and hit@3 plain, of the tuned reference."""
SLACK = 0.005


class Line(NamedTuple):
    """One collection asked in one way."""

    collection: str
    way: str
    ours: dict[str, float]
    fts5: dict[str, float]
    bm25s: dict[str, float] | None


def measure_relevance(collections: Path, work: Path) -> list[Line]:
    """Every collection of a folder, each indexed once for all three ways."""
    return [
        line
        for folder in sorted(path.parent for path in collections.glob("*/qrels.tsv"))
        for line in _measure(folder, work / folder.name)
    ]


def _measure(folder: Path, root: Path) -> list[Line]:
    print(f"relevance: {folder.name}", file=sys.stderr)
    documents = read_documents(folder)
    index, floor = SearchIndex(root), Fts5(":memory:", documents)
    index.rebuild(documents)
    beside = Bm25s(documents) if has_bm25s() else None
    lines = []
    for way, queries in WAYS:
        questions, typing = read_questions(folder, queries), way == WAYS[-1][0]
        lines.append(
            Line(
                folder.name,
                way,
                ask(index, questions, as_you_type=typing),
                _shares_of(floor.keys, questions, typing),
                _shares_of(beside.keys, questions, typing) if beside else None,
            )
        )
    index.close()
    floor.close()
    return lines


def _shares_of(keys: Callable[..., list[str]], questions: list[Question], typing: bool) -> dict[str, float]:
    return shares([keys(question.text, typing=typing) for question in questions], questions)


def relevance_table(lines: list[Line]) -> str:
    """Markdown; what lies more than SLACK below the tuned reference bears a mark."""
    heads = ("collection, asked", "questions", "nDCG@10 (goal)", "hit@3 (goal)", "recall@10", "without result",
             "ms p50 / p95", "FTS5 nDCG@10 / hit@3", "bm25s nDCG@10 / hit@3")  # fmt: skip
    rows = [heads, ("---",) * len(heads), *map(_cells, lines)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _cells(line: Line) -> tuple[str, ...]:
    ours, (ndcgs, hit) = line.ours, TUNED.get(line.collection, ((), None))
    number = [way for way, _ in WAYS].index(line.way)
    return (
        f"{line.collection}, {line.way}",
        f"{ours['queries']:,}",
        _beside(ours["ndcg@10"], ndcgs[number] if ndcgs else None),
        _beside(ours["hit@3"], hit if number == 0 else None),
        f"{ours['recall@10']:.3f}",
        f"{ours['without_result']:.3f}",
        f"{ours['p50_ms']:.1f} / {ours['p95_ms']:.1f}",
        _pair(line.fts5),
        _pair(line.bm25s) if line.bm25s else "bm25s is not installed",
    )


def _beside(reached: float, tuned: float | None) -> str:
    if tuned is None:
        return f"{reached:.3f}"
    goal = tuned - SLACK
    return f"{reached:.3f} ({goal:.3f}{'' if reached >= goal else ', missed'})"


def _pair(measured: dict[str, float]) -> str:
    return f"{measured['ndcg@10']:.3f} / {measured['hit@3']:.3f}"
