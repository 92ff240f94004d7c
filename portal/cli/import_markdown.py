"""`portal import markdown FILE.zip|DIR`: an export is read back; of other files each becomes a playbook."""

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import wiring
from portal.cli.context import Context, Refused
from portal.core.access import Actor
from portal.core.db import Database
from portal.core.reports import Report
from portal.core.units import write_in_unit
from portal.features.playbooks.importing import import_markdown as take_folder
from portal.shared.exchange.folder import Folder, list_folder
from portal.shared.exchange.forms import is_export
from portal.shared.exchange.importing import import_export
from portal.shared.exchange.packing import PackageRefused, unpack
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

    def attempt(self, work: Callable[[Session], T]) -> T:
        """Run a writing unit and throw away what it wrote."""
        with self.database.writing() as session:
            return work(session)


@click.command("markdown")
@click.argument("source", metavar="FILE.zip|DIR", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--owner", default="", metavar="MAIL", help="Who owns what names nobody; else the first manager or admin."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--force", is_flag=True, help="Overwrite what was edited in the portal since the last import or export.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def import_markdown(context: Context, source: Path, owner: str, *, dry_run: bool, force: bool, as_json: bool) -> None:
    """Read an export back, or take every other Markdown file below a folder as a published playbook."""
    with ExitStack() as unpacked:
        files = list_folder(source if source.is_dir() else _unpack(source, unpacked))
        if not files.texts:
            raise Refused(f"There is no Markdown file {'below' if source.is_dir() else 'in'} {source}.")
        report = _take(context, files, owner, dry_run=dry_run, force=force)
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1) if as_json else "\n".join(report.lines()))
    if report.has_errors:
        raise SystemExit(1)


def _take(context: Context, files: Folder, owner: str, *, dry_run: bool, force: bool) -> Report:
    actor = context.actor(owner) if owner else _first_curator(context)
    units, store = CommittedUnits(context.database), FileStore(context.settings.files_dir)
    with click.progressbar(length=len(files.texts), label="Importing", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.update(done - bar.pos)

        if is_export(files):
            return import_export(
                units, store, actor, files, wiring.IMPORTED, dry_run=dry_run, force=force, progress=progress
            )
        return take_folder(units, store, actor, files, dry_run=dry_run, force=force, progress=progress)


def _unpack(package: Path, unpacked: ExitStack) -> Path:
    """The folder in which a ZIP was unpacked; it is deleted at the end."""
    place = Path(unpacked.enter_context(TemporaryDirectory(prefix="fieldhouse-")))
    try:
        unpack(package, place)
    except PackageRefused as refused:
        raise Refused(f"Nothing was read. {refused}") from None
    return place


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
