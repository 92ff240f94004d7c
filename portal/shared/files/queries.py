"""Reads of files: one is open to whoever uploaded it, who may read an item that shows it, or works on one that will."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.files.extracting import VERSION
from portal.shared.files.kinds import INLINE, READABLE
from portal.shared.files.models import DraftFile, FileText, ItemFile, StoredFile
from portal.shared.items.models import Item
from portal.shared.items.queries import STANDS, VISIBLE, reachable_to, seen_by, stands_for, worked_on_by

_ODD = re.compile(r"[^\w.-]+")
_FILE_PATH = '"/files/'
Place = tuple[int, int]
"""An item's id and the id of a file that it shows."""

_NAMES = (
    select(ItemFile.item_id, ItemFile.file_id, StoredFile.name)
    .join(StoredFile, StoredFile.id == ItemFile.file_id)
    .join(Item, Item.id == ItemFile.item_id)
    .where(ItemFile.item_id.in_(bindparam("items", expanding=True)), VISIBLE, STANDS)
    .where(ItemFile.file_id.in_(bindparam("files", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an item offers for download; `note` says what of it search cannot find, or is empty."""

    item_id: int
    file: StoredFile
    note: str


@dataclass(frozen=True, slots=True)
class FileWords:
    """The words of a file that an item shows, parts of it apart by form feeds."""

    item_id: int
    file_id: int
    name: str
    text: str


def find_file(session: Session, actor: Actor, file_id: int) -> StoredFile | None:
    """One file that this person may see; an item that was hidden or closed to them opens its files no more."""
    return next(iter(_list_visible(session, actor, [file_id])), None)


def list_visible_ids(session: Session, actor: Actor, file_ids: Iterable[int]) -> set[int]:
    """Those of these files that this person may see; one statement, none for no ids."""
    wanted = sorted(set(file_ids))
    return {file.id for file in _list_visible(session, actor, wanted)} if wanted else set()


def list_visible(session: Session, actor: Actor, file_ids: Iterable[int]) -> Sequence[StoredFile]:
    """Those of these files that this person may see; one statement, none for no ids."""
    wanted = sorted(set(file_ids))
    return _list_visible(session, actor, wanted) if wanted else ()


def find_own_file(session: Session, uploader_id: int, sha256: str, name: str) -> StoredFile | None:
    """The same bytes under the same name, if this person put them here before."""
    return session.scalars(
        select(StoredFile)
        .where(StoredFile.uploader_id == uploader_id, StoredFile.sha256 == sha256, StoredFile.name == name)
        .order_by(StoredFile.id)
        .limit(1)
    ).first()


def count_bytes_of(session: Session, uploader_id: int) -> int:
    """How many bytes somebody has uploaded."""
    return session.scalar(select(func.sum(StoredFile.size)).where(StoredFile.uploader_id == uploader_id)) or 0


def list_attachments(session: Session, items: Iterable[Item]) -> dict[int, list[Attachment]]:
    """The files that these items offer for download, by name; what a page shows itself, pictures, is left out.

    The caller has asked `visible_to`. One statement, none where no text mentions a file.
    """
    wanted = sorted(item.id for item in items if _FILE_PATH in item.html)
    if not wanted:
        return {}
    rows = session.execute(
        select(ItemFile.item_id, StoredFile, FileText.note)
        .join(StoredFile, StoredFile.id == ItemFile.file_id)
        .outerjoin(FileText, FileText.file_id == StoredFile.id)
        .where(ItemFile.item_id.in_(wanted), StoredFile.mimetype.not_in(INLINE))
        .order_by(StoredFile.name, StoredFile.id)
    )
    found: dict[int, list[Attachment]] = {}
    for item_id, file, note in rows:
        found.setdefault(item_id, []).append(Attachment(item_id, file, note or ""))
    return found


def list_words(session: Session, item_ids: Iterable[int]) -> dict[int, list[FileWords]]:
    """The words of the files that items show, for their search documents, by item; one statement."""
    rows = session.execute(
        select(ItemFile.item_id, ItemFile.file_id, StoredFile.name, FileText.text)
        .join(StoredFile, StoredFile.id == ItemFile.file_id)
        .join(FileText, FileText.file_id == StoredFile.id)
        .where(ItemFile.item_id.in_(sorted(set(item_ids))), FileText.text != "")
        .order_by(ItemFile.item_id, ItemFile.file_id)
    )
    found: dict[int, list[FileWords]] = {}
    for row in rows:
        found.setdefault(row.item_id, []).append(FileWords(*row))
    return found


def list_names(session: Session, actor: Actor, places: Iterable[Place]) -> dict[Place, str]:
    """The names of those files that their items still show, of the items that this person may see.

    One statement, none for no places.
    """
    wanted = set(places)
    if not wanted:
        return {}
    items, files = sorted({item_id for item_id, _ in wanted}), sorted({file_id for _, file_id in wanted})
    rows = session.execute(_NAMES, {"items": items, "files": files, **seen_by(actor)})
    return {(row.item_id, row.file_id): row.name for row in rows if (row.item_id, row.file_id) in wanted}


def list_unread(session: Session) -> Sequence[int]:
    """The files that hold words which nobody has read yet, or an older version has, the newest first."""
    read = and_(FileText.file_id == StoredFile.id, FileText.version == VERSION)
    return session.scalars(
        select(StoredFile.id)
        .outerjoin(FileText, read)
        .where(StoredFile.mimetype.in_(READABLE), FileText.file_id.is_(None))
        .order_by(StoredFile.id.desc())
    ).all()


def url_of(file: StoredFile) -> str:
    """The address of a file; the id decides, the name is for people."""
    name = _ODD.sub("-", file.name).strip("-.")
    return f"/files/{file.id}/{name}" if name else f"/files/{file.id}"


def _list_visible(session: Session, actor: Actor, file_ids: Sequence[int]) -> Sequence[StoredFile]:
    shown = (
        select(ItemFile.file_id)
        .join(Item, Item.id == ItemFile.item_id)
        .where(ItemFile.file_id == StoredFile.id, reachable_to(actor), stands_for(actor))
        .exists()
    )
    worked_on = (
        select(DraftFile.file_id)
        .join(Item, Item.id == DraftFile.item_id)
        .where(DraftFile.file_id == StoredFile.id, worked_on_by(actor))
        .exists()
    )
    return session.scalars(
        select(StoredFile).where(
            StoredFile.id.in_(file_ids), or_(StoredFile.uploader_id == actor.person_id, shown, worked_on)
        )
    ).all()  # fmt: skip
