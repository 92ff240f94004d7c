"""Slow work stands beside quick work: neither waits for the other, and both end together."""

import threading

from portal.core.db import Database
from portal.core.jobs import JobKind, Worker, enqueue
from portal.core.lanes import Lanes

PATIENCE = 30


def ask(database: Database, *kinds: str) -> None:
    with database.writing() as session:
        for kind in kinds:
            enqueue(session, kind)
        session.commit()


def test_quick_work_is_done_while_slow_work_lasts(database: Database) -> None:
    quick_done, slow_began, may_end = threading.Event(), threading.Event(), threading.Event()

    def take_long() -> None:
        slow_began.set()
        assert may_end.wait(PATIENCE)

    lanes = Lanes(
        Worker(database, {"quick": JobKind(lambda keys: quick_done.set())}, pause=0.01),
        Worker(database, {"slow": JobKind(lambda keys: take_long())}, pause=0.01),
    )
    ask(database, "slow")
    thread = threading.Thread(target=lanes.run)
    thread.start()
    assert slow_began.wait(PATIENCE)
    ask(database, "quick")
    assert quick_done.wait(PATIENCE)
    lanes.stop()
    may_end.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_the_slow_one_ends_when_the_quick_one_breaks(database: Database) -> None:
    slow = Worker(database, {"slow": JobKind(lambda keys: None)}, pause=0.01)
    lanes = Lanes(Worker(database, {}), slow)
    lanes.quick.stop()
    thread = threading.Thread(target=lanes.run)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_draining_does_what_follows_from_slow_work_too(database: Database) -> None:
    done: list[str] = []

    def read() -> None:
        done.append("slow")
        ask(database, "quick")

    lanes = Lanes(
        Worker(database, {"quick": JobKind(lambda keys: done.append("quick"))}),
        Worker(database, {"slow": JobKind(lambda keys: read())}),
    )
    ask(database, "slow", "quick")
    assert lanes.drain() == 3
    assert done == ["quick", "slow", "quick"]
    assert set(lanes.kinds) == {"quick", "slow"}
