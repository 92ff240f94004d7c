"""A unit of work is committed where units begin: at the doors, in the worker, and on the command line."""

import ast

from tests.laws.source import files, name_of, tree_of

MAY_BEGIN_UNITS = {
    "portal/core/units.py": "the writing unit itself",
    "portal/core/web.py": "doors",
    "portal/core/jobs.py": "the worker",
    "portal/core/schedule.py": "the worker, by the clock",
    "portal/shared/files/operations.py": "a job of the worker, which reads a file outside of any unit",
}
MAY_COMMIT = {
    "portal/core/units.py": "the writing unit itself",
    "portal/core/observed.py": "the thread that writes down what a GET learnt",
    "portal/core/mail.py": "the worker, after each mail that went out",
}
MAY_COMMIT_BELOW = ("portal/cli/", "portal/demo/")
WRITES_NO_DATABASE = "portal/shared/search_index/"


def test_only_units_of_work_commit() -> None:
    commits = [
        f"{name_of(path)}:{node.lineno}"
        for path in files(".py", "portal")
        if name_of(path) not in MAY_COMMIT and not name_of(path).startswith((*MAY_COMMIT_BELOW, WRITES_NO_DATABASE))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert not commits, "\n".join(commits)


def test_only_they_begin_writing_units() -> None:
    begun = [
        f"{name_of(path)}:{node.lineno}"
        for path in files(".py", "portal")
        if name_of(path) not in MAY_BEGIN_UNITS and not name_of(path).startswith(MAY_COMMIT_BELOW)
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Attribute) and node.attr == "write_in_unit")
        or (isinstance(node, ast.alias) and node.name in ("write_in_unit", "portal.core.units"))
    ]
    assert not begun, "\n".join(begun)
