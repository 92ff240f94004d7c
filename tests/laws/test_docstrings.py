"""Every module opens with its promise in one sentence, and everything public says its rule."""

import ast
import re
from collections.abc import Iterator

from tests.laws.source import files, name_of, tracked, tree_of

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
PUT_OFF = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X])\b")
TEXT = {".py", ".html", ".css", ".js", ".md", ".toml", ".yaml", ".mako", ""}


def _public(body: list[ast.stmt]) -> Iterator[Documented]:
    """Public functions and classes of a module, with the public methods of public classes."""
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


def test_every_module_opens_with_one_sentence() -> None:
    wrong = []
    for path in files(".py", "portal", "migrations", "tests"):
        first = (ast.get_docstring(tree_of(path)) or "").split("\n\n")[0]
        if not re.fullmatch(r"\S.{10,}[.…”`]", " ".join(first.split())):
            wrong.append(f"{name_of(path)}: {first!r}")
    assert not wrong, "\n".join(wrong)


def test_everything_public_has_a_docstring() -> None:
    silent = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in files(".py", "portal")
        for node in _public(tree_of(path).body)
        if not ast.get_docstring(node)
    ]
    assert not silent, "\n".join(silent)


def test_nothing_is_put_off_in_the_source() -> None:
    found = []
    for path in tracked():
        if path.suffix in TEXT and "vendor" not in path.parts:
            for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
                if PUT_OFF.search(line):
                    found.append(f"{name_of(path)}:{number} {line.strip()}")
    assert not found, "\n".join(found)
