"""`portal html check|rebuild`: HTML is kept beside its text, and made anew where an older renderer made it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import click
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal import wiring
from portal.cli.context import Context
from portal.core.errors import NotFound
from portal.core.jobs import enqueue
from portal.core.markdown import RENDERER_VERSION, MarkdownRefused, Rendered, render
from portal.core.units import write_in_unit
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.operations import set_rendered
from portal.shared.items.models import Item
from portal.shared.items.operations import lock_item, replace_html

BATCH = 50
FOUND = frozenset(source.kind for source in wiring.DOCUMENTS)


class Text(NamedTuple):
    """A text as it stood when it was read."""

    id: int
    version: int
    source: str


@click.group()
def html() -> None:
    """Look after the HTML that is kept beside each text."""


@html.command()
@click.pass_obj
def check(context: Context) -> None:
    """Say how many texts are shown as an older renderer made them; exit 1 where there are some."""
    with context.database.reading() as session:
        number = count_older(session)
    if number:
        click.echo(told(number))
        raise SystemExit(1)
    click.echo("Every text is shown as the present renderer makes it.")


@html.command()
@click.pass_obj
def rebuild(context: Context) -> None:
    """Render those texts again; versions and dates stay, and the worker brings the search index up to date."""
    with context.database.reading() as session:
        number = count_older(session)
    refused: list[str] = []
    with click.progressbar(length=number, label="Rendering") as bar:
        for texts in _batches(context):
            _replace(context, list(_rendered(texts, refused)))
            bar.update(len(texts))
    for words in refused:
        click.echo(words)
    click.echo(f"Rendered {number - len(refused)} text{'' if number - len(refused) == 1 else 's'}.")
    if refused:
        raise SystemExit(1)


def count_older(session: Session) -> int:
    """The number of texts whose HTML an older renderer made."""
    return session.scalar(select(func.count()).select_from(Item).where(*_is_older())) or 0


def told(number: int) -> str:
    """The finding in words."""
    are, them = ("text is", "it") if number == 1 else ("texts are", "them")
    return f"{number} {are} shown as an older renderer made {them}; `portal html rebuild` renders {them} again."


def _is_older() -> tuple[ColumnElement[bool], ...]:
    return Item.renderer_version < RENDERER_VERSION, Item.source != ""


def _batches(context: Context) -> Iterator[Sequence[Text]]:
    """In the order of their ids, so that one that is refused is not met again."""
    last = 0
    while True:
        with context.database.reading() as session:
            wanted = select(Item.id, Item.version, Item.source).where(*_is_older(), Item.id > last)
            texts = [Text(*row) for row in session.execute(wanted.order_by(Item.id).limit(BATCH))]
        if not texts:
            return
        yield texts
        last = texts[-1].id


def _rendered(texts: Sequence[Text], refused: list[str]) -> Iterator[tuple[Text, Rendered]]:
    """Outside of any unit, since this is slow."""
    for text in texts:
        try:
            yield text, render(text.source)
        except MarkdownRefused as error:
            refused.append(f"Item {text.id} keeps its old HTML: {error}")


def _replace(context: Context, rendered: Sequence[tuple[Text, Rendered]]) -> None:
    def work(session: Session) -> None:
        for text, result in rendered:
            _replace_one(session, text, result)

    write_in_unit(context.database, work)


def _replace_one(session: Session, text: Text, rendered: Rendered) -> None:
    try:
        item = lock_item(session, text.id)
    except NotFound:
        return
    if item.version != text.version:  # whoever saved meanwhile had it rendered anew
        return
    if isinstance(item, Playbook):
        set_rendered(session, item, rendered)
    replace_html(session, item, rendered)
    if item.kind in FOUND:
        enqueue(session, "index", f"{item.kind}:{item.id}")
