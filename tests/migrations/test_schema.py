"""Models and migrations say the same: a migrated database equals one that `create_all` made, to the last constraint."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Inspector, inspect, text

from portal.core import migrating
from portal.core.db import Database
from portal.tables import metadata

TRIGGERS = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT t.tgname, pg_get_triggerdef(t.oid), pg_get_functiondef(t.tgfoid)"
    " FROM pg_trigger t WHERE NOT t.tgisinternal",
}


def describe(database: Database) -> dict[str, Any]:
    """Everything that the database itself says of its tables, in a form that compares."""
    with database.readers.connect() as connection:
        inspector = inspect(connection)
        tables = {name: _table(inspector, name) for name in inspector.get_table_names() if name != "alembic_version"}
        triggers = connection.execute(text(TRIGGERS[connection.dialect.name])).all()
    return {"tables": tables, "triggers": sorted(tuple(row) for row in triggers)}


def _table(inspector: Inspector, name: str) -> dict[str, Any]:
    columns = {
        column["name"]: (repr(column["type"]), column["nullable"], column["default"], column.get("autoincrement"))
        for column in inspector.get_columns(name)
    }
    return {
        "columns": columns,
        "primary key": inspector.get_pk_constraint(name),
        "foreign keys": _sorted(inspector.get_foreign_keys(name)),
        "uniques": _sorted(inspector.get_unique_constraints(name)),
        "checks": _sorted(inspector.get_check_constraints(name)),
        "indexes": _sorted(_plain(index) for index in inspector.get_indexes(name)),
    }


def _plain(index: Any) -> dict[str, Any]:
    """An index whose condition, which compares by identity, stands as words."""
    return {**index, "dialect_options": {key: str(value) for key, value in index.get("dialect_options", {}).items()}}


def _sorted(found: Any) -> list[Any]:
    return sorted((dict(one) for one in found), key=repr)


@pytest.fixture
def migrated(database_url: str) -> Iterator[Database]:
    """A database made by the migrations."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def modelled(empty_url: str) -> Iterator[Database]:
    """A database made from the models alone."""
    database = Database(empty_url)
    with database.writers.begin() as connection:
        metadata.create_all(connection)
    yield database
    database.dispose()


def test_model_and_schema_are_equal(migrated: Database, modelled: Database) -> None:
    is_made, should_be = describe(migrated), describe(modelled)
    assert set(is_made["tables"]) == set(should_be["tables"]) == set(metadata.tables)
    for name in metadata.tables:
        assert is_made["tables"][name] == should_be["tables"][name], name
    assert is_made["triggers"] == should_be["triggers"]
    assert should_be["triggers"], "the audit log has triggers"


def test_columns_stand_in_the_order_of_the_models(migrated: Database) -> None:
    described = describe(migrated)["tables"]
    for name, table in metadata.tables.items():
        assert list(described[name]["columns"]) == [column.name for column in table.columns], name


def test_there_is_one_head_and_an_upgrade_reaches_it(database_url: str) -> None:
    assert migrating.current(database_url) == migrating.head()
