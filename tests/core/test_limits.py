"""Throttles hold over threads, processes and restarts, and forget what is old."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock, limits
from portal.core.db import Database
from portal.core.errors import TooMany
from portal.core.limits import Attempt, Limit

NOON = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)
TEN = Limit(10, 300)


def attempt(database: Database, *buckets: str, limit: Limit = TEN) -> None:
    with database.writing() as session:
        limits.check(session, [(bucket, limit) for bucket in buckets], "Too often.")
        limits.count_attempt(session, buckets)
        session.commit()


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Attempt)) or 0


def test_the_tenth_attempt_passes_and_the_eleventh_does_not(database: Database) -> None:
    for _ in range(10):
        attempt(database, "login:a")
    with pytest.raises(TooMany, match="Too often"):
        attempt(database, "login:a")
    attempt(database, "login:b")
    assert count(database) == 11


def test_one_full_bucket_of_several_is_enough(database: Database) -> None:
    for number in range(10):
        attempt(database, "net", f"mail {number}")
    with pytest.raises(TooMany):
        attempt(database, "mail new", "net")


def test_the_window_slides_and_says_when_it_opens(database: Database) -> None:
    for second in range(10):
        with clock.at(NOON + timedelta(seconds=second)):
            attempt(database, "a")
    with clock.at(NOON + timedelta(seconds=60)), pytest.raises(TooMany) as caught:
        attempt(database, "a")
    assert caught.value.retry_after == 241
    with clock.at(NOON + timedelta(seconds=299)), pytest.raises(TooMany) as caught:
        attempt(database, "a")
    assert caught.value.retry_after == 2
    with clock.at(NOON + timedelta(seconds=300)):
        attempt(database, "a")
    with clock.at(NOON + timedelta(seconds=300)), pytest.raises(TooMany):
        attempt(database, "a")


def test_many_at_once_cannot_all_take_the_last_place(database_url: str) -> None:
    """Each thread has a database object of its own, as processes would."""
    start, passed, refused = threading.Barrier(12, timeout=20), [], []

    def work() -> None:
        own = Database(database_url, pool_size=1)
        start.wait()
        for _ in range(2):
            try:
                own.repeat(lambda: attempt(own, "net", "login"))
                passed.append(1)
            except TooMany:
                refused.append(1)
        own.dispose()

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), len(refused)) == (10, 14)


def test_checking_writes_nothing(database: Database) -> None:
    with database.reading() as session:
        limits.check(session, [("a", TEN)], "Too often.")
    assert count(database) == 0


def test_a_good_attempt_empties_its_buckets_alone(database: Database) -> None:
    attempt(database, "a", "b", "c")
    with database.writing() as session:
        limits.forget(session, ["a", "b"])
        session.commit()
    with database.reading() as session:
        assert session.scalars(select(Attempt.bucket)).all() == ["c"]


def test_an_attempt_that_was_none_is_taken_back_alone(database: Database) -> None:
    for _ in range(3):
        attempt(database, "a", "b")
    attempt(database, "c")
    with database.writing() as session:
        limits.take_back(session, ["a", "c", "nothing"])
        session.commit()
    with database.reading() as session:
        kept = session.scalars(select(Attempt.bucket).order_by(Attempt.bucket)).all()
    assert kept == ["a", "a", "b", "b", "b"]


def test_old_attempts_are_forgotten(database: Database) -> None:
    for days in range(4):
        with clock.at(NOON + timedelta(days=days)):
            attempt(database, str(days))
    with database.writing() as session:
        limits.forget_before(session, NOON + timedelta(days=2))
        session.commit()
    with database.reading() as session:
        assert session.scalars(select(Attempt.bucket).order_by(Attempt.bucket)).all() == ["2", "3"]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.255", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("192.0.2.7, 10.0.0.1", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_addresses_count_by_network(address: str | None, network: str) -> None:
    assert limits.network(address) == network
