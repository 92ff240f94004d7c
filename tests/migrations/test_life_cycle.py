"""Texts and playbooks of before the life cycle are kept: no change was small, and no page says why it is obsolete."""

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
    "INSERT INTO playbook (id, stage) VALUES (1, 'proposal')",
    "INSERT INTO revision (id, item_id, version, base_version, state, author_id, at, reason, content)"
    " VALUES (7, 1, 1, 0, 'published', 1, '2026-11-01', '', '{}')",
    "UPDATE item SET published_revision_id = 7",
    "INSERT INTO vote (person_id, item_id, at) VALUES (1, 1, '2026-11-02')",
    'INSERT INTO playbook_section (playbook_id, anchor, title, level, position, start, "end", text)'
    " VALUES (1, '', '', 0, 0, 0, 0, '')",
)
KEPT = (
    "SELECT p.stage, p.obsolete_reason, r.is_minor, i.published_revision_id, (SELECT count(*) FROM vote),"
    " (SELECT count(*) FROM playbook_section)"
    " FROM playbook p JOIN item i ON i.id = p.id JOIN revision r ON r.item_id = i.id"
)
BEFORE = "0007"


def test_pages_texts_votes_and_sections_of_before_are_kept(empty_url: str) -> None:
    command.upgrade(migrating._config(empty_url), BEFORE)
    database = Database(empty_url)
    with database.writing() as session:
        for row in ROWS:
            session.execute(text(row))
        session.commit()
    migrating.upgrade(empty_url)
    with database.reading() as session:
        rows = [tuple(row) for row in session.execute(text(KEPT))]
    database.dispose()
    assert rows == [("proposal", "", False, 7, 1, 1)]
