"""Gets a database ready before a command works on it: an SQLite file by itself, PostgreSQL never unasked."""

from dataclasses import replace

from alembic.util import CommandError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from portal.cli.context import Context, Refused, plain, schema_problem
from portal.core import migrating
from portal.demo.recognising import is_demo
from portal.settings import LOOPBACK, Settings


def upgrade(settings: Settings) -> None:
    """Bring the tables to the newest shape; Refused, in words, where that cannot be done."""
    try:
        migrating.upgrade(settings.database_url)
    except CommandError:
        raise Refused("The database was made by a newer portal; this one does not know its tables.") from None
    except SQLAlchemyError as error:
        raise Refused(f"The database cannot be upgraded: {plain(error)}") from None
    except OSError as error:
        raise Refused(f"The folder {settings.data_dir} cannot be written ({error.strerror}).") from None


def upgrade_embedded(settings: Settings) -> None:
    """Make or upgrade the SQLite file; PostgreSQL is left as it is."""
    is_sqlite = make_url(settings.database_url).get_backend_name() == "sqlite"
    if is_sqlite and schema_problem(settings) is not None:
        upgrade(settings)


def recognise_demo(context: Context) -> Settings:
    """A database that holds the demo company is run as the demo; Refused beyond loopback: its passwords are public."""
    settings = context.settings
    with context.database.reading() as session:
        if not is_demo(session):
            return settings
    if not settings.is_loopback:
        raise Refused(f"PORTAL_HOST: the demo company listens on {LOOPBACK[0]} alone; its passwords are public.")
    return replace(settings, demo=True)
