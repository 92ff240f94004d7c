"""`portal run` in a process group of its own: started, awaited, and killed with everything in it."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
SHOWN = 20_000
COMMAND = [sys.executable, "-c", "from portal.cli.main import main; main(prog_name='portal')"]


class Running:
    """One portal that may be killed and started again; all its starts write one log."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.port = find_port()
        self.data_dir, self.database_url, self.log = folder / "data", database_url, folder / "portal.log"
        own = {
            "PORT": str(self.port),
            "PORTAL_DATA_DIR": str(self.data_dir),
            "PORTAL_DATABASE_URL": database_url,
            "PORTAL_LIMITS": "off",
            "PORTAL_LOG": "json",
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        self.environment = {**inherited, **own}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()
        if self.log.exists():  # pytest shows it where the test failed
            print(self.log.read_text("utf-8", "replace")[-SHOWN:])

    def start(self) -> None:
        """Start, and wait until it is ready to serve."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*COMMAND, "run"], cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + PATIENCE
        while not self._is_ready():
            assert self._process.poll() is None, "the portal ended by itself"
            assert time.monotonic() < deadline, "the portal did not get ready"
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL for the whole group, web and worker alike; returns when it is gone."""
        if self._process is not None:
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE)
            self._process = None

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another `portal …` beside it."""
        return subprocess.run(
            [*COMMAND, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def find_port() -> int:
    """A free port below those that the system hands out, so that nobody else gets it between two starts."""
    for port in random.Random().sample(range(20_000, 32_000), 100):
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise AssertionError("no free port")
