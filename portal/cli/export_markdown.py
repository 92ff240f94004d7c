"""`portal export markdown FILE.zip`: everything as Markdown files with front matter, to keep and to read back."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from zipfile import ZipFile

import click

from portal import wiring
from portal.cli.context import Context, Refused
from portal.shared.exchange.exporting import Written, write_files, write_texts
from portal.shared.exchange.queries import Sight, everything, list_left_out, sight_of
from portal.shared.files.store import FileStore


@click.command("markdown")
@click.argument("file", metavar="FILE.zip", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "mail", default="", metavar="MAIL", help="Whose view; else all but what was taken from view.")
@click.pass_obj
def export_markdown(context: Context, file: Path, mail: str) -> None:
    """Write playbooks, paths, objections and questions with their answers, competitors, and all files, to a ZIP."""
    sight = sight_of(context.actor(mail)) if mail else everything()
    try:
        with NamedTemporaryFile(dir=file.absolute().parent, suffix=".part", delete=False) as target:
            try:
                written, left_out = _write(context, sight, target)
                Path(target.name).replace(file)
            except BaseException:
                Path(target.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from None
    counts = ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in written.counts.items())
    click.echo(f"Wrote {file}: {counts}, {len(written.files)} file{'' if len(written.files) == 1 else 's'}.")
    if left_out:
        click.echo(f"Left out: {', '.join(left_out)}.")
    for line in written.left_out:
        click.echo(f"Left out: {line}.")


def _write(context: Context, sight: Sight, target: IO[bytes]) -> tuple[Written, list[str]]:
    kinds = [source.kind for source in wiring.EXPORTED]
    with ZipFile(target, "w") as archive:
        with context.database.reading() as session:
            written = write_texts(session, sight, wiring.EXPORTED, archive)
            left_out = list_left_out(session, kinds, sum(written.counts.values()) + len(written.left_out))
        write_files(written, FileStore(context.settings.files_dir), archive)
    target.flush()
    os.fsync(target.fileno())
    return written, left_out
