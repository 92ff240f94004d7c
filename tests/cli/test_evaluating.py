"""`portal search evaluate`: figures for scripts and for people, and words where there is nothing to measure."""

import json
import tempfile
from pathlib import Path

import pytest

from tests.cli.conftest import Portal

FIGURES = [
    "ndcg@10", "hit@3", "recall@3", "recall@10", "without_result", "p50_ms", "p95_ms", "queries", "documents",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two documents and three questions, of which the last is half typed."""
    made = tmp_path / "collection"
    made.mkdir()
    documents = (("d1", "Too expensive", "Compare the cost."), ("d2", "Discount", "Trade it for a term."))
    questions = (("q1", "expensive"), ("q2", "zzzz"), ("q3", "disc"))
    rows = [json.dumps(dict(zip(("id", "title", "body"), row, strict=True))) for row in documents]
    (made / "docs.jsonl").write_text("\n".join(rows))
    (made / "queries.jsonl").write_text("\n".join(json.dumps({"id": id_, "text": text}) for id_, text in questions))
    (made / "half.jsonl").write_text(json.dumps({"id": "q3", "text": "disc"}))
    (made / "qrels.tsv").write_text("q1\td1\t2\nq2\td2\t1\nq3\td2\t1\n")
    return made


def test_a_collection_is_measured_without_a_database(portal: Portal, folder: Path, tmp_path: Path) -> None:
    said = portal("search", "evaluate", str(folder), "--json")
    assert said.exit_code == 0
    measured = json.loads(said.stdout)
    assert list(measured) == FIGURES
    assert (measured["ndcg@10"], measured["without_result"]) == (0.3333, 0.6667)
    assert (measured["queries"], measured["documents"]) == (3, 2)
    assert not (tmp_path / "data").exists()


def test_questions_can_be_others_fewer_and_half_typed(portal: Portal, folder: Path) -> None:
    def ndcg(*words: str) -> float:
        return float(json.loads(portal("search", "evaluate", str(folder), "--json", *words).stdout)["ndcg@10"])

    assert ndcg("--limit", "1") == 1
    assert ndcg("--queries", "half.jsonl") == 0
    assert ndcg("--queries", "half.jsonl", "--as-you-type") == 1
    assert ndcg("--queries", str(folder / "half.jsonl"), "--as-you-type") == 1


def test_people_read_a_line_for_each_figure(portal: Portal, folder: Path) -> None:
    lines = portal("search", "evaluate", str(folder)).stdout.splitlines()
    assert [line.split()[0] for line in lines] == FIGURES
    assert lines[0].split()[1] == "0.3333"


def test_a_collection_that_cannot_be_read_is_refused_in_words(portal: Portal, folder: Path) -> None:
    (folder / "docs.jsonl").write_text('{"id": "d1"')
    said = portal("search", "evaluate", str(folder))
    assert said.exit_code == 1
    assert said.stderr.startswith(f"{folder}/docs.jsonl, line 1: this is no JSON")
    assert said.stdout == ""
    nowhere = portal("search", "evaluate", str(folder / "nowhere"), "--json")
    assert (nowhere.exit_code, nowhere.stderr) == (1, f"{folder}/nowhere/docs.jsonl is not there.\n")


def test_nothing_is_left_behind(portal: Portal, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    assert portal("search", "evaluate", str(folder)).exit_code == 0
    assert list(scratch.iterdir()) == []
