"""Tables of searching: what was searched and opened, gaps, wishes, the company's word list, stars, saved searches."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base

ORIGINS = ("page", "suggest")
WORD_KINDS = ("same", "one_way")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class SearchMade(Base):
    """One search: its words, their normal form, how many hits, and what was opened from it.

    The keystrokes of one typing are one row, `at` being the last of them. `is_counted` says that it stands in the
    totals already; such a row names nobody any more.
    """

    __tablename__ = "search_made"
    __table_args__ = (
        CheckConstraint(_one_of("origin", ORIGINS), name="origin"),
        Index("ix_search_made_normal_at", "normal", "at"),
        Index("ix_search_made_person_id", "person_id"),
        Index("ix_search_made_is_counted_at", "is_counted", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(String(200))
    normal: Mapped[str] = mapped_column(String(200))
    found: Mapped[int]
    opened: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime]
    origin: Mapped[str] = mapped_column(String(8))
    is_counted: Mapped[bool] = mapped_column(Boolean, default=False)


class SearchTotal(Base):
    """All searches of one normal form, without anybody's name, and what became of the gap that they may show.

    The five counts hold searches that are older than names are kept. `settled` of the searchers came before
    `opened_at`, when something that this search found was last opened: they are helped.
    """

    __tablename__ = "search_total"
    __table_args__ = (UniqueConstraint("normal"), Index("ix_search_total_item_id", "item_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    normal: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(200))
    searches: Mapped[int] = mapped_column(default=0)
    searchers: Mapped[int] = mapped_column(default=0)
    without_result: Mapped[int] = mapped_column(default=0)
    unopened: Mapped[int] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=0)
    settled: Mapped[int] = mapped_column(default=0)
    last_found: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id", ondelete="SET NULL"))
    declined_at: Mapped[datetime | None]
    declined_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(200), default="")


class Wish(Base):
    """Somebody wants to be told when a search has an answer; told once."""

    __tablename__ = "wish"
    __table_args__ = (Index("ix_wish_normal", "normal"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    normal: Mapped[str] = mapped_column(String(200), primary_key=True)
    words: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class WordGroup(Base):
    """An entry of the company's word list: `theirs` are read as each other (same) or as `ours` (one_way)."""

    __tablename__ = "word_group"
    __table_args__ = (CheckConstraint(_one_of("kind", WORD_KINDS), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    theirs: Mapped[list[str]] = mapped_column(JSON)
    ours: Mapped[list[str]] = mapped_column(JSON)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]


class WordListEdition(Base):
    """The one row whose mark changes with every change of the word list, so that each process knows when to read."""

    __tablename__ = "word_list_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(64))


class Star(Base):
    """Somebody keeps an item at hand."""

    __tablename__ = "star"
    __table_args__ = (Index("ix_star_item_id", "item_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]


class View(Base):
    """When somebody last opened an item, or copied its words from a search; own data, shown to nobody else."""

    __tablename__ = "item_view"
    __table_args__ = (
        Index("ix_item_view_item_id_at", "item_id", "at"),
        Index("ix_item_view_person_id_at", "person_id", "at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]


class SavedSearch(Base):
    """A search that somebody gave a name; a name stands once a person."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime]
