"""`portal db upgrade|check`: the tables of the database."""

import click
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.cli.context import Context, Refused, plain, schema_problem
from portal.cli.prepare import upgrade
from portal.core import migrating
from portal.core.db import Database


@click.group()
def db() -> None:
    """Make, upgrade and check the tables."""


@db.command("upgrade")
@click.pass_obj
def upgrade_tables(context: Context) -> None:
    """Bring the tables to the newest shape; changes nothing where they have it."""
    try:
        before = migrating.current(context.settings.database_url)
    except SQLAlchemyError as error:
        raise Refused(f"The database does not answer: {plain(error)}") from None
    upgrade(context.settings)
    newest = migrating.head()
    if before == newest:
        click.echo(f"The database is at revision {newest}, the newest, already.")
    else:
        click.echo(f"The database is at revision {newest} now, it was {f'at {before}' if before else 'empty'}.")


@db.command()
@click.pass_obj
def check(context: Context) -> None:
    """Say whether the database answers, has the newest tables, and holds together."""
    if problem := schema_problem(context.settings) or damage(context.database):
        raise Refused(problem)
    click.echo(f"The database answers, is at revision {migrating.head()}, the newest, and holds together.")


def damage(database: Database) -> str | None:
    """What SQLite finds wrong in its own file, in words; PostgreSQL sees to that by itself."""
    if not database.is_sqlite:
        return None
    with database.reading() as session:
        said = session.scalars(text("PRAGMA quick_check(3)")).all()
        orphans = session.execute(text("PRAGMA foreign_key_check")).all()
    if said != ["ok"]:
        return "The database file is damaged: " + "; ".join(str(line) for line in said)
    return f"{len(orphans)} rows of the database point to rows that are gone." if orphans else None
