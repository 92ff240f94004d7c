"""`portal import markdown DIR`: every Markdown file becomes a playbook; a second run changes nothing."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cli.context import Context, Refused
from portal.core.access import Actor
from portal.core.db import Database
from portal.core.reports import Report
from portal.core.units import write_in_unit
from portal.features.playbooks.folder import list_folder
from portal.features.playbooks.importing import import_markdown as take_folder
from portal.shared.files.store import FileStore
from portal.shared.people.models import Person, PersonRole
from portal.shared.people.queries import find_actor

T = TypeVar("T")


class CommittedUnits:
    """Units of the command line: a writing one is committed, and repeated whole where the database asks for it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def read(self, work: Callable[[Session], T]) -> T:
        """Run a reading unit."""
        with self.database.reading() as session:
            return work(session)

    def write(self, work: Callable[[Session], T]) -> T:
        """Run a writing unit and commit it."""
        return write_in_unit(self.database, work)


@click.command("markdown")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--owner", default="", metavar="MAIL", help="Who owns the playbooks; else the first manager or admin.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--force", is_flag=True, help="Overwrite what was edited in the portal since the last import.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def import_markdown(context: Context, folder: Path, owner: str, *, dry_run: bool, force: bool, as_json: bool) -> None:
    """Take every Markdown file below a folder as a published playbook."""
    files = list_folder(folder)
    if not files.texts:
        raise Refused(f"There is no Markdown file below {folder}.")
    actor = context.actor(owner) if owner else _first_curator(context)
    with click.progressbar(length=len(files.texts), label="Importing", file=sys.stderr) as bar:
        report: Report = take_folder(
            CommittedUnits(context.database),
            FileStore(context.settings.files_dir),
            actor,
            files,
            dry_run=dry_run,
            force=force,
            progress=lambda done, total: bar.update(done - bar.pos),
        )
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1) if as_json else "\n".join(report.lines()))
    if report.has_errors:
        raise SystemExit(1)


def _first_curator(context: Context) -> Actor:
    """The manager who is here longest, or an admin where there is none."""
    wanted = (
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.state == "active", PersonRole.role.in_(("manager", "admin")))
        .order_by(PersonRole.role.desc(), Person.id)
    )
    with context.database.reading() as session:
        person_id = session.scalars(wanted.limit(1)).first()
        actor = find_actor(session, person_id) if person_id else None
    if actor is None:
        raise Refused("There is nobody yet who could own the playbooks; add an admin with `portal user add`.")
    return actor
