"""The source as the laws read it: which files there are, and what Python says is in them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_OURS = {".git", ".venv", "var", "build", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is or would be committed; without git, everything that was not built."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    else:
        names = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in names if path.is_file()))


def files(ending: str, *tops: str) -> list[Path]:
    """Our files of one ending below some folders of the project; vendored ones left out."""
    folders = [ROOT / top for top in tops]
    return [
        path
        for path in tracked()
        if path.suffix == ending and any(folder in path.parents for folder in folders) and "vendor" not in path.parts
    ]


def name_of(path: Path) -> str:
    """The path as people say it: from the project's folder."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """The file as Python reads it."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


@cache
def lines_of(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text("utf-8").splitlines())


def functions_of(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of a file, methods and inner ones too, with its name as people say it."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name_of(path)}:{node.lineno} {node.name}", node


def imports_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The modules that a piece of source imports, by line; `from a import b` is said as `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
