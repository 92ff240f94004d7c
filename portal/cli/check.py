"""`portal check`: everything that is wrong with settings, folder, database, index, files and mail, in plain words."""

import shutil
import tempfile
from collections.abc import Callable, Iterator

import click
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from portal.cli.context import Context, Refused, plain, schema_problem
from portal.cli.db import damage
from portal.cli.html import count_older, told
from portal.cli.prepare import recognise_demo
from portal.core.jobs import Job
from portal.settings import Settings, SettingsError
from portal.shared.files.operations import JOB
from portal.shared.files.queries import list_unread

LEAST_FREE = 500 * 1024 * 1024


@click.command()
@click.pass_obj
def check(context: Context) -> None:
    """Name everything that is wrong; exit 1 where there is something."""
    try:
        settings = context.settings
    except SettingsError as error:
        for mistake in error.mistakes:
            click.echo(f"Settings: {mistake}")
        raise SystemExit(1) from None
    is_wrong = False
    for part, problem in problems(context, settings):
        click.echo(f"{part}: {problem or 'fine'}")
        is_wrong = is_wrong or problem is not None
    if is_wrong:
        raise SystemExit(1)


def problems(context: Context, settings: Settings) -> Iterator[tuple[str, str | None]]:
    """Each part with what is wrong with it, or None; parts that need a database are left out where there is none."""
    schema = schema_problem(settings)
    yield "Settings", _told(lambda: _settings(context)) if schema is None else None
    yield "Data folder", _folder(settings)
    yield "Database", schema or _told(lambda: damage(context.database))
    if schema is None:
        yield "Index", _index(context)
        yield "Jobs", _told(lambda: _jobs(context))
        yield "Files", _told(lambda: _files(context))
        yield "HTML", _told(lambda: _html(context))
    yield "Mail", context.transport.problem()


def _told(ask: Callable[[], str | None]) -> str | None:
    try:
        return ask()
    except SQLAlchemyError as error:
        return f"it does not answer: {plain(error)}"


def _settings(context: Context) -> str | None:
    """What the settings do not say by themselves: the database may hold the demo company."""
    try:
        recognise_demo(context)
    except Refused as refused:
        return refused.message
    return None


def _folder(settings: Settings) -> str | None:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        return f"{folder} cannot be written ({error.strerror})."
    return f"{folder} has only {free // 1024**2} MB left on its disk." if free < LEAST_FREE else None


def _index(context: Context) -> str | None:
    state = context.index.state()
    return None if state == "ready" else f"it is {state}; the worker builds it, and so does `portal search build`."


def _jobs(context: Context) -> str | None:
    with context.database.reading() as session:
        dead = session.scalar(select(func.count()).select_from(Job).where(Job.dead)) or 0
    return f"{dead} failed for good; /admin/jobs shows why and tries them again." if dead else None


def _files(context: Context) -> str | None:
    """Files whose words search could find and that nobody is about to read."""
    with context.database.reading() as session:
        unread = set(map(str, list_unread(session)))
        unread -= set(session.scalars(select(Job.key).where(Job.kind == JOB, Job.dead.is_(False))))
    return f"search does not know the words of {len(unread)}; `portal files extract` reads them." if unread else None


def _html(context: Context) -> str | None:
    with context.database.reading() as session:
        number = count_older(session)
    return told(number) if number else None
