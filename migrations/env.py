"""How Alembic meets a database: one transaction, and on SQLite foreign keys off before BEGIN and checked before COMMIT.

Batch mode rebuilds a table; with foreign keys on, dropping the old one would delete every row that points at it.
"""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, text

from portal.core.db import Database, UtcDateTime
from portal.tables import metadata

UPGRADE_LOCK = 5_163_001


def render_item(kind: str, thing: Any, autogen_context: Any) -> str | Literal[False]:
    """Drafts name plain types, so that a revision never depends on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


def take_the_floor(connection: Connection) -> None:
    """On PostgreSQL let one upgrade run at a time, for as long as it takes; SQLite's BEGIN IMMEDIATE does so itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})


def refuse_orphans(connection: Connection) -> None:
    """Roll everything back if a row points at nothing: SQLite did not look while its foreign keys were off."""
    if connection.dialect.name == "sqlite":
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
        if orphans:
            raise RuntimeError(
                f"the migration would leave {len(orphans)} rows that point at nothing, first {orphans[0]}"
            )


def migrate(url: str) -> None:
    """Run what was asked for on the database at `url`."""
    database = Database(url, pool_size=1)
    try:
        with database.writers.connect() as connection:
            if database.is_sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_as_batch=True,
                transactional_ddl=True,
                render_item=render_item,
            )
            with context.begin_transaction():
                take_the_floor(connection)
                context.run_migrations()
                refuse_orphans(connection)
    finally:
        database.dispose()


migrate(context.config.attributes["url"])
