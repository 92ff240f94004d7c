"""What `migrations/env.py` promises: a rebuilt table loses no row elsewhere, a bad revision leaves no trace."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.core import migrating
from portal.core.db import Database

Add = Callable[[str], None]

REBUILD = """
    with op.batch_alter_table("department") as batch:
        batch.alter_column("line", type_=sa.String(500))
"""
ORPHAN = """
    op.execute("DELETE FROM department_slug WHERE department_id = 1")
    op.execute("DELETE FROM department")
    op.execute("INSERT INTO department_slug (slug, department_id) VALUES ('nowhere', 77)")
"""


@pytest.fixture
def add_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Add:
    """Adds one more revision to a copy of the migrations, and has the copy used."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrating.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    last = migrating.head()

    def add(upgrade: str) -> None:
        source = '"""Try something."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = "9999"\n'
        source += f'down_revision = "{last}"\n\n\ndef upgrade() -> None:\n{upgrade}'
        (folder / "versions" / "9999_try.py").write_text(source, "utf-8")
        monkeypatch.setattr(migrating, "FOLDER", folder)

    return add


def rows(url: str) -> tuple[int, list[str]]:
    """How many departments there are, and the slugs that forward to them."""
    database = Database(url)
    with database.reading() as session:
        departments = session.execute(text("SELECT count(*) FROM department")).scalar_one()
        slugs = list(session.execute(text("SELECT slug FROM department_slug ORDER BY slug")).scalars())
    database.dispose()
    return departments, slugs


@pytest.fixture
def filled_url(database_url: str) -> str:
    """A migrated database with a department and two old slugs of it."""
    database = Database(database_url)
    with database.writing() as session:
        session.execute(text("INSERT INTO department (id, slug, name, line) VALUES (1, 'sales', 'Sales', '')"))
        session.execute(text("INSERT INTO department_slug (slug, department_id) VALUES ('field', 1), ('vertrieb', 1)"))
        session.commit()
    database.dispose()
    return database_url


def test_a_rebuilt_table_keeps_the_rows_that_point_at_it(filled_url: str, add_revision: Add) -> None:
    add_revision(REBUILD)
    assert not migrating.is_current(filled_url)
    migrating.upgrade(filled_url)
    assert migrating.current(filled_url) == "9999"
    assert rows(filled_url) == (1, ["field", "vertrieb"])


def test_a_revision_that_leaves_orphans_is_refused_and_undone(filled_url: str, add_revision: Add) -> None:
    add_revision(ORPHAN)
    before = migrating.current(filled_url)
    with pytest.raises(Exception, match=re.compile("point at nothing|foreign key", re.IGNORECASE)):
        migrating.upgrade(filled_url)
    assert migrating.current(filled_url) == before
    assert rows(filled_url) == (1, ["field", "vertrieb"])


def test_every_revision_opens_with_a_sentence_that_says_why() -> None:
    for path in sorted((migrating.FOLDER / "versions").glob("*.py")):
        first = path.read_text("utf-8").splitlines()[0]
        assert re.fullmatch(r'"""[A-Z].{30,}\."""', first), f"{path.name}: {first}"
        assert re.match(r"\d{4}_[a-z_]+\.py$", path.name)
