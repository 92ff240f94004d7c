"""`portal export objections FILE.csv`: everything that one person may see, or an admin's view of all."""

from pathlib import Path

import click

from portal.cli.context import Context
from portal.features.objections.exporting import export_objections as export
from portal.shared.people.queries import find_actor, find_by_email


@click.command("objections")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "mail", required=True, help="Whose view: what this person may not see is not exported.")
@click.pass_obj
def export_objections(context: Context, file: Path, mail: str) -> None:
    """Write objections, questions and answers to a CSV file."""
    with context.database.reading() as session:
        person = find_by_email(session, mail)
        actor = find_actor(session, person.id) if person else None
        if actor is None:
            raise click.ClickException(f"Nobody active here has the mail address {mail}.")
        content = export(session, actor)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(f"Wrote {file}.")
