"""The embedded web server: told in words why it cannot listen, and at the end no request in hand is lost."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from portal.cli.context import Refused
from portal.cli.web_server import WebServer
from portal.settings import Settings
from tests.cli.conftest import get


def settings(tmp_path: Path, host: str = "127.0.0.1", port: int = 0) -> Settings:
    return Settings(tmp_path, "sqlite://", "-" * 32, "http://localhost", host=host, port=port)


class SlowApp:
    """An application whose one page takes half a second and then sends more than a socket holds."""

    def __init__(self) -> None:
        self.app, self.is_asked = Flask("slow"), threading.Event()
        self.app.add_url_rule("/", "page", self.page)

    def page(self) -> str:
        self.is_asked.set()
        time.sleep(0.5)
        return "all of it " * 500_000


def serve_until(server: WebServer, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        server.serve_for(0.01)


def test_a_request_in_hand_is_answered_whole_and_a_late_one_is_not_taken(tmp_path: Path, free_port: int) -> None:
    slow, answers = SlowApp(), list[tuple[int, str]]()
    server = WebServer(slow.app, settings(tmp_path, port=free_port))
    reader = threading.Thread(target=lambda: answers.append(get(f"http://127.0.0.1:{free_port}/")))
    reader.start()
    serve_until(server, slow.is_asked.is_set)
    server.close()
    reader.join(10)
    assert answers == [(200, "all of it " * 500_000)]
    with pytest.raises(OSError, match="refused"):
        get(f"http://127.0.0.1:{free_port}/")


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_another_machine_is_told(tmp_path: Path, free_port: int, host: str) -> None:
    with pytest.raises(Refused, match="is no address of this machine"):
        WebServer(Flask("none"), settings(tmp_path, host=host, port=free_port))
