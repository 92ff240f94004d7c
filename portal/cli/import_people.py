"""`portal import people FILE.csv`: each row whole or not at all; a second run changes nothing."""

import json
from pathlib import Path

import click

from portal.cli.context import Context, Refused
from portal.cli.taking import take_rows
from portal.core import csvfiles
from portal.core.csvfiles import CsvRefused
from portal.core.reports import Report
from portal.shared.people.importing import OPTIONAL, REQUIRED, Importer, by_row, in_order


@click.command("people")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--create-places", is_flag=True, help="Make departments and teams that are not there yet.")
@click.option("--invite", is_flag=True, help="Mail an invitation to each new person.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def import_people(
    context: Context, file: Path, *, dry_run: bool, create_places: bool, invite: bool, as_json: bool
) -> None:
    """Take people from a CSV file: mail, name, role; if wanted title, department, team, manager (a mail address).

    An empty cell leaves what is there, a `-` clears it. Exit 1 where a row was refused.
    """
    try:
        rows, twice = in_order(csvfiles.read(file.read_bytes(), required=REQUIRED, optional=OPTIONAL))
    except CsvRefused as refused:
        raise Refused(refused.message) from None
    importer = Importer(create_places=create_places, base_url=context.settings.base_url if invite else "")
    taken = take_rows(context.database, rows, importer.take, dry_run=dry_run)
    report = Report(by_row([*taken, *twice]), dry_run)
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1) if as_json else "\n".join(report.lines()))
    if report.has_errors:
        raise SystemExit(1)
