"""Being asked to stop, by Ctrl-C or by SIGTERM: noted in a flag, so that the work in hand is finished first."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether somebody asked."""

    def __init__(self) -> None:
        self.is_asked = False

    def ask(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Take note; takes no lock, since a signal may come at any place."""
        self.is_asked = True


@contextmanager
def listening() -> Iterator[Stop]:
    """Hear both signals inside the block; they have their usual effect again afterwards."""
    stop = Stop()
    former = {number: signal.signal(number, stop.ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
