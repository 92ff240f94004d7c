"""Rows of a file into the database: one transaction a row; a dry run writes all of them and throws it away."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from portal.core.csvfiles import CsvRow
from portal.core.db import Database
from portal.core.reports import Entry

Take = Callable[[Session, CsvRow], list[Entry]]


def take_rows(database: Database, rows: Iterable[CsvRow], take: Take, *, dry_run: bool) -> list[Entry]:
    """What `take` said of each row; a row with an error is rolled back, the others stand."""
    return _try_rows(database, rows, take) if dry_run else _take_each(database, rows, take)


def _take_each(database: Database, rows: Iterable[CsvRow], take: Take) -> list[Entry]:
    entries: list[Entry] = []
    for row in rows:

        def unit(row: CsvRow = row) -> list[Entry]:
            with database.writing() as session:
                taken = take(session, row)
                if not _refused(taken):
                    session.commit()
            return taken

        entries += database.repeat(unit)
    return entries


def _try_rows(database: Database, rows: Iterable[CsvRow], take: Take) -> list[Entry]:
    """One transaction for all, since later rows build on earlier ones, and each row in a savepoint."""
    entries: list[Entry] = []
    with database.writing() as session:
        for row in rows:
            savepoint = session.begin_nested()
            taken = take(session, row)
            if _refused(taken):
                savepoint.rollback()
            else:
                savepoint.commit()
            entries += taken
    return entries


def _refused(taken: Iterable[Entry]) -> bool:
    return any(one.outcome == "error" for one in taken)
