"""Statements that reach the database: counted for budgets, and refused where a GET would write."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask
from sqlalchemy import event

from portal.core.db import Database

COUNTED = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE|REPLACE|MERGE)\b", re.IGNORECASE)
WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE)\b", re.IGNORECASE)


@dataclass
class Counted:
    """The statements of one stretch of work, in their order."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)

    @property
    def writes(self) -> list[str]:
        """Those that write."""
        return [statement for statement in self.statements if WRITING.match(statement)]


@contextmanager
def count_statements(database: Database) -> Iterator[Counted]:
    """Count what reaches the database inside: SELECT, INSERT, UPDATE and DELETE; `len()` is their number.

    For a page give the application's own: `app.extensions["fieldhouse"][Database]`, fixture `app_database`.
    """
    counted = Counted()

    def note(connection: Any, cursor: Any, statement: str, *rest: object) -> None:
        if COUNTED.match(statement):
            counted.statements.append(" ".join(statement.split()))

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        for engine in database.engines:
            event.remove(engine, "before_cursor_execute", note)


def refuse_writes_in_get(database: Database) -> list[str]:
    """Refuse what a GET writes, beside the database's own refusal: for writing units opened inside a view.

    Returns the list of what was refused: the error itself may end as a page of the house.
    """
    refused: list[str] = []

    def look(connection: Any, cursor: Any, statement: str, *rest: object) -> None:
        if flask.has_request_context() and flask.request.method in ("GET", "HEAD") and WRITING.match(statement):
            refused.append(f"GET {flask.request.path} wrote: {statement}")
            raise AssertionError(refused[-1])

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", look)
    return refused
