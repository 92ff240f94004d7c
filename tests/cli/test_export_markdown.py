"""`portal export markdown FILE.zip` and `portal import markdown FILE.zip`: what is printed, and how they end."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from portal.core.db import Database
from portal.shared.people.models import Person
from tests import builders
from tests.cli.conftest import Portal


@pytest.fixture
def priya(database: Database) -> Person:
    """A manager with a playbook, a draft and a next text, and a colleague's objection."""
    builders.add_vocabularies(database)
    priya = builders.add_person(database, "Priya Shah", "manager")
    builders.draft_playbook(database, priya, "A draft", "Not yet.")
    playbook = builders.write_playbook(database, priya, "First visit", "Words")
    builders.draft_edit(database, priya, playbook, "Other words")
    builders.ask_objection(
        database, builders.add_person(database), "Too expensive", category="price", text=f"[[{playbook.id}]]"
    )
    return priya


def test_everything_is_written_and_read_back_unchanged(portal: Portal, priya: Person, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    result = portal("export", "markdown", str(file))
    assert result.exit_code == 0, result.output
    assert "0 competitors, 2 playbooks, 1 objection, 0 questions, 0 paths, 0 files." in result.stdout
    assert "Left out: 1 next texts that are not published yet." in result.stdout
    with ZipFile(file) as archive:
        assert [name for name in archive.namelist() if name.startswith("objections/")] == [
            f"objections/{number}-too-expensive.md" for number in (3,)
        ]
    again = portal("import", "markdown", str(file))
    assert again.exit_code == 0, again.output
    assert "0 created, 0 updated, 3 unchanged, 0 skipped, 0 refused." in again.stdout
    (tmp_path / "folder").mkdir()
    with ZipFile(file) as archive:
        archive.extractall(tmp_path / "folder")
    assert "3 unchanged" in portal("import", "markdown", str(tmp_path / "folder"), "--dry-run").stdout


def test_as_somebody_it_holds_what_that_person_sees(portal: Portal, priya: Person, tmp_path: Path) -> None:
    result = portal("export", "markdown", str(tmp_path / "own.zip"), "--as", "dana.ruiz@example.com")
    assert "1 playbook, 1 objection" in result.stdout
    assert "1 that this person does not see" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as", "nobody@example.com"), "Nobody active here has the mail address nobody@example.com."),
        ((), "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_told(
    portal: Portal, priya: Person, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    result = portal("export", "markdown", str(tmp_path / "no" / "all.zip"), *words)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_bad_package_is_named_and_nothing_is_read(portal: Portal, priya: Person, tmp_path: Path) -> None:
    file = tmp_path / "bad.zip"
    with ZipFile(file, "w") as archive:
        archive.writestr("playbooks/1-a.md", "---\nfieldhouse: 1\nkind: playbook\ntitle: A\n---\n\nWords\n")
        archive.writestr("../out.md", "x")
    result = portal("import", "markdown", str(file))
    assert result.exit_code == 1
    assert "Nothing was read. ../out.md: a name that climbs out of the folder" in result.output


def test_other_markdown_in_a_zip_comes_in_as_playbooks(portal: Portal, priya: Person, tmp_path: Path) -> None:
    file = tmp_path / "notes.zip"
    with ZipFile(file, "w") as archive:
        archive.writestr("sales/terms.md", "# Terms\n\nSee [visit](../visit.md).")
        archive.writestr("visit.md", "# Visit\n\nWords.")
    assert "2 created" in portal("import", "markdown", str(file)).stdout
    assert "2 unchanged" in portal("import", "markdown", str(file)).stdout
    with ZipFile(file, "w") as archive:
        archive.writestr("plan.txt", "x")
    assert f"There is no Markdown file in {file}." in portal("import", "markdown", str(file)).output
