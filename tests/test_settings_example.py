"""`.env.example` lists every setting with its default, and each has a line that explains it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from portal.settings import Settings

EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"


class Asked(Mapping[str, str]):
    """An empty environment that remembers which names it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def example() -> dict[str, str]:
    lines = [line for line in EXAMPLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_example_names_every_setting_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked = Asked()
    Settings.from_env(asked)
    assert set(example()) == asked.names


def test_example_gives_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings.from_env(example()) == Settings.from_env({})
    given = example()
    assert {name for name, value in given.items() if not value} == {
        "PORTAL_DATABASE_URL",
        "PORTAL_SECRET_KEY",
        "PORTAL_BASE_URL",
        "PORTAL_SMTP_URL",
    }


def test_every_setting_is_explained() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            assert lines[number - 1].startswith("# "), f"{line} has no line above it that explains it"
