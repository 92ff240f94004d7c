"""Tables of what is asked (a buyer's objection, or a question of our own) and of its answers."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.shared.items.models import Item

ASKED_KINDS = ("objection", "question")


class Asked(Item):
    """What somebody asked. The title is the buyer's words (objection) or the question.

    `best_answer_id` is derived: the asker's choice, else the most useful visible answer, else the oldest.
    """

    __tablename__ = "asked"
    __table_args__ = (
        Index("ix_asked_category", "category"),
        Index("ix_asked_competitor_id", "competitor_id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    variants: Mapped[list[str]] = mapped_column(JSON, default=list)
    category: Mapped[str | None] = mapped_column(String(60))
    stage: Mapped[str | None] = mapped_column(String(60))
    competitor_id: Mapped[int | None] = mapped_column(ForeignKey("item.id", ondelete="SET NULL"))
    chosen_answer_id: Mapped[int | None] = mapped_column(ForeignKey("answer.id", ondelete="SET NULL", use_alter=True))
    best_answer_id: Mapped[int | None] = mapped_column(ForeignKey("answer.id", ondelete="SET NULL", use_alter=True))
    answer_count: Mapped[int] = mapped_column(default=0)

    competitor: Mapped[Item | None] = relationship(foreign_keys=[competitor_id], lazy="raise")

    __mapper_args__ = {"polymorphic_abstract": True, "inherit_condition": id == Item.id}  # noqa: A003, RUF012


class Objection(Asked):
    """What a buyer says, in the buyer's words."""

    __mapper_args__ = {"polymorphic_identity": "objection"}  # noqa: RUF012


class Question(Asked):
    """What one of us needs to know."""

    __mapper_args__ = {"polymorphic_identity": "question"}  # noqa: RUF012


class Answer(Item):
    """One peer's answer; `proof` is a list of {claim, source}, `internal` a list of lines never shown to customers."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_asked_id", "asked_id"),)
    __mapper_args__ = {"polymorphic_identity": "answer"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    asked_id: Mapped[int] = mapped_column(ForeignKey("asked.id", ondelete="CASCADE"))
    say: Mapped[str] = mapped_column(String(400))
    why: Mapped[str] = mapped_column(Text, default="")
    ask_back: Mapped[str] = mapped_column(String(400), default="")
    proof: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    push: Mapped[str] = mapped_column(Text, default="")
    avoid: Mapped[str] = mapped_column(Text, default="")
    stay_true: Mapped[str] = mapped_column(Text, default="")
    internal: Mapped[list[str]] = mapped_column(JSON, default=list)
