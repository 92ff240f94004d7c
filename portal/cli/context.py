"""What a command works with: the settings, and the things of the process, each made when it is first asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any, TypeVar, cast

import click
from sqlalchemy.exc import SQLAlchemyError

from portal import wiring
from portal.app import make_services
from portal.cli.index_watch import IndexWatch
from portal.core import migrating
from portal.core.access import Actor
from portal.core.db import Database
from portal.core.jobs import Worker
from portal.core.lanes import Lanes
from portal.core.mail import Transport
from portal.core.schedule import Ticker
from portal.settings import Settings
from portal.shared.finding.finder import Finder
from portal.shared.finding.indexing import Indexer
from portal.shared.people.queries import find_actor, find_by_email
from portal.shared.search_index import SearchIndex

T = TypeVar("T")
SLOW_PAUSE = 1.0
"""Seconds between two looks for slow work."""
NO_TABLES = "The database has no tables yet; `portal db upgrade` makes them."


class Refused(click.ClickException):
    """A command cannot do its work: the reason in plain words on the error output, exit 1, no traceback."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the words alone."""
        click.echo(self.message, file=file, err=file is None)


@dataclass(frozen=True)
class Context:
    """The world of one command; `made` are the things of a process that runs the web server in it."""

    given: Settings | None = None
    made: Mapping[type, object] | None = None

    @cached_property
    def settings(self) -> Settings:
        """From the environment; SettingsError names every mistake."""
        return self.given or Settings.from_env()

    @cached_property
    def services(self) -> Mapping[type, object]:
        """The things of the process by type, as the web server has them; nothing is checked or connected yet."""
        return self.made or make_services(self.settings)

    @cached_property
    def database(self) -> Database:
        """The database; Refused where it does not answer or its tables are not those of this portal."""
        if problem := schema_problem(self.settings):
            raise Refused(problem)
        return self._service(Database)

    @cached_property
    def index(self) -> SearchIndex:
        """The search index, in whatever state it is."""
        return self._service(SearchIndex)

    @cached_property
    def indexer(self) -> Indexer:
        """Writes the index from the database."""
        return Indexer(self.database, self.index, wiring.DOCUMENTS)

    @cached_property
    def finder(self) -> Finder:
        """Answers searches as the pages do."""
        return Finder(self.index, wiring.HITS)

    @cached_property
    def transport(self) -> Transport:
        """The way mails go out."""
        return cast(Transport, self.services[Transport])

    @cached_property
    def worker(self) -> Lanes:
        """Does the jobs, slow ones beside the rest, and what is due by the clock."""
        kinds = wiring.job_kinds(self.database, self.settings, self.transport, self.indexer)
        ticker, watch = Ticker(self.database, wiring.SCHEDULE), IndexWatch(self.database, self.index)

        def tick() -> None:
            ticker()
            watch()

        quick = {name: kind for name, kind in kinds.items() if name not in wiring.SLOW}
        slow = {name: kind for name, kind in kinds.items() if name in wiring.SLOW}
        return Lanes(
            Worker(self.database, quick, tick=tick, idle=self.indexer.tidy),
            Worker(self.database, slow, pause=SLOW_PAUSE),
        )

    def actor(self, mail: str) -> Actor:
        """The active person of a mail address; Refused where there is none."""
        with self.database.reading() as session:
            person = find_by_email(session, mail)
            actor = find_actor(session, person.id) if person else None
        if actor is None:
            raise Refused(f"Nobody active here has the mail address {mail}.")
        return actor

    def close(self) -> None:
        """Let go of the database and the index, where they were asked for."""
        if "services" in vars(self):
            self._service(Database).dispose()
            self._service(SearchIndex).close()

    def _service(self, kind: type[T]) -> T:
        return cast(T, self.services[kind])


def schema_problem(settings: Settings) -> str | None:
    """What is wrong with the database and its tables, in words, or None."""
    try:
        found = migrating.current(settings.database_url)
    except SQLAlchemyError as error:
        return f"The database does not answer: {plain(error)}"
    newest = migrating.head()
    if found is None:
        return NO_TABLES
    if found != newest:
        return f"The database is at revision {found} and this portal needs {newest}; run `portal db upgrade`."
    return None


def plain(error: SQLAlchemyError) -> str:
    """The database's own words, without the statement around them."""
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
