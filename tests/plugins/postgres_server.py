"""A PostgreSQL server of the tests' own: in a temporary folder, behind a socket file, gone when the tests are.

It trusts its disk less than a real one needs to: a crash of the machine loses it, and nobody minds.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
START_SECONDS = 30
SETTINGS = ("fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=200", "shared_buffers=64MB")
# The shell outlives a killed test run just long enough: when its standard input closes, it stops the server.
WATCH = '"$@" & server=$!; read -r never_comes; kill -INT $server; wait $server; rm -rf "$FOLDER"'


@cache
def find_binaries() -> Path | None:
    """The folder with initdb and postgres, the newest where there are several."""
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def find_owner() -> str | None:
    """The account to run as: PostgreSQL refuses root. None means one's own."""
    return "postgres" if os.geteuid() == 0 else None


def why_not() -> str | None:
    """Why there can be no PostgreSQL here, in words; None where there can."""
    if find_binaries() is None:
        return "not installed"
    if owner := find_owner():
        try:
            pwd.getpwnam(owner)
        except KeyError:
            return "it refuses to run as root, and there is no account postgres"
    return None


class PostgresServer:
    """One server; `start()` returns the folder of its socket."""

    def __init__(self) -> None:
        self._watch: subprocess.Popen[bytes] | None = None
        self._folder = ""

    def start(self) -> str:
        """Make and start a server unless it runs; the folder of its socket file."""
        if self._watch is None:
            binaries, owner = find_binaries(), find_owner()
            assert binaries is not None
            self._folder = tempfile.mkdtemp(prefix="fieldhouse-pg-", dir="/tmp")
            if owner:
                shutil.chown(self._folder, owner)
            data = f"{self._folder}/data"
            initdb = [
                str(binaries / "initdb"),
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
            ]
            subprocess.run(initdb, check=True, user=owner, cwd="/", stdout=subprocess.DEVNULL)
            settings = (*SETTINGS, f"unix_socket_directories={self._folder}")
            options = [part for setting in settings for part in ("-c", setting)]
            with (Path(self._folder) / "log").open("wb") as log:
                self._watch = subprocess.Popen(
                    ["/bin/sh", "-c", WATCH, "sh", binaries / "postgres", "-D", data, *options],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    user=owner,
                    cwd="/",
                    env={**os.environ, "FOLDER": self._folder},
                    start_new_session=True,
                )
            self._wait(binaries / "pg_isready")
        return self._folder

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if self._watch is not None:
            self._watch.communicate()
            self._watch = None
            shutil.rmtree(self._folder, ignore_errors=True)

    def _wait(self, is_ready: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while subprocess.run([is_ready, "-q", "-h", self._folder], check=False).returncode:
            if time.monotonic() > deadline:
                log = (Path(self._folder) / "log").read_text("utf-8", "replace")
                self.stop()
                raise RuntimeError(f"PostgreSQL did not start:\n{log}")
            time.sleep(0.05)
