"""The command line under test: called in this process on a fresh database, or started as a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
Portal = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    """Settings of one test: a folder of its own, and the database of the run."""
    return {"PORTAL_DATA_DIR": str(tmp_path / "data"), "PORTAL_DATABASE_URL": database_url, "PORTAL_LOG": "json"}


@pytest.fixture
def portal(environment: dict[str, str]) -> Portal:
    """Call `portal …` and get its exit code and words; more settings by name."""

    def call(*words: str, **more: str) -> Result:
        return CliRunner().invoke(main, list(words), env={**environment, **more}, prog_name="portal")

    return call


class Process:
    """A `portal` process; what it prints is read line by line while it runs."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from portal.cli.main import main; main(prog_name='portal')", *words],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(line.rstrip("\n") for line in self.process.stdout)

    def wait_for(self, pattern: str) -> str:
        """The first line that matches; fails when the process ends or takes too long."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            ended = self.process.poll() is not None
            found = next((line for line in list(self.lines) if re.search(pattern, line)), None)
            if found is not None:
                return found
            if ended:
                break
            time.sleep(0.05)
        raise AssertionError(f"no line {pattern!r} in {self.lines}")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; returns the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Callable[..., Process]]:
    """Start `portal …` as a process; what still runs at the end of the test is killed."""
    started: list[Process] = []

    def begin(*words: str, **more: str) -> Process:
        started.append(Process(list(words), {**environment, **more}))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait(PATIENCE)
        if one.process.stdout is not None:
            one._reader.join(PATIENCE)
            one.process.stdout.close()


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def get(url: str) -> tuple[int, str]:
    """Status and text of an address."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
