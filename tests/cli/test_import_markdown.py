"""`portal import markdown DIR`: who owns what comes in, what is printed, and how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.features.playbooks.models import Playbook
from tests import builders
from tests.cli.conftest import Portal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files that link to each other, and one that is empty."""
    root = tmp_path / "docs"
    (root / "sales").mkdir(parents=True)
    (root / "sales" / "terms.md").write_text("# Terms\n\nSee [visit](../visit.md) and [nothing](gone.md).")
    (root / "visit.md").write_text("# Visit\n\nSee [terms](sales/terms.md).")
    (root / "empty.md").write_text("\n")
    return root


def playbooks(database: Database) -> list[Playbook]:
    """All playbooks, by title."""
    with database.reading() as session:
        return list(session.scalars(select(Playbook).order_by(Playbook.title)))


def test_files_come_in_and_the_report_says_what_happened(portal: Portal, database: Database, folder: Path) -> None:
    tom = builders.add_person(database, "Tom Winter", "publisher")
    result = portal("import", "markdown", str(folder), "--owner", tom.email)
    assert result.exit_code == 0, result.output
    assert "empty.md: skipped, it is empty" in result.stdout
    assert "sales/terms.md: leads nowhere: gone.md" in result.stdout
    assert "2 created, 0 updated, 0 unchanged, 1 skipped, 0 refused." in result.stdout
    assert [(one.title, one.owner_id) for one in playbooks(database)] == [("Terms", tom.id), ("Visit", tom.id)]
    again = portal("import", "markdown", str(folder), "--owner", tom.email)
    assert "0 created, 0 updated, 2 unchanged, 1 skipped, 0 refused." in again.stdout


def test_json_is_for_programs_and_a_dry_run_writes_nothing(portal: Portal, database: Database, folder: Path) -> None:
    builders.add_person(database, "Priya Shah", "manager")
    result = portal("import", "markdown", str(folder), "--dry-run", "--json")
    report: dict[str, Any] = json.loads(result.stdout)
    assert report["dry_run"] is True
    assert report["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "skipped": 1, "error": 0}
    assert playbooks(database) == []


def test_without_owner_the_manager_who_is_here_longest_owns_it(
    portal: Portal, database: Database, folder: Path
) -> None:
    builders.add_person(database, "Ada Min", "admin")
    priya = builders.add_person(database, "Priya Shah", "manager")
    builders.add_person(database, "Omar Haddad", "manager")
    portal("import", "markdown", str(folder))
    assert {one.owner_id for one in playbooks(database)} == {priya.id}


def test_a_file_that_is_refused_makes_the_command_fail(portal: Portal, database: Database, folder: Path) -> None:
    builders.add_person(database, "Priya Shah", "manager")
    (folder / "deep.md").write_text("> " * 30 + "deep")
    result = portal("import", "markdown", str(folder))
    assert result.exit_code == 1
    assert "deep.md: Text: Line 1" in result.stdout
    assert len(playbooks(database)) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--owner", "nobody@example.com"), "Nobody active here has the mail address nobody@example.com."),
        ((), "There is nobody yet who could own the playbooks; add an admin with `portal user add`."),
    ],
)
def test_without_somebody_to_own_it_nothing_comes_in(
    portal: Portal, folder: Path, words: tuple[str, ...], said: str
) -> None:
    result = portal("import", "markdown", str(folder), *words)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_folder_without_markdown_is_told_so(portal: Portal, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    result = portal("import", "markdown", str(tmp_path / "docs"))
    assert result.exit_code == 1
    assert "There is no Markdown file below" in result.output
    assert portal("import", "markdown", str(tmp_path / "nowhere")).exit_code == 2
