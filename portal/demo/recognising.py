"""By what a database is known to hold the demo company, whose passwords are public."""

from dataclasses import replace

from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.settings import Settings

ACT = "demo company built"
"""The entry of the audit log that stands first in such a database, and is never taken out."""


def is_demo(session: Session) -> bool:
    """Whether the database holds the demo company."""
    return bool(session.scalar(select(exists().where(AuditEntry.act == ACT))))


def recognise(settings: Settings) -> Settings:
    """The settings, with the demo switched on where the database holds it; as they are while it cannot be read."""
    if settings.demo:
        return settings
    database = Database(settings.database_url)
    try:
        with database.reading() as session:
            return replace(settings, demo=is_demo(session))
    except SQLAlchemyError:
        return settings
    finally:
        database.dispose()
