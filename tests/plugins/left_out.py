"""What this machine lacks is left out and named in one line just above pytest's last line, never silently.

`PORTAL_TEST_REQUIRE=all` turns "left out" into a failure.
"""

import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from tests.plugins import postgres_server

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared"
LEFT_OUT = pytest.StashKey[set[str]]()

Probe = Callable[[], str | None]
"""Returns why the thing cannot be used here, or None where it can."""


def find_chromium() -> str | None:
    """The Chromium of this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


NEEDS: dict[str, tuple[str, Probe]] = {
    "needs_postgres": ("PostgreSQL", postgres_server.why_not),
    "needs_browser": ("the browser", lambda: None if find_chromium() else "no chromium installed"),
    "needs_shared": ("real input", lambda: None if SHARED.is_dir() else "no folder ../shared"),
}


def is_demanded() -> bool:
    """Whether everything must be there."""
    return os.environ.get("PORTAL_TEST_REQUIRE", "") == "all"


def pytest_configure(config: pytest.Config) -> None:
    """Start with nothing left out."""
    config.stash[LEFT_OUT] = set()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what cannot run here, and keep the browser in one worker."""
    missing = {marker: f"{name} ({why})" for marker, (name, probe) in NEEDS.items() if (why := probe())}
    kept, dropped = list[pytest.Item](), list[pytest.Item]()
    for item in items:
        lacks = [said for marker, said in missing.items() if item.get_closest_marker(marker)]
        config.stash[LEFT_OUT].update(lacks)
        (dropped if lacks else kept).append(item)
        if item.get_closest_marker("needs_browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """With several workers: each tells the first process what it left out."""
    node.config.stash[LEFT_OUT].update(getattr(node, "workeroutput", {}).get("left_out", ()))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Pass on what was left out, and fail where everything was demanded."""
    left_out = session.config.stash[LEFT_OUT]
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = sorted(left_out)
    elif left_out and is_demanded() and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Name what was left out after all other summaries."""
    yield
    left_out = terminalreporter.config.stash[LEFT_OUT]
    if left_out:
        demanded = "; PORTAL_TEST_REQUIRE=all demands it, so this run has failed" if is_demanded() else ""
        terminalreporter.write_line(
            f"left out: {', '.join(sorted(left_out))}{demanded}", yellow=not demanded, red=bool(demanded)
        )
