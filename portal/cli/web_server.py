"""The embedded web server: waitress on one port; at the end the door closes first, and requests in hand finish."""

import errno
import logging
import time

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel

from portal.cli.context import Refused
from portal.core.guard import UPLOAD
from portal.settings import Settings

LOOK = 0.25
CONNECTIONS = 1000


class WebServer:
    """Listens from the moment it is made; Refused where it cannot."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._map: dict[int, wasyncore.dispatcher] = {}
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        try:
            self._server = create_server(
                app,
                map=self._map,
                host=settings.host,
                port=settings.port,
                threads=settings.threads,
                ident=None,
                url_scheme="https" if settings.is_https else "http",
                clear_untrusted_proxy_headers=settings.proxies == 0,
                connection_limit=CONNECTIONS,
                max_request_body_size=UPLOAD + 1024 * 1024,
            )
        except (OSError, ValueError) as error:
            raise Refused(_words_for(error, settings)) from None
        self._doors = [one for one in self._map.values() if getattr(one, "accepting", False)]

    def serve_for(self, seconds: float = LOOK) -> None:
        """Serve what comes within a moment; called again and again."""
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._map, count=1)

    def close(self, patience: float = 10.0) -> None:
        """Take no more connections, finish the requests in hand, and end the threads."""
        for door in self._doors:
            wasyncore.dispatcher.close(door)
        deadline = time.monotonic() + patience
        while any(one.requests or one.total_outbufs_len for one in self._channels()) and time.monotonic() < deadline:
            self.serve_for(0.05)
        self._server.task_dispatcher.shutdown(timeout=1)
        for channel in self._channels():
            channel.handle_close()
        wasyncore.close_all(self._map, ignore_all=True)

    def _channels(self) -> list[HTTPChannel]:
        return [one for one in self._map.values() if isinstance(one, HTTPChannel)]


def _words_for(error: OSError | ValueError, settings: Settings) -> str:
    where = f"{settings.port} on {settings.host}"
    if isinstance(error, ValueError) or error.errno == errno.EADDRNOTAVAIL:
        return f"PORTAL_HOST: “{settings.host}” is no address of this machine."
    if error.errno == errno.EADDRINUSE:
        return f"Port {where} is taken by another program; choose another one, for example PORT={settings.port + 1}."
    if error.errno == errno.EACCES:
        return f"Port {where} is not open to this user; choose one from 1024 on, for example PORT=8000."
    return f"Port {where} cannot be opened: {error.strerror}."
