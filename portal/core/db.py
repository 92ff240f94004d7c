"""The database: one declarative base, aware times, and the two units that all work runs in: reading and writing."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pysqlite3.dbapi2
from sqlalchemy import DateTime, Engine, MetaData, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from portal.core.bus import Listeners

T = TypeVar("T")

BUSY = ("40001", "40P01", "55P03")
LOST = ("57P01", "57P02", "57P03", "25006")
TRIES = 4
LOST_DEADLINE = 10.0
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # INSERT OR REPLACE, too, meets the triggers of the audit log
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "journal_size_limit=67108864",
)


_chance = random.SystemRandom()
"""Spreads retries; a generator of its own, so that a retry in one thread changes no seeded sequence in another."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC.

    SQLite drops the zone and would shift other zones silently, so naive values are refused with ValueError.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse naive moments; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The parent of every table; every constraint gets a name, so that migrations can speak of it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - the name and shape are SQLAlchemy's


class Database:
    """One database and its two kinds of unit; made once per process."""

    def __init__(self, url: str, *, pool_size: int = 16, listeners: Listeners | None = None) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.readers, self.writers = (_sqlite_engine(self.url, pool_size, writing=one) for one in (False, True))
        else:
            self.writers = _postgres_engine(self.url, pool_size)
            self.readers = self.writers.execution_options(postgresql_readonly=True)
        self.listeners: Listeners = listeners or {}

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Each pool's own engine: on PostgreSQL readers and writers share one."""
        return (self.readers, self.writers) if self.is_sqlite else (self.writers,)

    def open_reader(self) -> Session:
        """A session that cannot write: the database itself refuses. The caller closes it."""
        return Session(self.readers, autoflush=False, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A reading unit, rolled back at the end."""
        session = self.open_reader()
        try:
            yield session
        finally:
            session.close()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A writing session without commit: `core/web.py`, the worker and the command line commit it."""
        session = Session(self.writers, expire_on_commit=False)
        session.info["listeners"] = self.listeners
        try:
            yield session
        finally:
            session.close()

    def repeat(self, unit: Callable[[], T]) -> T:
        """Run a whole unit, again if the database was busy, lost, or a unique row was written by somebody else first.

        The unit must do database work only. 3 repeats for busy and serialisation, 1 for a unique key,
        up to LOST_DEADLINE seconds for a lost connection; then the last error is raised.
        """
        started, failures = time.monotonic(), 0
        while True:
            try:
                return unit()
            except DBAPIError as error:
                failures += 1
                if not self._is_worth_repeating(error, failures, time.monotonic() - started):
                    raise
            time.sleep(_chance.random() * min(0.8, 0.02 * 4**failures))

    def _is_worth_repeating(self, error: DBAPIError, failures: int, waited: float) -> bool:
        code = str(getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or "")
        if isinstance(error, IntegrityError):
            return failures < 2
        # PostgreSQL gives no code while it cannot be reached at all
        unreached = isinstance(error, OperationalError) and not code and not self.is_sqlite
        if error.connection_invalidated or unreached or code.startswith("08") or code in LOST:
            self.dispose()  # a dead or demoted node must leave the pool
            return waited < LOST_DEADLINE
        return (code in BUSY or code.startswith("SQLITE_BUSY")) and failures < TRIES

    def dispose(self) -> None:
        """Close every connection; after a fork or at the end of a process."""
        for engine in self.engines:
            engine.dispose()


def upsert(session: Session, table: Table) -> Any:
    """An INSERT of the session's own dialect, so that `on_conflict_do_update` and `…_do_nothing` are there."""
    return insert_of(session.get_bind().dialect.name, table)


def insert_of(dialect: str, table: Table) -> Any:
    """The same by the name of the dialect, for statements that are built once."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def add_once(session: Session, table: type[Base], **values: object) -> bool:
    """Insert a row unless one with its key is there; True where it is new.

    Waits while another unit writes the same key. PostgreSQL tells no number of rows here, so the row is asked for.
    """
    return session.execute(_adding(session.get_bind().dialect.name, table), values).first() is not None


@cache
def _adding(dialect: str, table: type[Base]) -> Any:
    insert = insert_of(dialect, table.__table__)  # type: ignore[arg-type]
    return insert.on_conflict_do_nothing().returning(*table.__table__.primary_key)


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{path}"


def _sqlite_engine(url: Any, pool_size: int, *, writing: bool) -> Engine:
    """SQLite for reading or for writing units.

    Writers take the lock at BEGIN: a deferred BEGIN loses updates or fails at once. Readers have connections of their
    own, since `query_only` set anew for each unit would make SQLite prepare every kept statement again.
    """
    engine = create_engine(
        url,
        module=pysqlite3.dbapi2,
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=10,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={"timeout": 10},
    )
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy emits BEGIN, not the driver
        for pragma in SQLITE_PRAGMAS:
            connection.execute("PRAGMA " + pragma)
        connection.execute(f"PRAGMA query_only={0 if writing else 1}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgres_engine(url: Any, pool_size: int) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=2,
        pool_timeout=5,
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_use_lifo=True,
        hide_parameters=True,  # error texts go to the log, and what is written may be secret
        connect_args={
            "connect_timeout": 3,
            "options": "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s"
            " -c timezone=UTC",
        },
    )

    @event.listens_for(engine, "handle_error")
    def _leave_the_row_out(context: Any) -> None:
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None:  # the detail tells the whole row that was refused
                error.args = tuple(str(part).partition("\nDETAIL:")[0] for part in error.args)

    return engine
