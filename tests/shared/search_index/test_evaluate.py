"""The measures of search, worked out by hand."""

import json
from math import log2
from pathlib import Path

import pytest

from portal.shared.search_index.evaluate import evaluate, ndcg, recall

GAINS = {"a": 2.0, "b": 1.0}


def test_the_best_order_has_the_full_gain() -> None:
    assert ndcg(["a", "b", "c"], GAINS) == 1
    assert ndcg(["c", "d"], GAINS) == 0
    assert ndcg([], {}) == 0


def test_a_gain_counts_less_further_down() -> None:
    best = 2 / log2(2) + 1 / log2(3)
    assert ndcg(["b", "a"], GAINS) == pytest.approx((1 / log2(2) + 2 / log2(3)) / best)
    assert ndcg(["x", "x", "a"], GAINS) == pytest.approx((2 / log2(4)) / best)
    assert ndcg(["x"] * 10 + ["a"], GAINS) == 0


def test_recall_is_the_share_of_what_is_right() -> None:
    assert recall(["a", "c"], GAINS) == 0.5
    assert recall(["a", "b"], {**GAINS, "c": 0.0}) == 1
    assert recall(["a"], {}) == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A collection of three documents and three questions, one of them without a judgement."""
    files = {
        "docs.jsonl": [
            {"id": "d1", "title": "Too expensive", "body": "Compare the cost."},
            {"id": "d2", "title": "Discount", "body": "Trade it for a term."},
            {"id": "d3", "title": "Renewal", "body": "Begin early."},
        ],
        "queries.jsonl": [
            {"id": "q1", "text": "expensive"},
            {"id": "q2", "text": "zzzz"},
            {"id": "q3", "text": "unjudged"},
        ],
        "short.jsonl": [{"id": "q1", "text": "expen"}],
    }
    for name, rows in files.items():
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "qrels.tsv").write_text("q1\td1\t1\nq2\td2\t1\n")
    return tmp_path


def test_a_collection_is_measured(folder: Path) -> None:
    measured = evaluate(folder)
    assert measured["ndcg@10"] == measured["hit@3"] == measured["recall@3"] == measured["recall@10"] == 0.5
    assert measured["without_result"] == 0.5
    assert (measured["queries"], measured["documents"]) == (2, 3)
    assert 0 < measured["p50_ms"] <= measured["p95_ms"]


def test_another_file_of_questions_is_measured_as_typed(folder: Path) -> None:
    assert evaluate(folder, queries="short.jsonl", as_you_type=True)["ndcg@10"] == 1
    assert evaluate(folder, queries="short.jsonl")["ndcg@10"] < 1


def test_the_collection_is_left_as_it_was(folder: Path) -> None:
    before = sorted(folder.iterdir())
    evaluate(folder)
    assert sorted(folder.iterdir()) == before
