"""Making room for paths rebuilds the table of all items: every row and every row that points at one stays."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.core import migrating
from portal.core.db import Database

PERSON = (
    "INSERT INTO person (id, email, name, slug, title, state, password_hash, created_at)"
    " VALUES (1, 'dana@example.com', 'Dana', 'dana', '', 'active', '', '2026-11-01')"
)
ITEM = (
    "INSERT INTO item (id, kind, author_id, title, slug, summary, renderer_version, status, votes, version, source,"
    " html, created_at, updated_at) VALUES ({id}, '{kind}', 1, 'Visit', 'visit', '', 2, '{status}', 1, 1, 'Go.',"
    " '<p>Go.</p>', '2026-11-01', '2026-11-01')"
)
BESIDE = (
    "INSERT INTO playbook (id) VALUES (7)",
    "INSERT INTO item_audience (item_id, audience) VALUES (7, 'all')",
    "INSERT INTO star (person_id, item_id, at) VALUES (1, 7, '2026-11-02')",
)


def test_items_and_what_points_at_them_are_kept_and_paths_may_stand_beside(empty_url: str) -> None:
    command.upgrade(migrating._config(empty_url), "0004")
    database = Database(empty_url)
    with database.writing() as session:
        for statement in (PERSON, ITEM.format(id=7, kind="playbook", status="published"), *BESIDE):
            session.execute(text(statement))
        session.commit()
    command.upgrade(migrating._config(empty_url), "0006")
    with database.writing() as session:
        counts = [session.execute(text(f"SELECT count(*) FROM {name}")).scalar()
                  for name in ("item", "playbook", "item_audience", "star")]  # fmt: skip
        session.execute(text(ITEM.format(id=8, kind="path", status="published")))
        session.commit()
    assert counts == [1, 1, 1, 1]
    for kind, status in (("nonsense", "published"), ("path", "nonsense")):
        with pytest.raises(IntegrityError), database.writing() as session:
            session.execute(text(ITEM.format(id=9, kind=kind, status=status)))
    database.dispose()
