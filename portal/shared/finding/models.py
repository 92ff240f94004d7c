"""The table of searches made: own history, and gaps in the aggregate."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class SearchMade(Base):
    """One search: its words, their normal form, how many hits, and what was opened from it."""

    __tablename__ = "search_made"
    __table_args__ = (Index("ix_search_made_normal_at", "normal", "at"), Index("ix_search_made_person_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(String(200))
    normal: Mapped[str] = mapped_column(String(200))
    found: Mapped[int]
    opened: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime]
