"""Tables of paths: their steps, and who has done which of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.shared.items.models import Item


class Path(Item):
    """An ordered list of items with a text before it; all that it has stands in the parent row and in its steps."""

    __mapper_args__ = {"polymorphic_identity": "path"}  # noqa: RUF012 - the name and shape are SQLAlchemy's


class PathStep(Base):
    """An item in its place on a path, with a line that says why; it keeps its id while it is moved or reworded."""

    __tablename__ = "path_step"
    __table_args__ = (UniqueConstraint("path_id", "item_id"), Index("ix_path_step_item_id", "item_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    path_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    position: Mapped[int]
    why: Mapped[str] = mapped_column(String(300), default="")


class StepDone(Base):
    """Somebody has done a step; own data, shown to nobody else, counted nowhere and in no export."""

    __tablename__ = "step_done"
    __table_args__ = (Index("ix_step_done_step_id", "step_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("path_step.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
