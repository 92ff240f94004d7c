"""The table of votes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class Vote(Base):
    """One person found one item useful; `team_id` is the voter's team at that time."""

    __tablename__ = "vote"
    __table_args__ = (Index("ix_vote_item_id", "item_id"), Index("ix_vote_person_id_at", "person_id", "at"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"))
