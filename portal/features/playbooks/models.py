"""Tables of playbooks, their sections, their contributors, and the templates that new ones begin with."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base
from portal.shared.items.models import Item
from portal.shared.people.models import Person


class Playbook(Item):
    """A curated guide; an obsolete one forwards to its successor, or says why it has none."""

    __tablename__ = "playbook"
    __mapper_args__ = {"polymorphic_identity": "playbook"}  # noqa: RUF012 - the name and shape are SQLAlchemy's

    id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[str | None] = mapped_column(String(60))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("playbook.id", ondelete="SET NULL"))
    obsolete_reason: Mapped[str] = mapped_column(String(300), default="")


class PlaybookSection(Base):
    """A part under one heading; it keeps its id over edits, so that outcomes and lineage can stand on it.

    `start` and `end` are character offsets in the source; `text` is its plain words, for search. A section that was
    made of something and is taken out waits, with a negative `position`, for a text in which it stands again.
    """

    __tablename__ = "playbook_section"
    __table_args__ = (
        Index("ix_playbook_section_playbook_id", "playbook_id"),
        UniqueConstraint("playbook_id", "anchor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    playbook_id: Mapped[int] = mapped_column(ForeignKey("playbook.id", ondelete="CASCADE"))
    anchor: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(300))
    level: Mapped[int]
    position: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


class SectionSource(Base):
    """What a section was made of, such as an answer; it stays with the section wherever that is moved."""

    __tablename__ = "section_source"
    __table_args__ = (Index("ix_section_source_item_id", "item_id"),)

    section_id: Mapped[int] = mapped_column(ForeignKey("playbook_section.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)


class Contributor(Base):
    """Somebody whose words stand in a playbook, the author aside."""

    __tablename__ = "contributor"
    __table_args__ = (Index("ix_contributor_person_id", "person_id"),)

    playbook_id: Mapped[int] = mapped_column(ForeignKey("playbook.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class PlaybookTemplate(Base):
    """A beginning for new playbooks; what is written from it is a copy, so that changing or removing it harms nothing.

    `about` says when to take it; `version` rises with each change.
    """

    __tablename__ = "playbook_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80), unique=True)
    about: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)

    changed_by: Mapped[Person | None] = relationship(lazy="raise")
