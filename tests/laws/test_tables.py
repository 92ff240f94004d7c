"""Tables: the list in `portal/tables.py` is whole, or migrations would not see what is missing from it."""

import ast

from sqlalchemy import ForeignKeyConstraint

from portal.tables import metadata
from tests.laws.source import ROOT, files, imports_of, name_of, tree_of


def test_every_module_with_a_table_is_listed() -> None:
    listed = {module for _, module in imports_of(tree_of(ROOT / "portal" / "tables.py"))}
    missing = []
    for path in files(".py", "portal"):
        has_table = any(
            isinstance(node, ast.Assign)
            and any(getattr(target, "id", "") == "__tablename__" for target in node.targets)
            for node in ast.walk(tree_of(path))
        )
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if has_table and module not in listed:
            missing.append(name_of(path))
    assert not missing, "\n".join(missing)


def test_every_foreign_key_says_what_deleting_does() -> None:
    silent = [
        f"{table.name}: {', '.join(constraint.column_keys)}"
        for table in metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint) and not constraint.ondelete
    ]
    assert not silent, "\n".join(silent)


def test_every_constraint_has_a_name() -> None:
    nameless = [
        table.name for table in metadata.tables.values() for constraint in table.constraints if not constraint.name
    ]
    assert not nameless, "\n".join(nameless)
