"""`portal files extract` reads what waits, and `portal check` says that something does."""

from sqlalchemy import delete, select

from portal.core.db import Database
from portal.core.jobs import Job
from portal.settings import Settings
from portal.shared.files.models import FileText
from portal.shared.files.operations import add_file
from portal.shared.files.sniffing import check_file
from portal.shared.files.store import FileStore
from tests import builders
from tests.cli.conftest import Portal
from tests.shared.files import worded


def add(database: Database, settings: Settings, *files: tuple[str, bytes]) -> None:
    """Files as they were before anybody read them: no job asks for it."""
    actor, store = builders.actor_of(database, builders.add_person(database)), FileStore(settings.files_dir)
    with database.writing() as session:
        for name, data in files:
            checked = check_file(name, data)
            add_file(session, actor, checked, store.keep(checked.data))
        session.commit()
        session.execute(delete(Job))
        session.commit()


def test_what_waits_is_named_read_and_then_in_order(portal: Portal, database: Database, settings: Settings) -> None:
    add(database, settings, ("a.pdf", worded.pdf("A stem")), ("b.pdf", worded.pdf("x", password="sesame")))
    portal("search", "build")
    assert "Files: search does not know the words of 2; `portal files extract`" in portal("check").stdout
    said = portal("files", "extract")
    assert said.exit_code == 0
    assert said.stdout.splitlines() == ["Read 2 files.", "  b.pdf (/files/2): not searchable: protected by a password"]
    assert portal("check").exit_code == 0
    with database.reading() as session:
        assert session.scalars(select(FileText.text).order_by(FileText.file_id)).all() == ["A stem", ""]


def test_again_reads_all_of_them(portal: Portal, database: Database, settings: Settings) -> None:
    add(database, settings, ("a.txt", b"A stem"))
    assert portal("files", "extract").stdout == "Read 1 file.\n"
    assert portal("files", "extract").stdout == "Read 0 files.\n"
    assert portal("files", "extract", "--again").stdout == "Read 1 file.\n"
