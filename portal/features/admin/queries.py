"""Reads of the machinery for admins: figures, jobs, the audit log, and the mails in the folder."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.shared.people.models import Department, Person, Team

MOST_JOBS, MOST_MAILS = 200, 100
_MAIL_FILE = re.compile(r"[0-9-]{1,40}\.eml")
_LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Figures:
    """What the overview counts."""

    departments: int
    teams: int
    waiting_jobs: int
    failing_jobs: int
    dead_jobs: int
    unsent_mails: int


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One `.eml` file; `parts` is its text cut into words and links (empty address), `[("Go to ", ""), (url, url)]`."""

    name: str
    subject: str
    to: str
    at: datetime
    parts: tuple[tuple[str, str], ...] = ()


def count_figures(session: Session) -> Figures:
    """All figures in one statement."""
    failing = Job.last_error.is_not(None)
    row = session.execute(
        select(
            select(func.count()).select_from(Department).scalar_subquery(),
            select(func.count()).select_from(Team).scalar_subquery(),
            select(func.count()).select_from(Job).where(Job.dead.is_(False)).scalar_subquery(),
            select(func.count()).select_from(Job).where(Job.dead.is_(False), failing).scalar_subquery(),
            select(func.count()).select_from(Job).where(Job.dead.is_(True)).scalar_subquery(),
            select(func.count()).select_from(OutgoingMail).where(OutgoingMail.sent_at.is_(None)).scalar_subquery(),
        )
    ).one()
    return Figures(*row)


def list_jobs(session: Session) -> Sequence[Job]:
    """Jobs that need a look first (given up, then failing), then those that wait; at most MOST_JOBS."""
    return session.scalars(
        select(Job).order_by(Job.dead.desc(), Job.last_error.is_(None), Job.run_after, Job.id).limit(MOST_JOBS)
    ).all()


def state_of(job: Job) -> str:
    """`given up`, `at work`, `failing` or `waiting`."""
    if job.dead:
        return "given up"
    if job.claimed_until is not None and job.claimed_until > clock.now():
        return "at work"
    return "failing" if job.last_error else "waiting"


def list_audit(
    session: Session, *, act: str = "", limit: int, offset: int = 0
) -> Sequence[tuple[AuditEntry, Person | None]]:
    """Entries of the audit log with who did it, newest first; None is the command line."""
    wanted = select(AuditEntry, Person).outerjoin(Person, Person.id == AuditEntry.actor_id)
    if act:
        wanted = wanted.where(AuditEntry.act == act)
    rows = session.execute(wanted.order_by(AuditEntry.id.desc()).limit(limit).offset(offset))
    return [(row[0], row[1]) for row in rows]


def count_acts(session: Session) -> dict[str, int]:
    """The acts that stand in the audit log, with how often, by name."""
    rows = session.execute(select(AuditEntry.act, func.count()).group_by(AuditEntry.act).order_by(AuditEntry.act))
    return {row[0]: row[1] for row in rows}


def list_mails(folder: Path) -> tuple[KeptMail, ...]:
    """The newest mails in the folder, without their text."""
    names = sorted((path.name for path in folder.glob("*.eml")), reverse=True)[:MOST_MAILS]
    return tuple(mail for name in names if (mail := _kept(folder / name, headers_only=True)) is not None)


def find_mail(folder: Path, name: str) -> KeptMail | None:
    """One mail of the folder; a name that the portal would not give leads nowhere, so that no path gets out."""
    return _kept(folder / name) if _MAIL_FILE.fullmatch(name) else None


def _kept(path: Path, *, headers_only: bool = False) -> KeptMail | None:
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        with path.open("rb") as file:
            message = BytesParser(policy=policy.default).parse(file, headersonly=headers_only)
    except OSError:
        return None
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) and not headers_only else None
    parts = tuple(_parts(str(body.get_content()))) if body is not None else ()
    return KeptMail(path.name, str(message["subject"] or ""), str(message["to"] or ""), written, parts)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for link in _LINK.finditer(text):
        url = link[0].rstrip(".,;:!?)")
        yield text[at : link.start()], ""
        yield url, url
        at = link.start() + len(url)
    yield text[at:], ""
