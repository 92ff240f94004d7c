"""Pictures of a text that waits: open to those who work on the page, and to readers once it is published."""

from sqlalchemy import select

from portal.shared.files.models import DraftFile, StoredFile
from portal.shared.files.queries import find_file
from tests import builders


def add_file(database, person):
    """A row as an upload makes it."""
    with database.writing() as session:
        file = StoredFile(
            sha256="a" * 64, name="plan.png", mimetype="image/png", size=1, uploader_id=person.id,
            at=person.created_at,
        )  # fmt: skip
        session.add(file)
        session.commit()
    return file


def seen_by(database, people, file):
    with database.reading() as session:
        return [one.name for one in people if find_file(session, builders.actor_of(database, one), file.id)]


def test_the_picture_of_a_next_text_is_for_those_who_work_on_the_page(client, database):
    marta = builders.add_person(database, "Marta Klein", "publisher")
    priya = builders.add_person(database, "Priya Shah", "manager")
    rep = builders.add_person(database)
    people, file = (marta, priya, rep), add_file(database, marta)
    playbook = builders.write_playbook(database, marta, "First visit", "Bring a meter.")
    builders.draft_edit(database, marta, playbook, f"![Plan](file:{file.id})")
    assert seen_by(database, people, file) == ["Marta Klein", "Priya Shah"]
    builders.sign_in(client, priya)
    builders.post(client, f"/playbooks/{playbook.id}-first-visit/moves/publish", {"version": "2"})
    assert seen_by(database, people, file) == ["Marta Klein", "Priya Shah", "Dana Ruiz"]
    with database.reading() as session:
        assert not session.scalars(select(DraftFile.file_id)).all()


def test_the_picture_of_a_new_draft_is_seen_by_its_reviewer(database):
    marta = builders.add_person(database, "Marta Klein", "publisher")
    priya = builders.add_person(database, "Priya Shah", "manager")
    rep, file = builders.add_person(database), add_file(database, marta)
    builders.draft_playbook(database, marta, text=f"![Plan](file:{file.id})")
    assert seen_by(database, (marta, priya, rep), file) == ["Marta Klein", "Priya Shah"]
