"""The command `portal`: its verbs, and what is said when one of them cannot do its work."""

from typing import Any

import click
from sqlalchemy.exc import OperationalError

from portal.app import version
from portal.cli.check import check
from portal.cli.context import Context, Refused, plain
from portal.cli.counts import counts
from portal.cli.db import db
from portal.cli.demo import demo
from portal.cli.doors import doors
from portal.cli.evaluating import evaluate
from portal.cli.explaining import explain
from portal.cli.export_markdown import export_markdown
from portal.cli.export_objections import export_objections
from portal.cli.files import files
from portal.cli.html import html
from portal.cli.import_markdown import import_markdown
from portal.cli.import_objections import import_objections
from portal.cli.import_people import import_people
from portal.cli.run import run
from portal.cli.search import search
from portal.cli.user import user
from portal.cli.worker import worker
from portal.settings import SettingsError


class Portal(click.Group):
    """All verbs; mistakes in the settings and a lost database are told in words."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise Refused("\n".join(error.mistakes)) from None
        except OperationalError as error:
            raise Refused(f"The database says: {plain(error)}") from None


@click.group(cls=Portal)
@click.version_option(version(), prog_name="Fieldhouse")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Fieldhouse: a sales team's shared playbook. Settings come from the environment, see .env.example."""
    ctx.call_on_close(ctx.ensure_object(Context).close)


@click.group("import")
def take_in() -> None:
    """Take in files: people, objections and their answers, Markdown pages."""


@click.group("export")
def give_out() -> None:
    """Write files that can be taken in again."""


for thing in (import_markdown, import_objections, import_people):
    take_in.add_command(thing)
for thing in (export_markdown, export_objections):
    give_out.add_command(thing)
for verb in (evaluate, explain):
    search.add_command(verb)
for verb in (run, worker, demo, user, take_in, give_out, search, files, html, counts, db, doors, check):
    main.add_command(verb)
