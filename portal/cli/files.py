"""`portal files extract`: the words of uploaded files, read for search where that has not been done."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cli.context import Context
from portal.core.jobs import enqueue
from portal.core.units import write_in_unit
from portal.shared.files.kinds import READABLE
from portal.shared.files.models import FileText, StoredFile
from portal.shared.files.operations import JOB, ask_for_texts


@click.group()
def files() -> None:
    """Look after uploaded files."""


@files.command()
@click.option("--again", is_flag=True, help="Read all files, also those whose words are known.")
@click.pass_obj
def extract(context: Context, *, again: bool) -> None:
    """Read what waits for it, put it into the search index, and name what could not be read."""
    asked = write_in_unit(context.database, _ask_for_all if again else ask_for_texts)
    context.worker.drain()
    with context.database.reading() as session:
        noted = session.execute(
            select(StoredFile.id, StoredFile.name, FileText.note)
            .join(FileText, FileText.file_id == StoredFile.id)
            .where(FileText.note != "")
            .order_by(StoredFile.id)
        ).all()
    click.echo(f"Read {asked} file{'' if asked == 1 else 's'}.")
    for row in noted:
        click.echo(f"  {row.name} (/files/{row.id}): {row.note}")


def _ask_for_all(session: Session) -> int:
    wanted = session.scalars(select(StoredFile.id).where(StoredFile.mimetype.in_(READABLE))).all()
    for file_id in wanted:
        enqueue(session, JOB, file_id)
    return len(wanted)
