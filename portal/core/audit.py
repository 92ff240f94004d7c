"""The audit log: every act on people, roles and settings, append-only by triggers of the database."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import DDL, JSON, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.schema import ExecutableDDLElement

from portal.core import clock
from portal.core.db import Base

PLAYED = "played"


class AuditEntry(Base):
    """One act: who did what to whom or what, and when."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, str]] = mapped_column(JSON)


APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
        "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry"
        " FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()",
        "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()",
    ),
}

for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        _trigger: ExecutableDDLElement = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(AuditEntry.__table__, "after_create", _trigger.execute_if(dialect=_dialect))


def record(
    session: Session, actor_id: int | None, act: str, subject: str, detail: Mapping[str, str] | None = None
) -> None:
    """Append one act; `actor_id` None means the command line. No secret and no password goes into `detail`.

    What is played for the demo is the command line's act, whoever the story names: a story may be played anew.
    """
    if session.info.get(PLAYED):
        actor_id = None
    session.add(
        AuditEntry(at=clock.now(), actor_id=actor_id, act=act, subject=subject[:200], detail=dict(detail or {}))
    )
