"""Doors for load balancers: no detail for strangers."""

from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.core.access import anyone
from portal.core.db import Database
from portal.core.revisions import newest
from portal.core.web import Door, Feature

feature = Feature("health")


@feature.get("/livez", allow=anyone)
def livez(door: Door) -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@feature.get("/readyz", allow=anyone)
def readyz(door: Door) -> ResponseReturnValue:
    """The database answers and has the newest schema."""
    try:
        with door.service(Database).reading() as session:
            ready = session.scalar(text("SELECT version_num FROM alembic_version")) == newest()
    except SQLAlchemyError:
        ready = False
    return {"status": "ok" if ready else "not ready"}, 200 if ready else 503
