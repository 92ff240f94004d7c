"""The parent table of every kind of thing, its audience, its revisions, and the links between items."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base
from portal.shared.people.models import Person, Team

KINDS = (
    "playbook",
    "objection",
    "question",
    "answer",
    "trend",
    "report",
    "contact",
    "story",
    "competitor",
    "headsup",
    "fact",
    "path",
)
VERIFY_DAYS, LEAST_VERIFY_DAYS, MOST_VERIFY_DAYS = 90, 7, 730
"""Days from one verification to the next: what an item starts with, and what may be chosen."""
DUE_DAYS = 14
"""How many days before the last day of a verification the next one is due."""
STATUSES = ("draft", "in_review", "published", "obsolete", "archived", "suggested", "withdrawn")
REVISION_STATES = ("published", "draft", "in_review", "rejected")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Item(Base):
    """The parent row: what all kinds have, so that votes, tags, revisions and search have one foreign key.

    `html` is made once on write, with the renderer's version; `votes` is recomputed from the rows of `vote`.
    Long texts come late: SQLite reads a row from its start, and a list needs neither them nor what follows.
    `verify_by` is `verified_on` and `verify_days` together, the last day on which somebody's word for the item holds.
    `version` rises with each edit. `published_revision_id` is what readers see while the next one is written.
    """

    __tablename__ = "item"
    __table_args__: tuple[Any, ...] = (
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        CheckConstraint(f"verify_days BETWEEN {LEAST_VERIFY_DAYS} AND {MOST_VERIFY_DAYS}", name="verify_days"),
        Index("ix_item_kind_status_created_at", "kind", "status", "created_at"),
        Index("ix_item_author_id", "author_id"),
        Index("ix_item_verify_by", "verify_by"),
        Index("ix_item_owner_id", "owner_id"),
        Index("ix_item_verifier_id", "verifier_id"),
        UniqueConstraint("kind", "source_ref"),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012 - the name and shape are SQLAlchemy's

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    title: Mapped[str] = mapped_column(String(300))
    slug: Mapped[str] = mapped_column(String(80))
    summary: Mapped[str] = mapped_column(String(500), default="")
    renderer_version: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(12))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    verifier_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    verifier_team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"))
    verified_on: Mapped[date | None] = mapped_column(Date)
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    verify_by: Mapped[date | None] = mapped_column(Date)
    votes: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    published_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id", ondelete="SET NULL", use_alter=True)
    )
    source_ref: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    verify_days: Mapped[int] = mapped_column(default=VERIFY_DAYS)

    author: Mapped[Person] = relationship(foreign_keys=[author_id], lazy="raise")
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id], lazy="raise")
    verified_by: Mapped[Person | None] = relationship(foreign_keys=[verified_by_id], lazy="raise")
    verifier_team: Mapped[Team | None] = relationship(foreign_keys=[verifier_team_id], lazy="raise")

    def mark_on(self, day: date) -> str:
        """`verified`, `due` within DUE_DAYS of the last day, `stale` after it; empty where nobody has verified it."""
        if self.verified_on is None or self.verify_by is None:
            return ""
        if self.verify_by < day:
            return "stale"
        return "due" if self.verify_by - day <= timedelta(days=DUE_DAYS) else "verified"


class ItemAudience(Base):
    """Who may read an item: `all`, `dep:3`, `team:2`, `person:17`; an answer takes its objection's."""

    __tablename__ = "item_audience"
    __table_args__ = (Index("ix_item_audience_audience", "audience"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(30), primary_key=True)


class Revision(Base):
    """An append-only snapshot of an item's words: `content` holds every field that a person can edit.

    The newest one may wait to be published: as a draft, or in review. A rejected one was dropped; readers see neither.
    A minor one changes nothing of what the item says, so nobody is told.
    """

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("item_id", "version"),
        CheckConstraint(_one_of("state", REVISION_STATES), name="state"),
        Index("ix_revision_author_id", "author_id"),
        Index("ix_revision_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    version: Mapped[int]
    base_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300), default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_minor: Mapped[bool] = mapped_column(default=False)

    author: Mapped[Person] = relationship(foreign_keys=[author_id], lazy="raise")


class ItemMove(Base):
    """One step in the life of an item: who moved it, when, and the note or the reason that was given.

    `revision_id` is the text that was decided on; `told_at` says that its author was told of the decision.
    """

    __tablename__ = "item_move"
    __table_args__ = (
        Index("ix_item_move_item_id", "item_id"),
        Index("ix_item_move_revision_id", "revision_id"),
        Index("ix_item_move_actor_id", "actor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    verb: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    actor: Mapped[Person] = relationship(foreign_keys=[actor_id], lazy="raise")


class BinEntry(Base):
    """A hidden item that will be deleted: what managers hide for other reasons is in no bin, and stays."""

    __tablename__ = "bin_entry"
    __table_args__ = (Index("ix_bin_entry_at", "at"), Index("ix_bin_entry_by_id", "by_id"))

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    at: Mapped[datetime]

    by: Mapped[Person] = relationship(foreign_keys=[by_id], lazy="raise")


class ItemLink(Base):
    """`source` names `target` in its text; rewritten with each edit."""

    __tablename__ = "item_link"
    __table_args__ = (Index("ix_item_link_target_id", "target_id"),)

    source_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
