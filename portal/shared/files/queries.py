"""Reads of files: a file is open to whoever uploaded it, and to whoever may read an item that shows it."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.files.models import ItemFile, StoredFile
from portal.shared.items.models import Item
from portal.shared.items.queries import visible_to

_ODD = re.compile(r"[^\w.-]+")


def find_file(session: Session, actor: Actor, file_id: int) -> StoredFile | None:
    """One file that this person may see; an item that was hidden or closed to them opens its files no more."""
    return next(iter(_list_visible(session, actor, [file_id])), None)


def list_visible_ids(session: Session, actor: Actor, file_ids: Iterable[int]) -> set[int]:
    """Those of these files that this person may see; one statement, none for no ids."""
    wanted = sorted(set(file_ids))
    return {file.id for file in _list_visible(session, actor, wanted)} if wanted else set()


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


def url_of(file: StoredFile) -> str:
    """The address of a file; the id decides, the name is for people."""
    name = _ODD.sub("-", file.name).strip("-.")
    return f"/files/{file.id}/{name}" if name else f"/files/{file.id}"


def _list_visible(session: Session, actor: Actor, file_ids: Sequence[int]) -> Sequence[StoredFile]:
    shown = (
        select(ItemFile.file_id)
        .join(Item, Item.id == ItemFile.item_id)
        .where(ItemFile.file_id == StoredFile.id, visible_to(actor))
        .exists()
    )
    return session.scalars(
        select(StoredFile).where(
            StoredFile.id.in_(file_ids), or_(StoredFile.uploader_id == actor.person_id, shown)
        )
    ).all()  # fmt: skip
