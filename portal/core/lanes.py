"""Slow work beside quick work: two workers that pass for one, so that no long job holds up the short ones."""

import threading
from collections.abc import Mapping

from portal.core.jobs import JobKind, Worker


class Lanes:
    """A quick worker and a slow one, each with kinds of jobs of its own."""

    def __init__(self, quick: Worker, slow: Worker) -> None:
        self.quick, self.slow = quick, slow
        self.tick = quick.tick

    @property
    def kinds(self) -> Mapping[str, JobKind]:
        """What the two can do."""
        return {**self.quick.kinds, **self.slow.kinds}

    def run(self) -> None:
        """Work until `stop()`, the slow one in a thread of its own."""
        beside = threading.Thread(target=self.slow.run, name="slow worker")
        beside.start()
        try:
            self.quick.run()
        finally:
            self.slow.stop()
            beside.join()

    def stop(self) -> None:
        """End both after what they have in hand."""
        self.quick.stop()
        self.slow.stop()

    def step(self) -> bool:
        """One batch of one kind; True when there was one."""
        return self.quick.step() or self.slow.step()

    def drain(self) -> int:
        """Do everything that is due now, and what follows from it. Returns the number of batches."""
        batches = 0
        while self.step():
            batches += 1
        return batches
