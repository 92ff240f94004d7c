"""Tables of bulk acts: many items changed in one go, each with what stood before, so that the act can be undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base
from portal.shared.people.models import Person

BULK_KINDS = ("handover", "playbooks")


class BulkAct(Base):
    """One act: who did what, in words, and when; `person_id` is whose things were handed over.

    `left_out` and `not_undone` hold [item id, why] for the items that were left as they stood.
    """

    __tablename__ = "bulk_act"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(map(repr, BULK_KINDS))})", name="kind"),
        Index("ix_bulk_act_at", "at"),
        Index("ix_bulk_act_actor_id", "actor_id"),
        Index("ix_bulk_act_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    said: Mapped[str] = mapped_column(String(500))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    left_out: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    not_undone: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)

    actor: Mapped[Person] = relationship(foreign_keys=[actor_id], lazy="raise")
    undone_by: Mapped[Person | None] = relationship(foreign_keys=[undone_by_id], lazy="raise")


class BulkChange(Base):
    """What an act changed of one item: the same fields before and after."""

    __tablename__ = "bulk_change"
    __table_args__ = (Index("ix_bulk_change_item_id", "item_id"),)

    act_id: Mapped[int] = mapped_column(ForeignKey("bulk_act.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
