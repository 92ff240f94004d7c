"""`portal search explain "WORDS" --item N --as MAIL`: the arithmetic that put an item where it stands for somebody."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from portal.cli.context import Context, Refused
from portal.cli.search import NO_INDEX
from portal.core.ids import MOST_ID
from portal.shared.finding.syntax import read
from portal.shared.items.queries import find_item
from portal.shared.search_index import IndexUnavailable
from portal.shared.search_index.ranking import COVERAGE, FILL, OBSOLETE, STARRED
from portal.shared.search_index.records import Explanation, RowPart, WordPart

ABSENCES = {
    "not indexed": "It is in no document of the index; `portal search check` says whether it should be.",
    "no word": "It has none of the words.",
    "few words": "It has too few of the words for an order that is not by relevance.",
    "left out": "A filter, a phrase in quotes or a word with a minus leaves it out.",
}


@click.command()
@click.argument("words")
@click.option("--item", "item_id", required=True, type=int, help="Number of the item, as in its address.")
@click.option("--as", "mail", required=True, help="Mail address of the person who searches; sees what they may see.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def explain(context: Context, words: str, *, item_id: int, mail: str, as_json: bool) -> None:
    """Print the arithmetic of one item's row: words, fields, closeness, coverage, lifts and the score."""
    actor, typed = context.actor(mail), read(words)
    if typed.is_empty:
        raise Refused("Nothing was typed.")
    with context.database.reading() as session:
        if not 0 < item_id <= MOST_ID or find_item(session, actor, item_id) is None:
            raise Refused("not found")
        try:
            explanation = context.finder.explain(session, actor, typed, item_id)
        except IndexUnavailable as error:
            raise Refused(NO_INDEX.format(error.state)) from None
    if as_json:
        click.echo(json.dumps(asdict(explanation), ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(explanation)))


def _lines(explanation: Explanation) -> Iterator[str]:
    row = explanation.row
    if row is None:
        yield ABSENCES[explanation.absence]
    else:
        yield f"Row {row.place} of {explanation.total}: {row.key}, {row.title}"
    for part in explanation.words:
        yield from _word(part, row)
    if row is not None and explanation.words:
        yield from _sum(row)
    elif row is not None:
        yield "Without words the rows have no score and stand by the day of their last change."


def _word(part: WordPart, row: RowPart | None) -> Iterator[str]:
    """A word, what was made of it, and what it adds to the row."""
    taken = f", taken as {part.correction}" if part.correction else ""
    known = f"idf {part.idf:.4f}, in {part.rows} rows" if part.rows else "in no row"
    yield f"{part.word}{taken}: {known}"
    for spelled, weight, why in part.stands_for:
        yield f"    {spelled} × {weight:g} ({why})"
    if row is not None and part.share:
        yield f"    {_line(row.title_line)} {part.title:.4f} + lead {part.lead:.4f} + body {part.body:.4f}"
    elif row is not None:
        yield "    this row lacks it"


def _line(number: int) -> str:
    return f"variant {number}" if number else "title"


def _sum(row: RowPart) -> Iterator[str]:
    """From the gains to the score, a line for each part of the formula."""
    for first, second, gain in row.pairs:
        yield f"close together: {first} {second} {gain:.4f}"
    yield f"BM25F       {row.bm25f:.4f} of the best row's {row.best_bm25f:.4f} = {row.bm25f / row.best_bm25f:.4f}"
    yield f"coverage C  {row.coverage:.4f}, so × (1 + {COVERAGE:g} · C²) = × {1 + COVERAGE * row.coverage**2:.4f}"
    fill = FILL * row.title_covered * row.title_named
    named = f"{row.title_covered:.4f} · {row.title_named:.4f} ({_line(row.filled_line)})"
    yield f"title T · F {named}, so + {FILL:g} · T · F = + {fill:.4f}"
    yield f"text        {row.text:.4f}"
    lifts = ", ".join(f"{name} {lift:+.4f}" for name, lift in row.lifts.items())
    obsolete = f", × {OBSOLETE:g} as obsolete" if row.is_obsolete else ""
    yield f"standing    × {row.standing:.4f}: {lifts}{obsolete}"
    yield f"starred     × {1 + STARRED:g}" if row.is_starred else "starred     no"
    yield f"score       {row.score:.4f}"
