"""A portal that is exported, emptied, and read back."""

import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import delete, select, update

from portal import wiring
from portal.cli.import_markdown import CommittedUnits
from portal.core.db import Database
from portal.core.markdown import render
from portal.core.reports import Report
from portal.features.playbooks.models import Playbook
from portal.shared.exchange.exporting import Written, write_files, write_texts
from portal.shared.exchange.folder import list_folder
from portal.shared.exchange.importing import import_export
from portal.shared.exchange.packing import unpack
from portal.shared.exchange.queries import everything, sight_of
from portal.shared.files.models import StoredFile
from portal.shared.files.operations import upload_file
from portal.shared.files.sniffing import check_file
from portal.shared.files.store import FileStore
from portal.shared.items.models import Item
from portal.shared.items.operations import Snapshot, start_item
from portal.shared.people.models import Person
from tests import builders


class Exchange:
    """One portal with its files, and what was last written from it."""

    def __init__(self, database: Database, place: Path) -> None:
        self.database, self.place = database, place
        self.store = FileStore(place / "files")
        self.manager = builders.add_person(database, "Priya Shah", "manager")
        self.dana = builders.add_person(database)
        builders.add_vocabularies(database)

    def upload(self, person: Person, name: str, data: bytes) -> StoredFile:
        """A file of somebody."""
        checked, actor = check_file(name, data), builders.actor_of(self.database, person)
        sha256 = self.store.keep(checked.data)
        with self.database.writing() as session:
            file = upload_file(session, actor, checked, sha256)
            session.commit()
        return file

    def export(self, person: Person | None = None) -> dict[str, bytes]:
        """The entries of an export by name: of what somebody sees, or of everything."""
        sight = sight_of(builders.actor_of(self.database, person)) if person else everything()
        target = io.BytesIO()
        with ZipFile(target, "w") as archive:
            with self.database.reading() as session:
                self.written: Written = write_texts(session, sight, wiring.EXPORTED, archive)
            write_files(self.written, self.store, archive)
        self.package = target.getvalue()
        with ZipFile(io.BytesIO(self.package)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def texts(self, person: Person | None = None) -> dict[str, str]:
        """The Markdown files of an export."""
        return {name: data.decode() for name, data in self.export(person).items() if name.endswith(".md")}

    def read(self, entries: dict[str, bytes | str], **options: bool) -> dict[str, str]:
        """Read files back from a ZIP, and the outcome of each; the report is kept."""
        package = self.place / "export.zip"
        with ZipFile(package, "w") as archive:
            for name, data in entries.items():
                archive.writestr(name, data)
        number = len(list(self.place.glob("unpacked-*")))
        into = self.place / f"unpacked-{number}"
        into.mkdir()
        unpack(package, into)
        actor = builders.actor_of(self.database, self.manager)
        self.report: Report = import_export(
            CommittedUnits(self.database), self.store, actor, list_folder(into), wiring.IMPORTED, **options
        )
        return {entry.where: entry.outcome for entry in self.report.entries}

    def reasons(self) -> dict[str, str]:
        """Why files were not taken."""
        return {entry.where: entry.reason for entry in self.report.entries if entry.reason}

    def notes(self, name: str) -> tuple[str, ...]:
        """What was said of a file besides."""
        return next(entry.notes for entry in self.report.entries if entry.where == name)

    def empty(self) -> None:
        """Take every item and file out of the portal; people and vocabularies stay."""
        with self.database.writing() as session:
            session.execute(update(Item).values(published_revision_id=None))
            session.execute(delete(Item))
            session.execute(delete(StoredFile))
            session.commit()

    def occupy(self, number: int) -> None:
        """Have another playbook under a number."""
        with self.database.writing() as session:
            other = Playbook(
                id=number, author_id=self.manager.id, title="Other", slug="other", source="Words", status="published"
            )
            start_item(session, other, render("Words"), Snapshot({"title": "Other", "text": "Words"}))
            session.commit()

    def item(self, title: str) -> Item:
        """An item by its title."""
        with self.database.reading() as session:
            return session.scalars(select(Item).where(Item.title == title)).one()

    def count(self) -> int:
        """How many items there are."""
        with self.database.reading() as session:
            return len(session.scalars(select(Item.id)).all())


@pytest.fixture
def exchange(database: Database, tmp_path: Path) -> Exchange:
    """A portal with a manager, a rep, a stage and two categories."""
    return Exchange(database, tmp_path)
