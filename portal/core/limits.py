"""Throttles that hold across processes and restarts: attempts are rows, counted over a sliding window."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.db import Base
from portal.core.errors import TooMany

LOCKS = 1  # the class of our advisory locks


class Attempt(Base):
    """One counted attempt in a bucket such as `login:mail:…` or `login:net:…`."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_bucket_at", "bucket", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` attempts in `seconds`."""

    times: int
    seconds: int


def check(session: Session, limits: Iterable[tuple[str, Limit]], message: str) -> None:
    """Raise TooMany when a bucket is full; counts only, writes nothing.

    Its buckets are locked until the end of the unit, so that many at once cannot all take the last place.
    """
    limits = list(limits)
    _lock(session, (bucket for bucket, _ in limits))
    for bucket, limit in limits:
        since = clock.now() - timedelta(seconds=limit.seconds)
        count, oldest = session.execute(
            select(func.count(), func.min(Attempt.at)).where(Attempt.bucket == bucket, Attempt.at > since)
        ).one()
        if count >= limit.times:
            wait = (oldest - since).total_seconds() if oldest else limit.seconds
            raise TooMany(message, max(1, int(wait) + 1))


def _lock(session: Session, buckets: Iterable[str]) -> None:
    """On PostgreSQL a lock a bucket, in one order for everybody; an SQLite writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        for bucket in sorted(set(buckets)):
            session.execute(select(func.pg_advisory_xact_lock(LOCKS, func.hashtext(bucket))))


def count_attempt(session: Session, buckets: Iterable[str]) -> None:
    """Write one attempt to each bucket."""
    session.add_all(Attempt(bucket=bucket, at=clock.now()) for bucket in buckets)


def take_back(session: Session, buckets: Iterable[str]) -> None:
    """Take the newest attempt out of each bucket: one that was counted in advance, and was none."""
    newest = select(func.max(Attempt.id)).where(Attempt.bucket.in_(list(buckets))).group_by(Attempt.bucket)
    session.execute(delete(Attempt).where(Attempt.id.in_(newest)))


def forget(session: Session, buckets: Iterable[str]) -> None:
    """Empty buckets, for example an account's after a good sign-in."""
    session.execute(delete(Attempt).where(Attempt.bucket.in_(list(buckets))))


def forget_before(session: Session, moment: datetime) -> None:
    """Delete old attempts; run by schedule."""
    session.execute(delete(Attempt).where(Attempt.at < moment))


def network(address: str | None) -> str:
    """The /24 (IPv4) or /64 (IPv6) of an address; `unknown` where there is none.

    An IPv4 address in IPv6 clothes (`::ffff:192.0.2.7`) counts as what it is.
    """
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False))
