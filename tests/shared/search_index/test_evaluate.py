"""The measures of search, worked out by hand."""

import json
from math import log2
from pathlib import Path

import pytest

from portal.shared.search_index.collection import BadCollection
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


def test_the_first_judged_questions_can_be_asked_alone(folder: Path) -> None:
    measured = evaluate(folder, limit=1)
    assert (measured["queries"], measured["ndcg@10"]) == (1, 1)


def test_what_takes_no_part_is_told_in_words(folder: Path) -> None:
    told: list[str] = []
    with (folder / "qrels.tsv").open("a") as judgements:
        judgements.write("q1\tnowhere\t1\n")
    measured = evaluate(folder, tell=told.append)
    assert measured["queries"] == 2
    assert told == [
        f'{folder}/queries.jsonl, line 3: qrels.tsv does not judge "q3". Questions left out: 1 of 3.',
        f"{folder}/qrels.tsv: judgements of documents that are not there: 1.",
    ]


ROW = '{"id": "d1", "title": "Discount", "body": "Trade it."}'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("docs.jsonl", None, "docs.jsonl is not there."),
        ("docs.jsonl", "\n", "docs.jsonl: there is no document in it."),
        ("docs.jsonl", f'{ROW}\n\n{{"id": ', "docs.jsonl, line 3: this is no JSON (Expecting value: line 1 column 8"),
        ("docs.jsonl", "[" * 100_000, "docs.jsonl, line 1: this is no JSON (maximum recursion depth exceeded"),
        ("docs.jsonl", f"{ROW}\n[]", "docs.jsonl, line 2: this is no JSON object."),
        ("docs.jsonl", '{"id": "d1", "title": "Discount"}', 'docs.jsonl, line 1: needs a text as "body".'),
        ("docs.jsonl", '{"id": true, "title": "", "body": ""}', 'docs.jsonl, line 1: needs a text as "id".'),
        ("docs.jsonl", ROW.replace("Trade", "\\ud800"), 'docs.jsonl, line 1: needs a text as "body".'),
        ("docs.jsonl", f"{ROW}\n{ROW}", 'docs.jsonl, line 2: the id "d1" stands in line 1 already.'),
        ("docs.jsonl", b"\xff", "docs.jsonl, line 1: this is no UTF-8."),
        ("queries.jsonl", None, "queries.jsonl is not there."),
        ("queries.jsonl", "", "queries.jsonl: there is no question in it."),
        ("queries.jsonl", '{"id": "q1"}', 'queries.jsonl, line 1: needs a text as "text".'),
        ("queries.jsonl", '{"id": 7, "text": "x"}', 'line 1: qrels.tsv does not judge "7", nor any other question.'),
        ("qrels.tsv", None, "qrels.tsv is not there."),
        ("qrels.tsv", "q1 d1 1\n", "qrels.tsv, line 1: needs question, document and gain, with tabs between."),
        ("qrels.tsv", "q1\td1\t1\nq2\td1\tmuch\n", 'qrels.tsv, line 2: the gain "much" is no number from 0 on.'),
        ("qrels.tsv", "q1\td1\tnan\n", 'qrels.tsv, line 1: the gain "nan" is no number from 0 on.'),
        ("qrels.tsv", "q1\td1\t0\n", 'queries.jsonl, line 1: qrels.tsv does not judge "q1", nor any other'),
    ],
)
def test_what_is_wrong_with_a_collection_is_named_by_file_and_line(
    folder: Path, name: str, content: str | bytes | None, said: str
) -> None:
    path = folder / name
    path.unlink()
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadCollection) as caught:
        evaluate(folder)
    assert said in str(caught.value)
    assert str(folder) in str(caught.value)
