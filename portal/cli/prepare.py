"""Gets a database ready before a command works on it: an SQLite file by itself, PostgreSQL never unasked."""

from dataclasses import replace

from sqlalchemy.engine import make_url

from portal.cli.context import Context, Refused, schema_problem
from portal.core import migrating
from portal.demo.loader import is_demo
from portal.settings import LOOPBACK, Settings


def upgrade_embedded(settings: Settings) -> None:
    """Make or upgrade the SQLite file; Refused where its folder cannot be written. PostgreSQL is left as it is."""
    if make_url(settings.database_url).get_backend_name() != "sqlite" or schema_problem(settings) is None:
        return
    try:
        migrating.upgrade(settings.database_url)
    except OSError as error:
        raise Refused(f"The folder {settings.data_dir} cannot be written ({error.strerror}).") from None


def recognise_demo(context: Context) -> Settings:
    """A database that holds the demo company is run as the demo; Refused beyond loopback: its passwords are public."""
    settings = context.settings
    with context.database.reading() as session:
        if not is_demo(session):
            return settings
    if not settings.is_loopback:
        raise Refused(f"PORTAL_HOST: the demo company listens on {LOOPBACK[0]} alone; its passwords are public.")
    return replace(settings, demo=True)
