"""Signed-in sessions: rows that can be listed and revoked; the browser holds a token, the database its hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Boolean, ForeignKey, Index, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import Base
from portal.core.ids import hash_token, new_token

IDLE = timedelta(hours=8)
ADMIN_IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
REMEMBERED = timedelta(days=30)
SEEN_STEP = timedelta(minutes=1)
MOST = 10


class UserSession(Base):
    """One signed-in browser."""

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_person_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    is_remembered: Mapped[bool] = mapped_column(Boolean, default=False)
    browser: Mapped[str] = mapped_column(String(200), default="")
    network: Mapped[str] = mapped_column(String(64), default="")


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """An observation: this session was used at this moment."""

    session_id: int
    at: datetime


def open_session(session: Session, person_id: int, *, remember: bool, browser: str, network: str) -> str:
    """Start a session and return its token; the oldest beyond MOST of a person are ended."""
    now, token = clock.now(), new_token()
    own = session.scalars(
        select(UserSession.id).where(UserSession.person_id == person_id).order_by(UserSession.seen_at.desc())
    ).all()
    if len(own) >= MOST:
        session.execute(delete(UserSession).where(UserSession.id.in_(own[MOST - 1 :])))
    session.add(
        UserSession(
            token_hash=hash_token(token),
            person_id=person_id,
            created_at=now,
            seen_at=now,
            expires_at=now + (REMEMBERED if remember else ABSOLUTE),
            is_remembered=remember,
            browser=browser[:200],
            network=network[:64],
        )
    )
    return token


class SessionUse(NamedTuple):
    """What decides whether a session lives, read beside its person in one statement."""

    id: int
    seen_at: datetime
    expires_at: datetime
    is_remembered: bool


def is_alive(row: UserSession | SessionUse, actor: Actor) -> bool:
    """Within its absolute time, and used within IDLE unless it is remembered; an admin's within ADMIN_IDLE in any case.

    Who runs the portal and walks away from the screen would leave the keys to everybody's account on it.
    """
    now = clock.now()
    if actor.is_admin:
        return row.expires_at > now and row.seen_at > now - ADMIN_IDLE
    return row.expires_at > now and (row.is_remembered or row.seen_at > now - IDLE)


def list_sessions(session: Session, actor: Actor) -> list[UserSession]:
    """A person's living sessions, last used first."""
    rows = session.scalars(
        select(UserSession).where(UserSession.person_id == actor.person_id).order_by(UserSession.seen_at.desc())
    )
    return [row for row in rows if is_alive(row, actor)]


def close_session(session: Session, person_id: int, session_id: int) -> None:
    """End one session of this person."""
    session.execute(delete(UserSession).where(UserSession.id == session_id, UserSession.person_id == person_id))


def close_all(session: Session, person_id: int, *, keep: int | None = None) -> None:
    """Sign a person out everywhere, perhaps but for one session."""
    session.execute(
        delete(UserSession).where(
            UserSession.person_id == person_id, UserSession.id != (keep if keep is not None else -1)
        )
    )


def record_seen(session: Session, notes: Sequence[SessionSeen]) -> None:
    """Write the last use of sessions."""
    latest = {note.session_id: note.at for note in sorted(notes, key=lambda note: note.at)}
    for session_id, moment in sorted(latest.items()):
        session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=moment))


def delete_expired(session: Session) -> None:
    """Forget dead sessions; run by schedule."""
    session.execute(delete(UserSession).where(UserSession.expires_at < clock.now()))
