"""The table of flags: what readers reported about items, and what was decided."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base
from portal.shared.items.models import Item
from portal.shared.people.models import Person

REASONS = ("outdated", "wrong", "sensitive", "duplicate")
URGENT = ("wrong", "sensitive")
"""What stands first in every queue."""
DECISION_NAMES = ("fixed", "kept", "obsolete", "hidden", "removed")
SENTENCE = 300
_OPEN = text("decided_at IS NULL")
_UNTOLD = text("decided_at IS NOT NULL AND told_at IS NULL")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Flag(Base):
    """One person's report that an item is not right, open until it is decided; taking it back deletes it.

    One open flag a person, item and reason. `told_at` says that the reporter was told of the decision by mail.
    """

    __tablename__ = "flag"
    __table_args__ = (
        CheckConstraint(_one_of("reason", REASONS), name="reason"),
        CheckConstraint(_one_of("decision", DECISION_NAMES), name="decision"),
        Index(
            "uq_flag_open", "item_id", "reporter_id", "reason", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index("ix_flag_item_id", "item_id"),
        Index("ix_flag_reporter_id_at", "reporter_id", "at"),
        Index("ix_flag_untold", "decided_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(12))
    sentence: Mapped[str] = mapped_column(String(SENTENCE), default="")
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("item.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decision: Mapped[str | None] = mapped_column(String(12))
    answer: Mapped[str] = mapped_column(String(SENTENCE), default="")
    told_at: Mapped[datetime | None]

    item: Mapped[Item] = relationship(foreign_keys=[item_id], lazy="raise")
    reporter: Mapped[Person] = relationship(foreign_keys=[reporter_id], lazy="raise")
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id], lazy="raise")
