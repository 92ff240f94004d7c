"""A company with something to hand out: an objection with internal lines, a playbook with a picture, a path of both."""

from dataclasses import dataclass

import pytest

from portal.features.objections.forms import Proof
from portal.features.objections.models import Asked
from portal.features.paths.models import Path
from portal.features.playbooks.models import Playbook
from portal.shared.files.models import StoredFile
from portal.shared.files.operations import add_file
from portal.shared.files.sniffing import check_file
from portal.shared.files.store import FileStore
from portal.shared.items.queries import url_of
from portal.shared.people.models import Person
from tests import builders
from tests.shared.files import samples

INTERNAL = "The floor is four percent."
SECRET = "Secret launch of Heron"


@dataclass(frozen=True)
class Shelf:
    """What stands there, by whom."""

    priya: Person
    rep: Person
    asked: Asked
    guide: Playbook
    secret: Playbook
    path: Path
    picture: StoredFile

    def url(self, name, rest=""):
        """The address of one of them."""
        item = getattr(self, name)
        return url_of(item.kind, item.id, item.slug) + rest


@pytest.fixture
def shelf(client, app, database):
    """The shelf, with a rep signed in who may not see the secret."""
    builders.add_vocabularies(database)
    marketing = builders.add_department(database, "Marketing")
    priya = builders.add_person(database, "Priya Shah", "manager")
    rep = builders.add_person(database, "Jonas Berg")
    actor = builders.actor_of(database, priya)
    store: FileStore = app.extensions["fieldhouse"][FileStore]
    checked = check_file("plant.png", samples.picture())
    with database.writing() as session:
        picture = add_file(session, actor, checked, store.keep(checked.data))
        session.commit()
    secret = builders.write_playbook(database, priya, SECRET, audience=(f"dep:{marketing.id}", f"person:{priya.id}"))
    asked = builders.ask_objection(database, rep, "Zu teuer für Prüfgeräte", text="Said at the *dairy*.")
    builders.post_answer(
        database, priya, asked, "What does one stop cost?", why="They compare lists.", ask_back="Which stop?",
        proof=(Proof("Two stops avoided", "Almdal"), Proof("99.3 %", "")), internal=(INTERNAL, "Ask Marta."),
        text="More in **bold**.",
    )  # fmt: skip
    text = (
        f"Read [[{secret.id}]], [the {SECRET}](item:{secret.id}) and [[{asked.id}]].\n\n# Über uns\n\n"
        f"![plant](file:{picture.id})\n\n| A | B |\n|---|---|\n| ä | [jump](#über-uns) |\n\n`[[{asked.id}]]`"
    )
    guide = builders.write_playbook(database, priya, "First visit", text, tags=("dairy",))
    path = builders.write_path(database, priya, (guide, asked, secret), text="For **newcomers**.")
    builders.sign_in(client, rep)
    return Shelf(priya, rep, asked, guide, secret, path, picture)
