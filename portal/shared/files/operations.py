"""Writes of files: keeping an upload, and saying which items show which files."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import Database
from portal.core.errors import Invalid
from portal.shared.files.models import ItemFile, StoredFile
from portal.shared.files.policy import MOST_OF_ONE_PERSON, may_keep
from portal.shared.files.queries import count_bytes_of, find_own_file, list_visible_ids
from portal.shared.files.sniffing import Checked
from portal.shared.files.store import FileStore
from portal.shared.people.models import Person

ORPHAN_SECONDS = 48 * 3600.0


def upload_file(session: Session, actor: Actor, checked: Checked, sha256: str) -> StoredFile:
    """Add the row of a file whose bytes are in the store, within 500 MB for each person."""
    session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update())
    if not may_keep(count_bytes_of(session, actor.person_id), len(checked.data)):
        most = MOST_OF_ONE_PERSON // (1024 * 1024)
        raise Invalid({"file": f"“{checked.name}” does not fit: your uploads may have {most} MB in all."})
    return add_file(session, actor, checked, sha256)


def add_file(session: Session, actor: Actor, checked: Checked, sha256: str) -> StoredFile:
    """Add the row of a file whose bytes are in the store; the same file from the same person is one row."""
    known = find_own_file(session, actor.person_id, sha256, checked.name)
    if known is not None:
        return known
    file = StoredFile(
        sha256=sha256,
        name=checked.name,
        mimetype=checked.mimetype,
        size=len(checked.data),
        width=checked.width,
        height=checked.height,
        uploader_id=actor.person_id,
        at=clock.now(),
    )
    session.add(file)
    session.flush()
    return file


def set_files(session: Session, actor: Actor, item_id: int, file_ids: Iterable[int]) -> None:
    """Say which files an item shows; whoever may read the item may then see them.

    Only files that the writer may see are taken, so that naming a foreign file's number opens nothing.
    """
    wanted = list_visible_ids(session, actor, file_ids)
    shown = set(session.scalars(select(ItemFile.file_id).where(ItemFile.item_id == item_id)))
    if gone := sorted(shown - wanted):
        session.execute(delete(ItemFile).where(ItemFile.item_id == item_id, ItemFile.file_id.in_(gone)))
    session.add_all(ItemFile(item_id=item_id, file_id=file_id) for file_id in sorted(wanted - shown))
    session.flush()


def sweep_store(database: Database, store: FileStore) -> int:
    """Delete bytes that no row names, from uploads that broke off, once they are 48 hours old; returns how many."""
    with database.reading() as session:
        named = set(session.scalars(select(StoredFile.sha256)))
    return store.sweep(named, older_than=ORPHAN_SECONDS)
