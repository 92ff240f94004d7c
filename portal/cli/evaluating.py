"""`portal search evaluate DIR`: how well search finds what people meant, on questions with known answers."""

import json
import tempfile
from pathlib import Path

import click

from portal.cli.context import Refused
from portal.shared.search_index.collection import QUESTIONS, BadCollection
from portal.shared.search_index.evaluate import evaluate as measure

MEANINGS = {
    "ndcg@10": "order of the first ten, 1 is the best",
    "hit@3": "a best document among the first three",
    "recall@3": "of the right documents, among the first three",
    "recall@10": "of the right documents, among the first ten",
    "without_result": "found nothing at all",
    "p50_ms": "half of the searches took at most so long",
    "p95_ms": "and 95 of 100",
    "queries": "asked",
    "documents": "in the throw-away index",
}


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--queries", default=QUESTIONS, show_default=True, metavar="FILE", help="In DIR, or a path.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Ask only the first N questions.")
@click.option("--as-you-type", is_flag=True, help="Take the last word of each question as unfinished.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(folder: Path, *, queries: str, limit: int | None, as_you_type: bool, as_json: bool) -> None:
    """Measure search on a folder of documents, questions and judgements.

    DIR holds docs.jsonl (id, title, body), queries.jsonl (id, text) and qrels.tsv (question, document, gain). They go
    into an index of their own that is removed at the end: the portal's content takes no part, nor does its word list.
    """
    try:
        measured = measure(folder, queries=queries, limit=limit, as_you_type=as_you_type, tell=_tell)
    except BadCollection as error:
        raise Refused(str(error)) from None
    except OSError as error:
        raise Refused(f"The index could not be written below {tempfile.gettempdir()}: {error.strerror}.") from None
    if as_json:
        click.echo(json.dumps(measured))
        return
    for name, meaning in MEANINGS.items():
        click.echo(f"{name:<15}{measured[name]:>10,g}  {meaning}")


def _tell(words: str) -> None:
    click.echo(words, err=True)
