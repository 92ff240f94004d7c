"""`portal search build|check|status|query`: the search index, and searches as the pages make them."""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select

from portal.cli.context import Context, Refused
from portal.core.access import Actor
from portal.core.jobs import Job
from portal.shared.finding.pages import ResultList, ResultRow
from portal.shared.finding.syntax import read
from portal.shared.search_index import IndexUnavailable

SHOWN = 10
NO_INDEX = "The search index is {}; `portal search build` makes it anew."


@click.group()
def search() -> None:
    """Build, check and ask the search index."""


@search.command()
@click.pass_obj
def build(context: Context) -> None:
    """Build the index anew beside the old one, and swap; searches go on meanwhile."""
    began, indexer = time.monotonic(), context.indexer
    with click.progressbar(length=0, label="Indexing", show_percent=False, show_pos=True) as bar:
        try:
            done = indexer.rebuild(lambda count: bar.update(count - bar.pos))
        except IndexUnavailable:
            raise Refused("Another process writes the index; try again when it is done.") from None
    click.echo(f"Indexed {done} documents in {time.monotonic() - began:.1f} s.")


@search.command()
@click.pass_obj
def check(context: Context) -> None:
    """Compare the index with the database, both ways; exit 1 where they differ."""
    try:
        difference = context.indexer.compare()
    except IndexUnavailable as error:
        raise Refused(NO_INDEX.format(error.state)) from None
    for word, keys in (
        ("lacks", difference.missing),
        ("still holds", difference.extra),
        ("has old words of", difference.outdated),
    ):
        for key in keys[:SHOWN]:
            click.echo(f"The index {word} {key}.")
        if len(keys) > SHOWN:
            click.echo(f"The index {word} {len(keys) - SHOWN} more.")
    if not difference.is_none:
        raise Refused("The worker mends what waits in its jobs; `portal search build` mends everything.")
    click.echo("Index and database say the same.")


@search.command()
@click.pass_obj
def status(context: Context) -> None:
    """Say how the index stands."""
    state = context.index.state()
    with context.database.reading() as session:
        waiting = session.scalar(select(func.count()).select_from(Job).where(Job.kind.in_(("index", "rebuild")))) or 0
    click.echo(f"State: {state}")
    if state == "ready":
        click.echo(f"Documents: {len(context.index.keys())}")
    click.echo(f"Waiting to be indexed: {waiting}")


@search.command()
@click.argument("words", required=False, default="")
@click.option("--as", "mail", required=True, help="Mail address of the person who searches; sees what they may see.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="Most hits to print.")
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="One query a line, one answer a line."
)
@click.pass_obj
def query(context: Context, words: str, *, mail: str, as_json: bool, limit: int, file: Path | None) -> None:
    """Search as somebody, with everything that the search box understands."""
    actor = context.actor(mail)
    lines = file.read_text("utf-8").splitlines() if file else [words]
    for found in _answers(context, actor, lines, limit):
        for note in found.notes:
            click.echo(note.text, err=True)
        if as_json or file:
            click.echo(json.dumps(as_data(found), ensure_ascii=False))
        else:
            _print(found)


def as_data(found: ResultList) -> dict[str, Any]:
    """A result as scripts read it."""
    return {"total": found.total, "took_ms": round(found.took_ms, 2), "hits": [_hit(row) for row in found.rows]}


def _answers(context: Context, actor: Actor, lines: Sequence[str], limit: int) -> Iterator[ResultList]:
    """An answer for each line; nothing typed finds nothing, as on the page."""
    for line in lines:
        typed, found = read(line), ResultList()
        if not typed.is_empty:
            with context.database.reading() as session:
                found = context.finder.search(session, actor, typed, limit=limit)
        yield found


def _hit(row: ResultRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "id": int(row.key.partition(":")[2].partition("#")[0]),
        "title": row.title,
        "url": row.url,
        "score": round(row.score, 4),
        "say_this": row.say,
        "category": row.category,
        "snippet": row.snippet_html.striptags(),
    }


def _print(found: ResultList) -> None:
    """One hit in two lines, for people."""
    click.echo(f"{found.total} found in {found.took_ms:.0f} ms")
    for row in found.rows:
        click.echo(f"  {row.say or row.title}")
        click.echo(f"    {row.kind_word} · {row.title} · {row.url}")
