"""What every verb has in common: help without settings, mistakes in plain words, no traceback."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli.main import main
from tests.cli.conftest import Portal

VERBS = {"run", "worker", "user", "import", "export", "search", "counts", "db", "doors", "check", "demo"}


def test_every_verb_is_there_and_says_what_it_does() -> None:
    assert set(main.commands) >= VERBS
    for command in main.commands.values():
        assert command.get_short_help_str()


def test_help_needs_no_settings_and_makes_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    said = CliRunner().invoke(main, ["run", "--help"], env={"PORT": "no port", "PORTAL_DATA_DIR": str(folder)})
    assert said.exit_code == 0
    assert not folder.exists()


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("words", [("run",), ("worker",), ("demo",), ("search", "status"), ("db", "check")])
def test_all_mistakes_in_the_settings_are_told_at_once(portal: Portal, words: tuple[str, ...]) -> None:
    said = portal(*words, PORT="eighty", PORTAL_TIMEZONE="Middle-earth")
    assert said.exit_code == 1
    assert "PORT: “eighty”" in said.stderr
    assert "PORTAL_TIMEZONE: “Middle-earth”" in said.stderr
    assert len(said.stderr.splitlines()) == 2


@pytest.mark.parametrize("words", [("worker",), ("search", "check"), ("counts", "check"), ("db", "check")])
def test_a_database_without_tables_is_told_with_the_way_out(
    portal: Portal, empty_url: str, words: tuple[str, ...]
) -> None:
    said = portal(*words, PORTAL_DATABASE_URL=empty_url)
    assert said.exit_code == 1
    assert said.stderr == "The database has no tables yet; `portal db upgrade` makes them.\n"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("words", [("run",), ("worker",), ("demo",), ("db", "upgrade"), ("counts", "check")])
def test_a_database_that_does_not_answer_is_told(portal: Portal, words: tuple[str, ...]) -> None:
    said = portal(*words, PORTAL_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert said.exit_code == 1
    assert said.stderr.startswith("The database ")
    assert "refused" in said.stderr
    assert "Traceback" not in said.output


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("verb", ["run", "demo"])
def test_a_folder_that_cannot_be_written_is_told(portal: Portal, tmp_path: Path, verb: str) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    folder = in_the_way / "data"
    for more in ({}, {"PORTAL_SECRET_KEY": "long enough to be a secret, if it were one"}):
        said = portal(verb, PORTAL_DATA_DIR=str(folder), PORTAL_DATABASE_URL="", **more)
        assert said.exit_code == 1
        assert f"{folder} cannot be written (Not a directory)." in said.stderr
        assert "Traceback" not in said.output
