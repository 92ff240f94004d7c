"""Items of before are looked at every 90 days, as they were; their verifications, checks and votes are kept."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.core import migrating
from portal.core.db import Database

ITEM = (
    "INSERT INTO item (id, kind, author_id, owner_id, title, slug, summary, renderer_version, status, votes, version,"
    " created_at, updated_at, source, html, verified_on, verify_by) VALUES ({id}, '{kind}', 1, 1, 'Visit', 'visit', '',"
    " 1, '{status}', 1, 1, '2026-11-01', '2026-11-01', '', '', '2026-11-01', '2027-01-30')"
)
ROWS = (
    "INSERT INTO person (id, email, name, slug, title, state, password_hash, created_at)"
    " VALUES (1, 'dana@example.com', 'Dana', 'dana', '', 'active', '', '2026-11-01')",
    ITEM.format(id=1, kind="playbook", status="published"),
    "INSERT INTO playbook (id, stage, obsolete_reason) VALUES (1, 'proposal', '')",
    "INSERT INTO revision (id, item_id, version, base_version, state, author_id, at, reason, content, is_minor)"
    " VALUES (7, 1, 1, 0, 'published', 1, '2026-11-01', '', '{}', false)",
    "UPDATE item SET published_revision_id = 7",
    "INSERT INTO vote (person_id, item_id, at) VALUES (1, 1, '2026-11-02')",
)
ACTS = (
    "INSERT INTO bulk_act (id, kind, actor_id, at, said, left_out, not_undone)"
    " VALUES (3, 'playbooks', 1, '2026-11-02', 'Changed.', '[]', '[]')",
    "INSERT INTO bulk_change (act_id, item_id, before, after) VALUES (3, 1, '{}', '{}')",
)
KEPT = (
    "SELECT i.verify_days, CAST(i.verified_on AS text), CAST(i.verify_by AS text), i.owner_id, i.published_revision_id,"
    " p.stage, (SELECT count(*) FROM vote) FROM item i JOIN playbook p ON p.id = i.id"
)
BEFORE = "0008"


def test_items_of_before_get_the_interval_that_they_were_verified_for(empty_url: str) -> None:
    command.upgrade(migrating._config(empty_url), BEFORE)
    database = Database(empty_url)
    with database.writing() as session:
        for row in ROWS:
            session.execute(text(row))
        session.commit()
    command.upgrade(migrating._config(empty_url), "0010")
    with database.reading() as session:
        rows = [tuple(row) for row in session.execute(text(KEPT))]
    assert rows == [(90, "2026-11-01", "2027-01-30", 1, 7, "proposal", 1)]
    with database.writing() as session:
        for row in ACTS:
            session.execute(text(row))
        session.execute(text("DELETE FROM item WHERE id = 1"))
        session.commit()
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM bulk_change")).scalar() == 0
        assert session.execute(text("SELECT count(*) FROM bulk_act")).scalar() == 1
    database.dispose()


def test_intervals_kinds_and_states_are_still_checked(empty_url: str) -> None:
    command.upgrade(migrating._config(empty_url), BEFORE)
    database = Database(empty_url)
    with database.writing() as session:
        for row in ROWS:
            session.execute(text(row))
        session.commit()
    command.upgrade(migrating._config(empty_url), "0010")
    for change in ("verify_days = 6", "verify_days = 731", "kind = 'nonsense'", "status = 'nonsense'"):
        with pytest.raises(IntegrityError), database.writing() as session:
            session.execute(text(f"UPDATE item SET {change}"))
    database.dispose()
