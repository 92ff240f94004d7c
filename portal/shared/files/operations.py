"""Writes of files: keeping an upload and its words, and saying which items show which files."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import events
from portal.core import clock
from portal.core.access import Actor
from portal.core.bus import publish
from portal.core.db import Database, upsert
from portal.core.errors import Invalid
from portal.core.jobs import enqueue
from portal.core.units import write_in_unit
from portal.shared.files.extracting import LIMITS, MISSING, VERSION, Extracted, Limits, extract
from portal.shared.files.kinds import READABLE
from portal.shared.files.models import DraftFile, FileText, ItemFile, StoredFile
from portal.shared.files.policy import MOST_OF_ONE_PERSON, may_keep
from portal.shared.files.queries import count_bytes_of, find_own_file, list_unread, list_visible_ids
from portal.shared.files.sniffing import Checked
from portal.shared.files.store import FileStore
from portal.shared.items.models import Item
from portal.shared.people.models import Person

ORPHAN_SECONDS = 48 * 3600.0
JOB = "extract"
"""The kind of job that reads the words of the file whose id is its key."""


def upload_file(session: Session, actor: Actor, checked: Checked, sha256: str) -> StoredFile:
    """Add the row of a file whose bytes are in the store, within 500 MB for each person.

    Uploads of one person wait for each other, and what else this person writes, whose rows point here, does not.
    """
    session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update(key_share=True))
    if not may_keep(count_bytes_of(session, actor.person_id), len(checked.data)):
        most = MOST_OF_ONE_PERSON // (1024 * 1024)
        raise Invalid({"file": f"“{checked.name}” does not fit: your uploads may have {most} MB in all."})
    return add_file(session, actor, checked, sha256)


def add_file(session: Session, actor: Actor, checked: Checked, sha256: str, number: int | None = None) -> StoredFile:
    """Add the row of a file whose bytes are in the store; the same file from the same person is one row.

    The worker then reads its words. `number` is the id that a new row gets, which the caller knows to be free.
    """
    known = find_own_file(session, actor.person_id, sha256, checked.name)
    if known is not None:
        return known
    file = StoredFile(
        id=number,
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
    if file.mimetype in READABLE:
        enqueue(session, JOB, file.id)
    return file


def set_files(session: Session, actor: Actor, item_id: int, file_ids: Iterable[int]) -> None:
    """Say which files an item shows; whoever may read the item may then see them.

    Only files that the writer may see are taken, so that naming a foreign file's number opens nothing.
    """
    _set(session, ItemFile, item_id, list_visible_ids(session, actor, file_ids))


def add_shown_files(session: Session, item_id: int, file_ids: Iterable[int]) -> None:
    """Add files that an item shows; the caller vouches for it that its readers may see them."""
    shown = set(session.scalars(select(ItemFile.file_id).where(ItemFile.item_id == item_id)))
    session.add_all(ItemFile(item_id=item_id, file_id=file_id) for file_id in sorted(set(file_ids) - shown))
    session.flush()


def set_draft_files(session: Session, actor: Actor, item_id: int, file_ids: Iterable[int]) -> None:
    """Say which files the next text of an item will show; only those who work on the item may see them for that."""
    _set(session, DraftFile, item_id, list_visible_ids(session, actor, file_ids))


def keep_files(session: Session, item_id: int, file_ids: Iterable[int]) -> None:
    """Take away what an item shows no more, whoever may see it; nothing is added."""
    shown = set(session.scalars(select(ItemFile.file_id).where(ItemFile.item_id == item_id)))
    _set(session, ItemFile, item_id, shown & set(file_ids))


def _set(session: Session, table: type[ItemFile] | type[DraftFile], item_id: int, wanted: set[int]) -> None:
    shown = set(session.scalars(select(table.file_id).where(table.item_id == item_id)))
    if gone := sorted(shown - wanted):
        session.execute(delete(table).where(table.item_id == item_id, table.file_id.in_(gone)))
    session.add_all(table(item_id=item_id, file_id=file_id) for file_id in sorted(wanted - shown))
    session.flush()


def read_files(database: Database, store: FileStore, keys: Sequence[str]) -> None:
    """What a job does for the files whose ids are its keys."""
    for key in keys:
        read_file(database, store, int(key))


def read_file(database: Database, store: FileStore, file_id: int, limits: Limits = LIMITS) -> None:
    """Read the words of a file, outside any unit, and keep them in one; a file that is gone is left alone.

    A file that cannot be read gets a note. RuntimeError and OSError where it was not the file's fault.
    """
    with database.reading() as session:
        file = session.get(StoredFile, file_id)
    if file is None:
        return
    try:
        content = store.open(file.sha256)
    except FileNotFoundError:
        found = Extracted("", MISSING)
    else:
        with content:
            found = extract(content, file.mimetype, limits)
    write_in_unit(database, lambda session: keep_text(session, file_id, found))


def keep_text(session: Session, file_id: int, found: Extracted) -> None:
    """Keep the words of a file and tell of it once for each item that shows it.

    The lock waits for items that are just taking the file, whose own index jobs would not see its words yet.
    """
    file = session.scalars(select(StoredFile).where(StoredFile.id == file_id).with_for_update()).first()
    if file is None:
        return
    values = {"text": found.text, "note": found.note, "version": VERSION, "at": clock.now()}
    insert = upsert(session, FileText.__table__).values(file_id=file_id, **values)  # type: ignore[arg-type]
    session.execute(insert.on_conflict_do_update(index_elements=["file_id"], set_=values))
    shown = select(Item.id, Item.kind).join(ItemFile, ItemFile.item_id == Item.id).where(ItemFile.file_id == file_id)
    for item_id, kind in session.execute(shown).all():
        publish(session, events.FileRead(item_id, kind, file.uploader_id))


def ask_for_texts(session: Session) -> int:
    """Have those files read that never were, or were read by an older version; returns how many."""
    unread = list_unread(session)
    for file_id in unread:
        enqueue(session, JOB, file_id)
    return len(unread)


def sweep_store(database: Database, store: FileStore) -> int:
    """Delete bytes that no row names, from uploads that broke off, once they are 48 hours old; returns how many."""
    with database.reading() as session:
        named = set(session.scalars(select(StoredFile.sha256)))
    return store.sweep(named, older_than=ORPHAN_SECONDS)
