"""Searches made before the portal knew whence they came are kept: from the page, and not counted yet."""

from alembic import command
from sqlalchemy import text

from portal.core import migrating
from portal.core.db import Database

MADE = (
    "INSERT INTO search_made (person_id, words, normal, found, at) VALUES (1, 'too dear', 'dear too', 3, '2026-11-24')"
)
PERSON = (
    "INSERT INTO person (id, email, name, slug, title, state, password_hash, created_at)"
    " VALUES (1, 'dana@example.com', 'Dana', 'dana', '', 'active', '', '2026-11-01')"
)
KEPT = "SELECT person_id, words, normal, found, origin, is_counted FROM search_made"


def test_searches_of_before_are_kept(empty_url: str) -> None:
    command.upgrade(migrating._config(empty_url), "0003")
    database = Database(empty_url)
    with database.writing() as session:
        session.execute(text(PERSON))
        session.execute(text(MADE))
        session.commit()
    migrating.upgrade(empty_url)
    with database.reading() as session:
        rows = [tuple(row) for row in session.execute(text(KEPT))]
    database.dispose()
    assert rows == [(1, "too dear", "dear too", 3, "page", False)]
