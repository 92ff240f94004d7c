"""Which revision a database bears, and how it gets to the newest one."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.core import migrating, revisions
from portal.core.db import sqlite_url


def test_an_empty_database_bears_no_revision_and_becomes_current(empty_url: str) -> None:
    assert migrating.current(empty_url) is None
    assert not migrating.is_current(empty_url)
    migrating.upgrade(empty_url)
    assert migrating.is_current(empty_url)


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    migrating.upgrade(database_url)
    assert migrating.current(database_url) == migrating.head()


def test_asking_for_the_revision_makes_no_file(tmp_path: Path) -> None:
    assert migrating.current(sqlite_url(tmp_path / "none.db")) is None
    assert list(tmp_path.iterdir()) == []


def test_upgrade_makes_the_folder_of_the_file(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "new" / "deep" / "portal.db")
    migrating.upgrade(url)
    assert migrating.is_current(url)


def test_the_number_of_the_newest_file_is_the_newest_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert revisions.newest() == migrating.head()
    monkeypatch.setattr(revisions, "FOLDER", tmp_path)
    with pytest.raises(LookupError, match="no migration"):
        revisions.newest()


def test_two_processes_may_upgrade_at_once(empty_url: str) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from portal.core import migrating; migrating.upgrade(sys.argv[1])",
        empty_url,
    ]
    folder = migrating.FOLDER.parent
    both = [subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert migrating.is_current(empty_url)
