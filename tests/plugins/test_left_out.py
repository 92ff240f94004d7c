"""What a machine lacks is deselected and named just above pytest's last line, and is a failure where demanded."""

from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., pytest.RunResult]
ROOT = Path(__file__).resolve().parent.parent.parent

CONFTEST = """
from tests.plugins import left_out
pytest_plugins = ["tests.plugins.left_out"]
left_out.NEEDS["needs_browser"] = ("the browser", lambda: {browser!r})
left_out.NEEDS["needs_shared"] = ("real input", lambda: {shared!r})
left_out.NEEDS["needs_postgres"] = ("PostgreSQL", lambda: None)
"""
TESTS = """
import pytest

def test_plain(): pass

@pytest.mark.needs_browser
def test_story(): pass

@pytest.mark.needs_browser
@pytest.mark.needs_shared
def test_both(): pass

@pytest.mark.needs_postgres
def test_present(): pass
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the four tests above in a pytest of their own, on a machine that lacks what is said."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    pytester.makeini("[pytest]\nmarkers =\n needs_browser\n needs_shared\n needs_postgres\n")
    pytester.makepyfile(TESTS)

    def run(
        *arguments: str, browser: str | None = None, shared: str | None = None, require: str = ""
    ) -> pytest.RunResult:
        pytester.makeconftest(CONFTEST.format(browser=browser, shared=shared))
        monkeypatch.setenv("PORTAL_TEST_REQUIRE", require)
        return pytester.runpytest_subprocess("-ra", "-p", "no:cacheprovider", *arguments)

    return run


def last_lines(result: pytest.RunResult) -> tuple[str, str]:
    above, last = [line for line in result.outlines if line.strip()][-2:]
    return above, last


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_what_is_missing_is_named_above_the_last_line(run: Run, workers: tuple[str, ...]) -> None:
    result = run(*workers, browser="no chromium installed", shared="no folder ../shared")
    above, last = last_lines(result)
    assert above == "left out: real input (no folder ../shared), the browser (no chromium installed)"
    assert "2 passed" in last
    assert result.ret == 0


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_what_is_demanded_and_missing_fails_the_run(run: Run, workers: tuple[str, ...]) -> None:
    result = run(*workers, browser="no chromium installed", require="all")
    above, last = last_lines(result)
    assert above.startswith("left out: the browser (no chromium installed); PORTAL_TEST_REQUIRE=all demands it")
    assert "2 passed" in last
    assert result.ret == 1


def test_nothing_is_said_where_nothing_is_missing(run: Run) -> None:
    result = run(require="all")
    assert "left out" not in result.stdout.str()
    assert "4 passed" in last_lines(result)[1]
    assert result.ret == 0


def test_nothing_is_said_of_what_nobody_asked_for(run: Run) -> None:
    result = run("-k", "plain", browser="no chromium installed")
    result.assert_outcomes(passed=1, deselected=3)
    assert "left out" not in result.stdout.str()
