"""The table of competitors."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.shared.items.models import Item


class Competitor(Item):
    """A company that we meet; the item's title is its name and the item's slug is unique among competitors."""

    __tablename__ = "competitor"
    __mapper_args__ = {"polymorphic_identity": "competitor"}  # noqa: RUF012 - the name and shape are SQLAlchemy's

    id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
