"""Imports stand at the top of a file: one inside a function hides a circle."""

from tests.laws.source import ROOT, files, functions_of, imports_of


def test_no_function_imports() -> None:
    paths = [*files(".py", "portal", "migrations"), ROOT / "wsgi.py"]
    hidden = [
        f"{name}: {module}" for path in paths for name, node in functions_of(path) for _, module in imports_of(node)
    ]
    assert not hidden, "\n".join(hidden)
