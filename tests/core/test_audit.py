"""The audit log: one line an act, and no way back."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.core import audit
from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.shared.people.models import Person


@pytest.fixture
def entry_id(database: Database, person: Person) -> int:
    """One act that was noted."""
    with database.writing() as session:
        audit.record(session, person.id, "role changed", "dana@example.com", {"role": "manager"})
        session.commit()
    with database.reading() as session:
        return session.scalars(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)).one()


def test_an_act_is_noted_with_who_did_what_and_when(database: Database, person: Person, entry_id: int) -> None:
    with database.reading() as session:
        entry = session.get_one(AuditEntry, entry_id)
    assert (entry.actor_id, entry.act, entry.subject) == (person.id, "role changed", "dana@example.com")
    assert entry.detail == {"role": "manager"}
    assert entry.at.tzinfo is not None


def test_the_command_line_is_nobody_and_a_long_subject_is_cut(database: Database) -> None:
    with database.writing() as session:
        audit.record(session, None, "import", "x" * 500)
        session.commit()
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "import")).one()
    assert (entry.actor_id, len(entry.subject), entry.detail) == (None, 200, {})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET act = 'nothing' WHERE id = :id",
        "UPDATE audit_entry SET actor_id = NULL WHERE id = :id",
        "DELETE FROM audit_entry WHERE id = :id",
    ],
)
def test_what_was_noted_can_be_neither_changed_nor_deleted(database: Database, entry_id: int, statement: str) -> None:
    with database.writing() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement), {"id": entry_id})
    with database.reading() as session:
        assert session.get_one(AuditEntry, entry_id).act == "role changed"


def test_the_log_cannot_be_emptied(database: Database, entry_id: int) -> None:
    statement = "DELETE FROM audit_entry" if database.is_sqlite else "TRUNCATE audit_entry"
    with database.writing() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
    with database.reading() as session:
        assert session.get(AuditEntry, entry_id) is not None


def test_a_row_of_the_log_cannot_be_replaced(database: Database, entry_id: int) -> None:
    columns = "(id, at, act, subject, detail) VALUES (:id, '2026-01-01', 'nothing', '', '{}')"
    statement = f"INSERT INTO audit_entry {columns} ON CONFLICT (id) DO UPDATE SET act = 'nothing'"
    if database.is_sqlite:
        statement = f"INSERT OR REPLACE INTO audit_entry {columns}"
    with database.writing() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement), {"id": entry_id})


def test_a_person_of_the_log_cannot_be_deleted(database: Database, person: Person, entry_id: int) -> None:
    with database.writing() as session, pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        session.execute(text("DELETE FROM person WHERE id = :id"), {"id": person.id})
