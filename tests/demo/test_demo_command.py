"""`portal demo` in a data folder: what it builds, what it brings up to date, and what it leaves alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.cli import demo as command
from portal.core.db import Database, sqlite_url
from portal.demo.story import Story
from portal.shared.tags.models import Tag
from portal.shared.tags.operations import find_or_add_tag
from tests.builders import add_person
from tests.demo.conftest import DemoFolder


@pytest.fixture
def folder(tmp_path: Path, short_story: Story, monkeypatch: pytest.MonkeyPatch) -> DemoFolder:
    """A folder in which `portal demo` plays the short story."""
    monkeypatch.setattr(command, "read_story", lambda: short_story)
    return DemoFolder(tmp_path / "data")


@pytest.fixture
def change_data(short_story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the data files tell another story, without the question."""
    changed = replace(short_story, asked=[one for one in short_story.asked if one.kind == "objection"])
    monkeypatch.setattr(command, "read_story", lambda: changed)
    monkeypatch.setattr(command, "fingerprint", lambda: "changed")


def open_database(folder: DemoFolder) -> Database:
    return Database(sqlite_url(folder.path / "portal.db"))


def test_an_empty_folder_becomes_a_company_that_can_be_searched(folder: DemoFolder) -> None:
    said = folder.portal("demo")
    assert said.exit_code == 0
    assert "Wendrath Sensors: 48 people, 3 objections, 1 questions, " in said.stdout
    assert folder.portal("search", "check").exit_code == 0
    assert "Waiting to be indexed: 0" in folder.portal("search", "status").stdout
    assert folder.portal("demo").stdout == "The demo company stands as its data tell it.\n"


def test_changed_data_are_played_anew_where_nobody_worked(folder: DemoFolder, request: pytest.FixtureRequest) -> None:
    folder.portal("demo")
    request.getfixturevalue("change_data")
    assert "3 objections, 0 questions" in folder.portal("demo").stdout
    assert folder.portal("search", "check").exit_code == 0, "nothing of the old story is found"
    assert folder.portal("counts", "check").exit_code == 0


def test_work_of_visitors_is_kept_when_the_data_change(folder: DemoFolder, request: pytest.FixtureRequest) -> None:
    folder.portal("demo")
    database = open_database(folder)
    with database.writing() as session:
        find_or_add_tag(session, "made-by-a-visitor", "topic")
        session.commit()
    request.getfixturevalue("change_data")
    said = folder.portal("demo")
    assert said.exit_code == 0, "the portal can be started"
    assert "it stays as it is" in said.stdout
    assert f"delete {folder.path}" in said.stdout
    with database.reading() as session:
        assert session.scalars(select(Tag).where(Tag.name == "made-by-a-visitor")).one()
    database.dispose()


def test_a_database_with_other_people_is_refused(folder: DemoFolder) -> None:
    folder.portal("db", "upgrade")
    database = open_database(folder)
    add_person(database, "Ann Other")
    said = folder.portal("demo")
    assert said.exit_code == 1
    assert said.stderr == "This database holds people who are not of the demo; choose another PORTAL_DATA_DIR for it.\n"
    database.dispose()


def test_the_demo_sets_up_an_empty_database_of_either_kind(folder: DemoFolder, empty_url: str) -> None:
    said = folder.portal("demo", PORTAL_DATABASE_URL=empty_url)
    assert said.exit_code == 0, said.output
    assert folder.portal("counts", "check", PORTAL_DATABASE_URL=empty_url).exit_code == 0
