"""Tables of tags and of the editable vocabularies."""

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base

VOCABULARIES = ("stage", "category", "tag_kind")


class Term(Base):
    """One word of a vocabulary; a retired one stays readable and is offered no more."""

    __tablename__ = "term"
    __table_args__ = (
        CheckConstraint("vocabulary IN ('stage', 'category', 'tag_kind')", name="vocabulary"),
        UniqueConstraint("vocabulary", "slug"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vocabulary: Mapped[str] = mapped_column(String(10))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    is_retired: Mapped[bool] = mapped_column(Boolean, default=False)


class Tag(Base):
    """A free word with a kind (the slug of a `tag_kind` term)."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(60))


class ItemTag(Base):
    """A tag on an item."""

    __tablename__ = "item_tag"
    __table_args__ = (Index("ix_item_tag_tag_id", "tag_id"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True)
