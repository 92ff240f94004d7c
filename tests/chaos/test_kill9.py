"""The portal is killed at random moments while people write: nothing acknowledged is lost, nothing is there twice."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portal.cli.context import Context
from portal.cli.db import damage
from portal.core import clock
from portal.core.db import Database
from portal.core.jobs import CLAIM, Job
from portal.settings import Settings
from tests import builders
from tests.chaos.crowd import Member, Shared
from tests.chaos.journal import Journal
from tests.chaos.proof import find_differences
from tests.chaos.running import PATIENCE, Running
from tests.chaos.visitor import Visitor

ROUNDS = int(os.environ.get("PORTAL_CHAOS_ROUNDS", "20"))
SEED = int(os.environ.get("PORTAL_CHAOS_SEED", "0")) or random.randrange(1, 10**6)
NAMES = ("Dana Ruiz", "Omar Haddad", "Priya Nair", "Jonas Berg")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Where the crowd notes what was acknowledged."""
    return Journal(tmp_path / "journal")


@pytest.fixture
def chance() -> random.Random:
    """Chance that can be had again: the seed stands in the output of a failed test."""
    print(f"PORTAL_CHAOS_SEED={SEED}")
    return random.Random(SEED)


@pytest.fixture
def crowd(portal: Running, journal: Journal, chance: random.Random) -> Iterator[list[Member]]:
    """Four managers, who may edit each other's questions."""
    database, shared = Database(portal.database_url), Shared()
    people = [builders.add_person(database, name, "manager") for name in NAMES]
    database.dispose()
    visitors = [Visitor(portal.port, one.email) for one in people]
    yield [
        Member(visitor, one.id, shared, journal, random.Random(chance.random()))
        for visitor, one in zip(visitors, people, strict=True)
    ]
    for visitor in visitors:
        visitor.close()


def test_nothing_acknowledged_is_lost_when_the_portal_is_killed(
    portal: Running, journal: Journal, chance: random.Random, crowd: list[Member]
) -> None:
    portal.start()
    for member in crowd:
        member.visitor.sign_in(builders.PASSWORD)
    unanswered = 0
    for number in range(ROUNDS):
        for member in crowd:
            member.begin()
        time.sleep(chance.uniform(0.3, 3))
        portal.kill()
        killed_at = clock.now()
        for member in crowd:
            member.end(PATIENCE)
        unanswered += sum(member.uncertain is not None for member in crowd)
        portal.start()
        for member in crowd:
            member.settle()
        if number < ROUNDS - 1:  # the last one waits until the claims of the killed worker run out by themselves
            _let_claims_run_out(portal, killed_at)
        _prove(portal, journal)
    done = Counter(entry.deed for entry in journal.read())
    print(dict(done), f"unanswered: {unanswered}")
    assert done.keys() == {"ask", "answer", "edit", "vote"}
    assert unanswered
    checked = portal.call("search", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _prove(portal: Running, journal: Journal) -> None:
    """Database and index hold what the journal says. Nothing stays open here, so that the next start is a recovery."""
    context = Context(Settings.from_env(portal.environment))
    try:
        _await_index(context.database)
        with context.database.reading() as session:
            wrong = find_differences(session, journal.read())
        assert not wrong, "\n".join(wrong[:20])
        assert damage(context.database) is None
        difference = context.indexer.compare()
        assert difference.is_none, difference
    finally:
        context.database.dispose()


def _let_claims_run_out(portal: Running, killed_at: datetime) -> None:
    """As if the time had passed for which the killed worker had taken its jobs."""
    database = Database(portal.database_url)
    with database.writing() as session:
        held = Job.claimed_until <= killed_at + CLAIM
        session.execute(update(Job).where(held).values(claimed_until=None))
        session.commit()
    database.dispose()


def _await_index(database: Database) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with database.reading() as session:
            waiting = session.scalars(select(Job)).all()
        if not waiting:
            return
        assert time.monotonic() < deadline, f"the index did not catch up: {[vars(job) for job in waiting]}"
        time.sleep(0.05)
