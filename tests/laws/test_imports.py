"""The import contracts hold, and each of them would notice: one violation is planted in a copy for every contract."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.laws.source import ROOT, files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = [contract["name"] for contract in PROJECT["tool"]["importlinter"]["contracts"]]

# For each contract: the file, and the line that breaks the rule when it is added.
PLANTED = {
    "Floors: imports go down only": [("portal/core/clock.py", "from portal.shared.people import models")],
    "Features have no doors between them": [
        ("portal/features/home/planted.py", "from portal.features.search import views")
    ],
    "Shared: stairs in one direction": [("portal/shared/people/planted.py", "from portal.shared.votes import models")],
    "Inside a folder": [("portal/shared/items/policy.py", "from portal.shared.items import operations")],
    "Only views know the web": [("portal/features/objections/queries.py", "import flask")],
    "The web server never loads what reads files": [("portal/wiring.py", "from portal.shared.files import extractor")],
    "Searches know the door of the engine, and not the engine": [
        ("portal/shared/finding/indexing.py", "from portal.shared.search_index import engine")
    ],
    "No circles anywhere": [
        ("portal/core/planted_hen.py", "from portal.core import planted_egg"),
        ("portal/core/planted_egg.py", "from portal.core import planted_hen"),
    ],
}


def verdicts(folder: Path) -> dict[str, str]:
    """What import-linter says of each contract, in a process of its own, so that it sees that folder."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as go; go()", "--no-cache"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = dict(re.findall(r"^(.+) (KEPT|BROKEN)$", result.stdout, re.MULTILINE))
    assert set(found) == set(CONTRACTS), result.stdout + result.stderr
    return {name: verdict if verdict == "KEPT" else result.stdout for name, verdict in found.items()}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source with its contracts."""
    for path in files(".py", "portal"):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def test_contracts_are_kept(copy: Path) -> None:
    for name, verdict in verdicts(copy).items():
        assert verdict == "KEPT", f"{name}\n{verdict}"


def test_there_is_a_violation_for_each_contract() -> None:
    assert set(PLANTED) == set(CONTRACTS)


@pytest.mark.parametrize("contract", PLANTED)
def test_contract_notices_its_violation(copy: Path, contract: str) -> None:
    for name, line in PLANTED[contract]:
        path = copy / name
        before = path.read_text("utf-8") if path.exists() else ""
        path.write_text(f"{before}\n{line}\n", "utf-8")
    verdict = verdicts(copy)[contract]
    assert verdict != "KEPT"
    assert PLANTED[contract][0][1].split()[1] in verdict
