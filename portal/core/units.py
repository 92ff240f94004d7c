"""The writing unit: run, committed, and repeated whole where the database asks for it."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from portal.core.db import Database

T = TypeVar("T")


def write_in_unit(database: Database, work: Callable[[Session], T]) -> T:
    """Run `work` in a writing unit of its own and commit it; what it returns is what the unit that held returned.

    `work` does database work only: it is run again where the database was busy, as `Database.repeat` says.
    """

    def unit() -> T:
        with database.writing() as session:
            result = work(session)
            session.commit()
            return result

    return database.repeat(unit)
