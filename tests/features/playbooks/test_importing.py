"""A folder of Markdown files comes in whole: links in circles, pictures, and a second run that changes nothing."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.cli.import_markdown import CommittedUnits
from portal.features.playbooks.importing import import_markdown
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.queries import list_sections
from portal.shared.exchange.folder import list_folder
from portal.shared.files.models import ItemFile, StoredFile
from portal.shared.files.store import FileStore
from portal.shared.items.models import Item, Revision
from portal.shared.items.operations import hide_item
from portal.shared.tags.queries import find_tags
from tests import builders
from tests.shared.files import samples

HANDBOOK = Path(__file__).resolve().parents[4] / "shared" / "data" / "handbook"


class Importing:
    """A folder to fill, and imports of it by one manager."""

    def __init__(self, database, root):
        self.database, self.root = database, root
        self.owner = builders.add_person(database, "Priya Shah", "manager")
        self.store = FileStore(root.parent / "files")

    def put(self, name, text):
        """Write a file of the folder."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def run(self, **options):
        """Import, and the outcome of each file."""
        actor = builders.actor_of(self.database, self.owner)
        self.report = import_markdown(
            CommittedUnits(self.database), self.store, actor, list_folder(self.root), **options
        )
        return {entry.where: entry.outcome for entry in self.report.entries}

    def entry(self, name):
        """What the last run said of a file."""
        return next(entry for entry in self.report.entries if entry.where == name)

    def playbook(self, name):
        """The playbook of a file."""
        with self.database.reading() as session:
            return session.scalars(select(Playbook).where(Playbook.source_ref == f"markdown:{name}")).one()

    def state(self):
        """Everything that an import could change."""
        with self.database.reading() as session:
            items = session.execute(select(Item.id, Item.version, Item.html, Item.updated_at).order_by(Item.id)).all()
            counts = [session.scalar(select(func.count()).select_from(table)) for table in (Revision, StoredFile)]
        return items, counts


@pytest.fixture
def folder(database, tmp_path):
    """An empty folder."""
    root = tmp_path / "docs"
    root.mkdir()
    return Importing(database, root)


def test_files_become_playbooks_with_titles_tags_sections_and_links_in_circles(database, folder):
    folder.put("sales/Pricing/terms.md", "# Terms\n\nSee [how](../visit.md#then).\n\n## Net 60\n\nFinance signs.")
    folder.put("sales/visit.md", "---\ntitle: First visit\n---\nBack to [terms](Pricing/terms.md).\n\n## Then\n\nAsk.")
    assert folder.run() == {"sales/Pricing/terms.md": "created", "sales/visit.md": "created"}
    terms, visit = folder.playbook("sales/Pricing/terms.md"), folder.playbook("sales/visit.md")
    assert (terms.title, visit.title, terms.status) == ("Terms", "First visit", "published")
    assert f'<a data-item="{visit.id}" data-anchor="h-then">how</a>' in terms.html
    assert f'<a data-item="{terms.id}">terms</a>' in visit.html
    with database.reading() as session:
        assert [tag.name for tag in find_tags(session, [terms.id])[terms.id]] == ["pricing", "sales"]
        assert [one.title for one in list_sections(session, [terms.id])[terms.id]] == ["", "Net 60"]


def test_a_second_run_changes_nothing(folder):
    folder.put("a.md", "# A\n\n[b](b.md) ![p](p.png) [gone](gone.md)")
    folder.put("b.md", "# B\n\n[a](a.md)")
    folder.put("p.png", samples.picture())
    folder.run()
    before = folder.state()
    assert folder.run() == {"a.md": "unchanged", "b.md": "unchanged"}
    assert folder.state() == before
    assert folder.run(force=True) == {"a.md": "unchanged", "b.md": "unchanged"}


def test_a_changed_file_is_the_next_version_and_its_links_still_hold(folder):
    folder.put("a.md", "# A\n\nOld words")
    folder.put("b.md", "# B\n\n[a](a.md)")
    folder.run()
    folder.put("a.md", "# A, renamed\n\nNew words")
    assert folder.run() == {"a.md": "updated", "b.md": "unchanged"}
    a = folder.playbook("a.md")
    assert (a.version, a.title, a.slug) == (2, "A, renamed", "a-renamed")
    assert f'data-item="{a.id}"' in folder.playbook("b.md").html


def test_what_was_edited_in_the_portal_is_skipped_unless_forced(database, folder):
    folder.put("a.md", "# A\n\nWords of the file")
    folder.run()
    builders.edit_playbook(database, folder.owner, folder.playbook("a.md"), "Words of the portal")
    assert folder.run() == {"a.md": "skipped"}
    assert "edited in the portal" in folder.entry("a.md").reason
    folder.put("a.md", "# A\n\nNewer words of the file")
    assert folder.run() == {"a.md": "skipped"}
    assert folder.run(force=True) == {"a.md": "updated"}
    assert folder.playbook("a.md").source == "Newer words of the file"
    assert folder.run() == {"a.md": "unchanged"}


def test_what_was_hidden_in_the_portal_stays_hidden(database, folder):
    folder.put("a.md", "# A\n\nWords")
    folder.run()
    with database.writing() as session:
        hide_item(session, builders.actor_of(database, folder.owner), folder.playbook("a.md").id)
        session.commit()
    folder.put("a.md", "# A\n\nNew words")
    assert folder.run(force=True) == {"a.md": "skipped"}
    assert folder.playbook("a.md").version == 1


def test_pictures_become_files_and_drawings_attachments(client, database, folder):
    folder.put("a/one.md", "# One\n\n![plant](../pics/plant.png)\n![plan](../pics/plan.svg)\n[sheet](sheet.csv)")
    folder.put("two.md", "# Two\n\n![again](pics/plant.png)")
    folder.put("pics/plant.png", samples.picture())
    folder.put("pics/plan.svg", samples.SVG)
    folder.put("a/sheet.csv", "a;b\n")
    folder.run()
    with database.reading() as session:
        files = {file.name: file for file in session.scalars(select(StoredFile))}
        assert len(session.scalars(select(ItemFile)).all()) == 4
    assert {name: file.mimetype for name, file in files.items()} == {
        "plant.png": "image/png", "plan.svg": "image/svg+xml", "sheet.csv": "text/csv"
    }  # fmt: skip
    one, two = folder.playbook("a/one.md"), folder.playbook("two.md")
    assert f'<img src="/files/{files["plant.png"].id}" alt="plant">' in one.html
    assert f'<a href="/files/{files["plan.svg"].id}">plan</a>' in one.html
    assert f'<img src="/files/{files["plant.png"].id}" alt="again">' in two.html
    assert folder.store.read(files["sheet.csv"].sha256) == b"a;b\n"


def test_a_picture_that_changed_changes_its_text(folder):
    folder.put("a.md", "# A\n\n![p](p.png)")
    folder.put("p.png", samples.picture())
    folder.run()
    folder.put("p.png", samples.picture(size=(9, 9)))
    assert folder.run() == {"a.md": "updated"}


def test_links_that_lead_nowhere_are_told_and_stay(folder):
    folder.put(
        "a.md", "# A\n\n[x](x.md) [out](../../etc/passwd) ![y](y.png) [bad](bad.png) [k](k.exe) [w](https://w.de/x.md)"
    )
    folder.put("bad.png", "no picture")
    folder.put("k.exe", "MZ")
    assert folder.run() == {"a.md": "created"}
    notes = folder.entry("a.md").notes
    assert notes[:3] == ("leads nowhere: x.md", "leads nowhere: ../../etc/passwd", "leads nowhere: y.png")
    assert "bad.png: “bad.png” does not hold what its ending “.png” says." in notes
    assert "k.exe: files of this kind are not kept" in notes
    assert len(notes) == 5
    assert '<a href="x.md">x</a>' in folder.playbook("a.md").html


def test_what_cannot_be_taken_is_told_and_the_rest_comes_in(database, folder):
    folder.put("good.md", "# Good\n\n[bad](bad.md) [empty](empty.md)")
    folder.put("bad.md", "> " * 30 + "too deep")
    folder.put("empty.md", " \n")
    folder.put("head.md", "---\ntitle: Only a head\n---\n")
    folder.put("latin.md", "Grüße".encode("latin-1"))
    assert folder.run() == {
        "bad.md": "error", "empty.md": "skipped", "good.md": "created", "head.md": "skipped", "latin.md": "error"
    }  # fmt: skip
    assert "Line 1" in folder.entry("bad.md").reason
    assert folder.entry("empty.md").reason == "it is empty"
    assert "not UTF-8" in folder.entry("latin.md").reason
    assert folder.entry("good.md").notes == (
        "leads to a file that was not taken: bad.md", "leads to a file that was not taken: empty.md"
    )  # fmt: skip
    assert '<a href="bad.md">bad</a>' in folder.playbook("good.md").html
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Item)) == 1
    assert folder.run()["good.md"] == "unchanged"
    folder.put("bad.md", "Mended")
    assert folder.run() == {
        "bad.md": "created", "empty.md": "skipped", "good.md": "updated", "head.md": "skipped", "latin.md": "error"
    }  # fmt: skip


def test_a_dry_run_says_the_same_and_writes_nothing(folder):
    folder.put("a.md", "# A\n\n[b](b.md) ![p](p.png) [x](x.md)")
    folder.put("b.md", "# B\n\n[bad](bad.md)")
    folder.put("bad.md", "> " * 30 + "too deep")
    folder.put("p.png", samples.picture())
    outcomes, entries = folder.run(dry_run=True), folder.report.entries
    assert folder.state() == ([], [0, 0])
    assert not folder.store.folder.exists()
    assert folder.run() == outcomes
    assert folder.report.entries == entries
    before = folder.state()
    assert folder.run(dry_run=True) == {"a.md": "unchanged", "b.md": "unchanged", "bad.md": "error"}
    assert folder.state() == before


def test_a_run_that_breaks_off_is_gone_on_with(client, database, folder, monkeypatch):
    for name in ("a", "b", "c"):
        folder.put(f"{name}.md", f"# Title {name}\n\n[next](c.md)")

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.run(progress=stop)
    builders.sign_in(client, folder.owner)
    assert client.get("/playbooks").text.count("<article") == 1
    assert client.get(f"/playbooks/{folder.playbook('b.md').id}").status_code == 404
    assert folder.run() == {"a.md": "unchanged", "b.md": "created", "c.md": "created"}
    assert client.get("/playbooks").text.count("<article") == 3


def test_progress_counts_every_file_once(folder):
    for number in range(3):
        folder.put(f"{number}.md", "Words")
    steps = []
    folder.run(progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.needs_shared
def test_a_real_handbook_comes_in_whole_and_twice(client, database, folder):
    folder.root = HANDBOOK
    folder.run()
    counts = folder.report.counts
    assert (counts["created"], counts["skipped"], counts["error"]) == (880, 3, 0)
    before = folder.state()
    outcomes = folder.run()
    assert set(outcomes.values()) == {"unchanged", "skipped"}
    assert folder.state() == before
    dead = [note for entry in folder.report.entries for note in entry.notes if note.startswith("leads nowhere")]
    assert 0 < len(dead) < 40, dead
    builders.sign_in(client, folder.owner)
    for name in ("index.md", "departments/sales/index.md"):
        if name in outcomes:
            playbook = folder.playbook(name)
            assert client.get(f"/playbooks/{playbook.id}-{playbook.slug}").status_code == 200
    json.dumps(folder.report.as_json())
