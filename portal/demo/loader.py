"""Builds the demo company by playing its story through the real operations, whole or not at all."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Table, delete, exists, func, select
from sqlalchemy.orm import Session

from portal import tables
from portal.core import audit
from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.core.passwords import hash_password
from portal.core.units import write_in_unit
from portal.demo import asked, flags, paths, people, playbooks, searching, votes
from portal.demo.moments import Calendar
from portal.demo.play import Play, perform_all
from portal.demo.reading import FOLDER
from portal.demo.recognising import ACT
from portal.demo.story import Story
from portal.shared.files.store import FileStore
from portal.shared.people.models import Person

PASSWORD = "fieldhouse-demo"  # noqa: S105 - public, which is why the demo listens to this machine alone
SEED = 24
VERSION = 2
"""Raised with every change of this folder's code that plays the same data another way."""

PASSING = (
    "job", "scheduled", "attempt", "user_session", "search_made", "search_total", "item_view", "outgoing_mail",
    "mail_link", "submission", "file_text", "item_move",
)  # fmt: skip
"""Tables that change by looking around and by the worker alone; what stands in them is nobody's work.

The worker marks a move as told; what a move does stands in other tables."""

DELIVERED = ("playbook_template",)
"""Tables with rows that every new portal has; they are no part of the story, and stay."""

State = Literal["empty", "current", "outdated", "worked in", "other"]


@dataclass(frozen=True, slots=True)
class Built:
    """What was made, counted from its rows."""

    people: int
    objections: int
    questions: int
    answers: int
    playbooks: int
    votes: int


def fingerprint(folder: Path = FOLDER) -> str:
    """A hash of the data files and of the way they are played."""
    total = hashlib.sha256(f"{VERSION} {SEED}".encode())
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        total.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return total.hexdigest()


def find_state(session: Session, wanted: str) -> State:
    """How a database stands to the data files: empty, built from these, or built from older ones and then perhaps
    worked in, or not a demo company at all."""
    last = session.scalars(select(AuditEntry).where(AuditEntry.act == ACT).order_by(AuditEntry.id.desc())).first()
    if last is None:
        return "other" if session.scalar(select(exists().where(Person.id > 0))) else "empty"
    if last.detail["data"] == wanted:
        return "current"
    by_people = session.scalar(select(exists().where(AuditEntry.actor_id.is_not(None))))
    return "worked in" if by_people or digest(session) != last.detail["rows"] else "outdated"


def build(database: Database, store: FileStore, story: Story, *, now: datetime, timezone: str, wanted: str) -> Built:
    """Play the story into an empty database, or into one that holds an older story and nobody's work.

    One transaction: a build that is broken off leaves everything as it was. The caller then does the jobs.
    """
    password_hash = hash_password(PASSWORD)

    def work(session: Session) -> Built:
        session.info[audit.PLAYED] = True
        for table in reversed(_tables(but=(AuditEntry.__tablename__, *DELIVERED))):
            session.execute(delete(table))
        _play(Play(session, story, store), Calendar(now, timezone), password_hash)
        audit.record(session, None, ACT, story.name, {"data": wanted, "rows": digest(session)})
        return count_built(session)

    return write_in_unit(database, work)


def count_built(session: Session) -> Built:
    """Count the rows."""
    item, vote = tables.metadata.tables["item"], tables.metadata.tables["vote"]
    counted = session.execute(select(item.c.kind, func.count()).group_by(item.c.kind))
    kinds: dict[str, int] = {row[0]: row[1] for row in counted}
    return Built(
        people=session.scalar(select(func.count(Person.id))) or 0,
        objections=kinds.get("objection", 0),
        questions=kinds.get("question", 0),
        answers=kinds.get("answer", 0),
        playbooks=kinds.get("playbook", 0),
        votes=session.scalar(select(func.count()).select_from(vote)) or 0,
    )


def digest(session: Session) -> str:
    """A hash of every row that somebody made, to see later whether anybody has made or changed one."""
    session.flush()
    total = hashlib.sha256()
    for table in _tables(but=(*PASSING, AuditEntry.__tablename__)):
        total.update(table.name.encode())
        for row in session.execute(select(table).order_by(*table.primary_key.columns)):
            total.update(repr(tuple(row)).encode())
    return total.hexdigest()


def _play(play: Play, calendar: Calendar, password_hash: str) -> None:
    story = play.story
    acts = [
        *people.acts_of(story, password_hash),
        *asked.acts_of(story, SEED),
        *playbooks.acts_of(story),
        *paths.acts_of(story),
        *votes.acts_of(story, SEED),
        *searching.acts_of(story),
        *flags.acts_of(story),
    ]
    perform_all(play, acts, calendar)


def _tables(*, but: Sequence[str]) -> list[Table]:
    return [table for table in tables.metadata.sorted_tables if table.name not in but]
