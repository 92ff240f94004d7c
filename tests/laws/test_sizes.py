"""Budgets: a file, a function, a template and a folder stay small enough to be read in one go."""

import ast
from pathlib import Path

from tests.laws.source import ROOT, files, functions_of, lines_of, name_of

FILE, FILE_HARD = 300, 400
FUNCTION, FUNCTION_HARD = 40, 60
TEMPLATE, STYLE_SHEET, SCRIPT = 120, 150, 150
DEPTH = 3

# What may lie between the budget and the hard limit, each with its reason; empty is best.
LONGER = {
    "migrations/versions/0002_items.py": "the parent of all content has many columns, and a table is one statement"
}


def _over(paths: list[Path], budget: int) -> list[str]:
    return [f"{name_of(path)}: {lines_of(path)} lines" for path in paths if lines_of(path) > budget]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return (node.end_lineno or node.lineno) - first + 1


def test_python_files_stay_within_their_budget() -> None:
    paths = files(".py", "portal", "migrations", "tests")
    found = [*_over([path for path in paths if name_of(path) not in LONGER], FILE), *_over(paths, FILE_HARD)]
    assert not found, "\n".join(found)


def test_functions_stay_within_their_budget() -> None:
    found = []
    for path in files(".py", "portal", "migrations", "tests"):
        budget = FUNCTION_HARD if name_of(path) in LONGER else FUNCTION
        found += [f"{name}: {_length(node)} lines" for name, node in functions_of(path) if _length(node) > budget]
    assert not found, "\n".join(found)


def test_exceptions_are_still_needed() -> None:
    for name in LONGER:
        path = ROOT / name
        longest = max(_length(node) for _, node in functions_of(path))
        assert lines_of(path) > FILE or longest > FUNCTION, f"{name} is within its budget again"


def test_templates_style_sheets_and_scripts_stay_within_their_budget() -> None:
    found = _over(files(".html", "templates"), TEMPLATE)
    found += [*_over(files(".css", "static/css"), STYLE_SHEET), *_over(files(".js", "static/js"), SCRIPT)]
    assert not found, "\n".join(found)


def test_no_code_lies_deeper_than_three_folders_below_portal() -> None:
    deep = [name_of(path) for path in files(".py", "portal") if len(path.relative_to(ROOT / "portal").parts) > DEPTH]
    assert not deep, "\n".join(deep)
