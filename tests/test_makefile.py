"""The Makefile: what it cannot do it says in a sentence, before it makes anything."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_a_python_that_was_named_and_is_not_there_is_said(tmp_path: Path) -> None:
    named = [f"PYTHON={tmp_path}/python9", f"VENV={tmp_path}/venv"]
    said = subprocess.run(["make", "setup", *named], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode != 0
    assert f"Fieldhouse needs Python 3.11 or newer with its venv module, and found none at {tmp_path}" in said.stderr
    assert not (tmp_path / "venv").exists()
