"""Sections of before the lineage are kept, and were made of nothing that is known."""

from alembic import command
from sqlalchemy import text

from portal.core import migrating
from portal.core.db import Database

ROWS = (
    "INSERT INTO person (id, email, name, slug, title, state, password_hash, created_at)"
    " VALUES (1, 'dana@example.com', 'Dana', 'dana', '', 'active', '', '2026-11-01')",
    "INSERT INTO item (id, kind, author_id, title, slug, summary, renderer_version, status, votes, version, created_at,"
    " updated_at, source, html) VALUES (1, 'playbook', 1, 'Visit', 'visit', '', 1, 'published', 1, 1, '2026-11-01',"
    " '2026-11-01', '', '')",
    "INSERT INTO playbook (id, stage, obsolete_reason) VALUES (1, 'proposal', '')",
    'INSERT INTO playbook_section (id, playbook_id, anchor, title, level, position, start, "end", text)'
    " VALUES (7, 1, 'h-scope', 'Scope', 2, 0, 0, 0, 'Words')",
)
BEFORE = "0008"


def test_sections_of_before_are_kept_and_can_get_a_source(empty_url: str) -> None:
    command.upgrade(migrating._config(empty_url), BEFORE)
    database = Database(empty_url)
    with database.writing() as session:
        for row in ROWS:
            session.execute(text(row))
        session.commit()
    migrating.upgrade(empty_url)
    with database.writing() as session:
        assert session.execute(text("SELECT id, anchor, position FROM playbook_section")).all() == [(7, "h-scope", 0)]
        assert session.execute(text("SELECT * FROM section_source")).all() == []
        session.execute(text("INSERT INTO section_source (section_id, item_id) VALUES (7, 1)"))
        session.execute(text("DELETE FROM playbook_section"))
        assert session.execute(text("SELECT * FROM section_source")).all() == []
    database.dispose()
