"""`portal import objections FILE.csv`: each row whole or not at all; a second run changes nothing."""

import json
from pathlib import Path

import click

from portal.cli.context import Context
from portal.cli.taking import take_rows
from portal.core import csvfiles
from portal.core.csvfiles import CsvRefused
from portal.core.reports import Report
from portal.features.objections.importing import OPTIONAL, REQUIRED, Importer


@click.command("objections")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--author", default="", help="Mail address for rows that name nobody.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def import_objections(context: Context, file: Path, author: str, dry_run: bool, as_json: bool) -> None:
    """Take objections, questions and answers from a CSV file."""
    try:
        rows = csvfiles.read(file.read_bytes(), required=REQUIRED, optional=OPTIONAL)
    except CsvRefused as refused:
        raise click.ClickException(refused.message) from None
    taken = take_rows(context.database, rows, Importer(author).take, dry_run=dry_run)
    report = Report(tuple(taken), dry_run)
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1) if as_json else "\n".join(report.lines()))
    if report.has_errors:
        raise SystemExit(1)
