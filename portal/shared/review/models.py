"""The table of what people did in the queue: it can be taken back for a while, and says when one began."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base

VERBS = ("verified", "fixed", "kept", "obsolete", "hidden", "removed", "delegated", "declined")
_UNTOLD = text("verb = 'delegated' AND told_at IS NULL AND undone_at IS NULL")


class ReviewAct(Base):
    """One act of one person in the queue, on an item or on a search in vain.

    `before` and `after` hold what it changed, so that it is taken back only while nothing came after it. `told_at` says
    that whoever something was delegated to was told by mail.
    """

    __tablename__ = "review_act"
    __table_args__ = (
        CheckConstraint(f"verb IN ({', '.join(repr(verb) for verb in VERBS)})", name="verb"),
        Index("ix_review_act_person_id_at", "person_id", "at"),
        Index("ix_review_act_item_id", "item_id"),
        Index("ix_review_act_gap_id", "gap_id"),
        Index("ix_review_act_untold", "at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    gap_id: Mapped[int | None] = mapped_column(ForeignKey("search_total.id", ondelete="CASCADE"))
    verb: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
