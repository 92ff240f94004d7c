"""Tables of uploads and of the items that show them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class StoredFile(Base):
    """One upload: its bytes lie in the files folder under their SHA-256; `mimetype` is sniffed, never claimed."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_sha256", "sha256"), Index("ix_stored_file_uploader_id", "uploader_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    mimetype: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    uploader_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    at: Mapped[datetime]


class ItemFile(Base):
    """An item whose text shows or links a file; rewritten with each edit."""

    __tablename__ = "item_file"
    __table_args__ = (Index("ix_item_file_file_id", "file_id"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", ondelete="CASCADE"), primary_key=True)


class FileText(Base):
    """The words of a file as search finds them, parts of it (pages, slides) apart by form feeds; a copy that is made
    again when `version` is older than what reads files now. `note` says what could not be read, or is empty."""

    __tablename__ = "file_text"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(200))
    version: Mapped[int]
    at: Mapped[datetime]


class DraftFile(Base):
    """A file in the next text of a published item: open to those who work on it, until the text is published."""

    __tablename__ = "draft_file"
    __table_args__ = (Index("ix_draft_file_file_id", "file_id"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", ondelete="CASCADE"), primary_key=True)
