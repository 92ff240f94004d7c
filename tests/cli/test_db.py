"""`portal db`: upgrade makes the tables, check proves them."""

import pytest
from sqlalchemy import text

from portal.core import migrating
from portal.core.db import Database
from tests.cli.conftest import Portal


def test_upgrade_makes_the_tables_once(portal: Portal, empty_url: str) -> None:
    first = portal("db", "upgrade", PORTAL_DATABASE_URL=empty_url)
    assert first.exit_code == 0
    assert "it was empty" in first.stdout
    assert "already" in portal("db", "upgrade", PORTAL_DATABASE_URL=empty_url).stdout
    assert portal("db", "check", PORTAL_DATABASE_URL=empty_url).exit_code == 0


def test_an_older_database_is_told_with_both_revisions(portal: Portal, database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        session.commit()
    said = portal("db", "check")
    assert said.exit_code == 1
    assert f"at revision 0001 and this portal needs {migrating.head()}" in said.stderr


def test_a_newer_database_is_left_alone(portal: Portal, database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.commit()
    for words in (("db", "upgrade"), ("run",), ("demo",)):
        said = portal(*words)
        assert said.exit_code == 1
        assert "newer portal" in said.stderr or "at revision 9999" in said.stderr


@pytest.mark.parametrize("backend", ["sqlite"])
def test_check_finds_rows_that_point_nowhere(portal: Portal, database: Database) -> None:
    connection = database.writers.raw_connection()
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("INSERT INTO department_slug (slug, department_id) VALUES ('gone', 99)")
    connection.invalidate()
    said = portal("db", "check")
    assert said.exit_code == 1
    assert said.stderr == "1 rows of the database point to rows that are gone.\n"
