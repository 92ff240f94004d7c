"""A beat beside long work: something small is done again and again until the work is over."""

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger("heartbeat")


class Heartbeat:
    """Calls `beat` every so many seconds, in a thread, while its block lasts; never again once the block is left.

    A beat that fails is logged, and the next one is tried: the work beside it goes on.
    """

    def __init__(self, seconds: float, beat: Callable[[], None]) -> None:
        self._seconds, self._beat = seconds, beat
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                self._beat()
            except Exception:
                log.exception("beat_failed")
