"""Migrations: which revision a database bears, and how it gets to the newest one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal.core import revisions
from portal.core.db import Database

FOLDER = revisions.FOLDER


def upgrade(url: str) -> None:
    """Bring the database to the newest revision in one transaction; makes the folder of an SQLite file.

    Two processes may ask at once: the second waits and finds the work done.
    """
    database = Database(url, pool_size=1)
    if path := _sqlite_path(database):
        path.parent.mkdir(parents=True, exist_ok=True)
    database.dispose()
    command.upgrade(_config(url), "head")


def current(url: str) -> str | None:
    """The revision that the database bears, or None where no migration has run; makes no file."""
    database = Database(url, pool_size=1)
    try:
        path = _sqlite_path(database)
        if path is not None and not path.exists():
            return None
        with database.readers.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        database.dispose()


def head() -> str:
    """The newest revision of this code; two of them are a mistake and raise."""
    found = ScriptDirectory.from_config(_config("")).get_current_head()
    if found is None:
        raise LookupError(f"there is no migration in {FOLDER}")
    return found


def is_current(url: str) -> bool:
    """Whether the database bears the newest revision."""
    return current(url) == head()


def draft(url: str, why: str) -> None:
    """Write the next revision from what the models have and a fully migrated database has not; for developers."""
    command.revision(_config(url), why, autogenerate=True, rev_id=f"{_count() + 1:04}")


def _count() -> int:
    return len(list((FOLDER / "versions").glob("[0-9]*.py")))


def _config(url: str) -> Config:
    """Alembic's settings, made here: `migrations/env.py` finds the database under `attributes`."""
    config = Config(attributes={"url": url})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("truncate_slug_length", "60")
    return config


def _sqlite_path(database: Database) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL."""
    return Path(database.url.database) if database.is_sqlite and database.url.database else None
