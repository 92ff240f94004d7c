"""A portal for the hard cases: on a fresh database, in processes of its own, gone after the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.running import Running


@pytest.fixture
def portal(tmp_path: Path, database_url: str) -> Iterator[Running]:
    """Not started yet; whatever happens in the test, no process of it stays."""
    with Running(tmp_path, database_url) as running:
        yield running
