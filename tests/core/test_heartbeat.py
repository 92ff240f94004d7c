"""A beat goes on beside long work, outlives its own errors, and ends with the work."""

import threading

import pytest

from portal.core.heartbeat import Heartbeat


def test_it_beats_while_the_block_lasts_and_never_after() -> None:
    beats, third = list[int](), threading.Event()

    def beat() -> None:
        beats.append(1)
        if len(beats) == 3:
            third.set()

    with Heartbeat(0.001, beat):
        assert third.wait(30)
    assert not [thread for thread in threading.enumerate() if thread.name == "heartbeat"]


def test_it_outlives_a_beat_that_fails_and_tells_of_it(told) -> None:
    beats, second = list[int](), threading.Event()

    def beat() -> None:
        beats.append(1)
        if len(beats) == 1:
            raise LookupError("the database is away")
        second.set()

    with Heartbeat(0.001, beat):
        assert second.wait(30)
    assert [line["event"] for line in told()] == ["beat_failed"]


def test_it_ends_with_the_work_that_fails_and_does_not_beat_for_short_work() -> None:
    with pytest.raises(LookupError), Heartbeat(60, lambda: pytest.fail("too early")):
        raise LookupError
    assert not [thread for thread in threading.enumerate() if thread.name == "heartbeat"]
