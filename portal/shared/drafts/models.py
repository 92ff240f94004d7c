"""Tables of what is being written: texts that were not saved yet, and who has the form of which item open."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class Draft(Base):
    """What somebody typed into a form and did not save; own eyes only.

    `token` belongs to one text: each form that is opened begins a new one, so that two machines or two windows on one
    form never write over each other. `key` names the form: `edit-12`, `answer-40`, `new-playbook`; there is no foreign
    key, since the words are their writer's even where the item is gone. A closed row is empty: its text was saved or
    thrown away, and what of it is still on the way here does not bring it back.
    """

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_person_id_key", "person_id", "key"), Index("ix_draft_updated_at", "updated_at"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    base_version: Mapped[int]
    updated_at: Mapped[datetime]
    is_closed: Mapped[bool] = mapped_column(default=False)
    fields: Mapped[dict[str, list[str]]] = mapped_column(JSON)


class Editing(Base):
    """Somebody has the form of an item open: since when, and when the browser said so last."""

    __tablename__ = "editing"
    __table_args__ = (Index("ix_editing_person_id", "person_id"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
