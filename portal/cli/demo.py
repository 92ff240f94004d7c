"""`portal demo`: builds the demo company in the data folder, or sees that it stands there, and ends."""

import time

import click

from portal.cli.context import NO_TABLES, Context, Refused, schema_problem
from portal.cli.prepare import upgrade, upgrade_embedded
from portal.core import clock
from portal.demo.loader import build, find_state, fingerprint
from portal.demo.reading import read_story
from portal.demo.records import StoryError
from portal.settings import Settings
from portal.shared.files.store import FileStore


@click.command()
@click.pass_obj
def demo(context: Context) -> None:
    """Build the demo company, or bring it up to date where its data changed and nobody has worked in it."""
    began, wanted = time.monotonic(), fingerprint()
    _make_tables(context.settings)
    with context.database.reading() as session:
        state = find_state(session, wanted)
    if state == "other":
        raise Refused("This database holds people who are not of the demo; choose another PORTAL_DATA_DIR for it.")
    if state == "worked in":
        click.echo("The demo's data changed, but somebody has worked in this company, so it stays as it is.")
        click.echo(f"To see the new story, delete {context.settings.data_dir} and start again.")
    if state in ("empty", "outdated"):
        click.echo("Building the demo company …")
        _build(context, wanted)
    elif not context.indexer.heal() and state == "current":
        click.echo("The demo company stands as its data tell it.")
    context.worker.drain()
    if state in ("empty", "outdated"):
        click.echo(f"That took {time.monotonic() - began:.0f} s.")


def _make_tables(settings: Settings) -> None:
    """The demo also sets up an empty PostgreSQL database; one that holds something is never changed unasked."""
    upgrade_embedded(settings)
    if (problem := schema_problem(settings)) == NO_TABLES:
        upgrade(settings)
    elif problem is not None:
        raise Refused(problem)


def _build(context: Context, wanted: str) -> None:
    try:
        story = read_story()
    except StoryError as error:
        raise Refused("\n".join(error.mistakes)) from None
    store, timezone = FileStore(context.settings.files_dir), context.settings.timezone
    built = build(context.database, store, story, now=clock.now(), timezone=timezone, wanted=wanted)
    context.indexer.rebuild()
    click.echo(
        f"{story.name}: {built.people} people, {built.objections} objections, {built.questions} questions,"
        f" {built.answers} answers, {built.playbooks} playbooks, {built.votes} votes."
    )
