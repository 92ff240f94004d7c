"""What cannot be read back is told by the name of its entry, and leaves nothing behind."""

import io
import stat
import zipfile
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest
from sqlalchemy import func, select

from portal.core import front_matter
from portal.shared.exchange.packing import PackageRefused, unpack
from portal.shared.files.models import StoredFile
from portal.shared.items.models import Item, Revision
from tests import builders
from tests.shared.files import samples

HEAD = "---\nfieldhouse: 1\nkind: playbook\ntitle: {}\n---\n\n{}\n"


def package(tmp_path: Path, *entries: tuple[str | ZipInfo, bytes]) -> Path:
    """A ZIP of these entries."""
    path = tmp_path / "package.zip"
    with ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return path


def link() -> ZipInfo:
    """An entry that says of itself that it is a link."""
    info = ZipInfo("playbooks/link.md")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../out.md", "climbs out"),
        ("playbooks/../../out.md", "climbs out"),
        ("/etc/passwd.md", "absolute"),
        ("C:/out.md", "absolute"),
        ("..\\out.md", "climbs out"),
        ("a\\b.md", "signs"),
        ("a/\nb.md", "signs"),
        ("a//b.md", "signs"),
        (link(), "link"),
    ],
)
def test_a_bad_name_is_refused_before_anything_is_written(tmp_path: Path, name: str | ZipInfo, said: str) -> None:
    into = tmp_path / "into"
    into.mkdir()
    typed = name if isinstance(name, str) else name.filename
    with pytest.raises(PackageRefused) as refused:
        unpack(package(tmp_path, ("fine.md", b"fine"), (name, b"out")), into)
    assert str(refused.value).startswith(typed)
    assert said in str(refused.value)
    assert not list(into.iterdir())
    assert not (tmp_path / "out.md").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", ["a.md", "A.MD", "a.md/b.md"])
def test_a_name_that_is_there_twice_is_refused(tmp_path: Path, other: str) -> None:
    with pytest.raises(PackageRefused, match=r"(?i)a\.md.*: (it is there twice|a\.md is a file and not a folder)"):
        unpack(package(tmp_path, ("a.md", b"1"), (other, b"2")), tmp_path)


def test_a_bomb_is_refused_by_what_it_says_and_by_what_it_unfolds_to(tmp_path: Path) -> None:
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(PackageRefused, match=r"bomb\.md: it unfolds to more than it may"):
        unpack(package(tmp_path, ("bomb.md", bytes(8_000_000))), into)
    with pytest.raises(PackageRefused, match=r"bomb\.md: larger than 25 MB"):
        unpack(package(tmp_path, ("bomb.md", bytes(30_000_000))), into)
    lying = package(tmp_path, ("bomb.md", bytes(8_000_000)))
    data = lying.read_bytes().replace((8_000_000).to_bytes(4, "little"), (10_000).to_bytes(4, "little"))
    lying.write_bytes(data)
    with pytest.raises(PackageRefused, match=r"bomb\.md: it cannot be unpacked"):
        unpack(lying, into)


def test_what_is_no_zip_or_a_broken_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "no.zip"
    path.write_bytes(b"no zip")
    with pytest.raises(PackageRefused, match=r"no\.zip is no ZIP"):
        unpack(path, tmp_path)
    whole = bytearray(package(tmp_path, ("a.md", b"some words that are packed " * 9)).read_bytes())
    whole[40] ^= 0xFF
    path.write_bytes(bytes(whole))
    with pytest.raises(PackageRefused, match=r"a\.md: it cannot be unpacked"):
        unpack(path, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\nfieldhouse: 1\ntitle: [\n---\nWords", "front matter cannot be read in line"),
        ("---\nfieldhouse: 1\na: &a [x]\nb: *a\n---\nWords", "front matter cannot be read in line 4"),
        ("---\nfieldhouse: 1\nkind: !!python/object:os.system x\n---\nWords", "front matter cannot be read"),
        ("---\nfieldhouse: 2\nkind: playbook\ntitle: A\n---\nWords", "its format is fieldhouse: 2"),
        ("---\ntitle: A\n---\nWords", "its front matter has no “fieldhouse: 1”"),
        ("Words", "its front matter has no “fieldhouse: 1”"),
        ("---\nfieldhouse: 1\nkind: trend\ntitle: A\n---\nWords", "kind: “trend” is none of"),
        ("---\nfieldhouse: 1\nkind: playbook\n---\nWords", "title: a text is wanted"),
        ("---\nfieldhouse: 1\nkind: playbook\ntitle: A\nid: x\n---\nWords", "id: a whole number"),
        ("---\nfieldhouse: 1\nkind: playbook\ntitle: A\nid: 9999999999\n---\nWords", "id: a whole number"),
        ("---\nfieldhouse: 1\nkind: playbook\ntitle: A\ncreated: soon\n---\nWords", "created: a moment"),
        ("---\nfieldhouse: 1\nkind: playbook\ntitle: A\ntags: {a: b}\n---\nWords", "tags: a list of texts"),
        ("---\nfieldhouse: 1\nkind: playbook\ntitle: A\nstatus: odd\n---\nWords", "status: “odd” is none of"),
        ("---\nfieldhouse: 1\nkind: playbook\ntitle: A\naudience: dep:x\n---\nWords", "audience: “dep:x” is no"),
        ("---\nfieldhouse: 1\nkind: playbook\ntitle: A\nstage: x\n---\nWords", "Stage: “x” is not one"),
        ("---\nfieldhouse: 1\nkind: playbook\ntitle: A\n---\n", "Text: please write something here."),
        (HEAD.format("A", "> " * 30 + "deep"), "Text: Line 1"),
        (HEAD.format("A", "![p](../files/7/plan.png)"), "files/7/plan.png is not in it"),
        ("---\nfieldhouse: 1\nkind: path\ntitle: A\nsteps:\n- item: ../playbooks/9-x.md\n---\n", "was not taken"),
        ("---\nfieldhouse: 1\nkind: objection\ntitle: A\ncategory: x\n---\n", "Category: “x” is not one"),
        ("---\nfieldhouse: 1\nkind: question\ntitle: A\nanswers:\n- why: x\n---\n", "answers 1, Say this: please"),
        ("---\nfieldhouse: 1\nkind: question\ntitle: A\nanswers: 3\n---\n", "answers: a list of entries"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_and_the_others_come_in(exchange, text, said):
    name = f"playbooks/{'bad' * 3}.md"
    outcomes = exchange.read({name: text, "playbooks/good.md": HEAD.format("Good", "[bad](badbadbad.md)")})
    assert outcomes == {name: "error", "playbooks/good.md": "created"}
    assert said in exchange.reasons()[name]
    with exchange.database.reading() as session:
        assert session.scalars(select(Item.title)).all() == ["Good"]
        assert session.scalar(select(func.count()).select_from(Revision)) == 1
    assert exchange.item("Good").source == "[bad](badbadbad.md)"
    exchange.read(
        {name: HEAD.format("Mended", "Words"), "playbooks/good.md": HEAD.format("Good", "[bad](badbadbad.md)")}
    )
    assert exchange.item("Good").source == f"[bad](item:{exchange.item('Mended').id})"


def test_bytes_that_are_no_text_and_no_picture_are_refused(exchange):
    entries = {
        "playbooks/latin.md": "---\nfieldhouse: 1\nkind: playbook\ntitle: Grüße\n---\nx".encode("latin-1"),
        "playbooks/a.md": HEAD.format("A", "![p](../files/1/p.png)"),
        "playbooks/b.md": HEAD.format("B", "[k](../files/2/k.exe)"),
        "playbooks/c.md": HEAD.format("C", "[k](../files/3/k.svg)"),
        "files/1/p.png": b"no picture",
        "files/2/k.exe": b"MZ",
        "files/3/k.svg": samples.SVG,
    }
    outcomes = exchange.read(entries)
    assert outcomes == {
        "playbooks/a.md": "error", "playbooks/b.md": "error", "playbooks/c.md": "created", "playbooks/latin.md": "error"
    }  # fmt: skip
    assert "not UTF-8" in exchange.reasons()["playbooks/latin.md"]
    assert "“p.png” does not hold" in exchange.reasons()["playbooks/a.md"]
    with exchange.database.reading() as session:
        assert [(file.id, file.name) for file in session.scalars(select(StoredFile))] == [(3, "k.svg")]


def test_two_files_with_one_number_are_one_item_and_one_mistake(exchange):
    first = HEAD.replace("title", "id: 5\ntitle")
    entries = {"playbooks/5-a.md": first.format("A", "x"), "playbooks/5-b.md": first.format("B", "x")}
    assert exchange.read(entries) == {"playbooks/5-a.md": "created", "playbooks/5-b.md": "error"}
    assert "its number 5 is that of playbooks/5-a.md too" in exchange.reasons()["playbooks/5-b.md"]


def test_a_huge_number_is_not_kept(exchange):
    exchange.read({"playbooks/a.md": HEAD.replace("title", "id: 999999999\ntitle").format("A", "Words")})
    assert exchange.item("A").id < 1000
    assert builders.write_playbook(exchange.database, exchange.manager, "Next", "Words").id < 1000


def test_what_is_hidden_here_stays_hidden_and_drafts_stay_as_they_are(exchange):
    builders.draft_playbook(exchange.database, exchange.manager, "A draft", "Not yet.")
    entries = {name: text.replace("Not yet.", "Never.") for name, text in exchange.texts().items()}
    assert set(exchange.read(entries).values()) == {"skipped"}
    with exchange.database.writing() as session:
        session.execute(Item.__table__.update().values(hidden_at=exchange.item("A draft").created_at))
        session.commit()
    assert set(exchange.read(entries, force=True).values()) == {"skipped"}
    assert "taken from view" in next(iter(exchange.reasons().values()))


def test_lost_bytes_are_told_and_the_rest_is_written(exchange):
    file = exchange.upload(exchange.manager, "plan.png", samples.picture())
    builders.write_playbook(exchange.database, exchange.manager, "A", f"![p](file:{file.id})")
    exchange.store._path(file.sha256).unlink()
    entries = exchange.export()
    assert [name for name in entries if name.endswith(".md")] == list(entries)
    assert f"files/{file.id}/plan.png: its bytes are lost" in exchange.written.left_out[0]
    assert front_matter.split(next(iter(entries.values())).decode())[0]["title"] == "A"
    assert io.BytesIO(exchange.package).read(2) == b"PK"
