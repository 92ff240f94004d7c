"""`portal run`: web server and worker in one process, until Ctrl-C or SIGTERM."""

import threading
from collections.abc import Mapping
from typing import cast

import click
from flask import Flask

from portal.app import create_app
from portal.cli.context import Context
from portal.cli.index_watch import ask_for_index
from portal.cli.prepare import recognise_demo, upgrade_embedded
from portal.cli.stopping import listening
from portal.cli.web_server import WebServer
from portal.core import log
from portal.core.observed import Observations
from portal.demo import walk
from portal.demo.loader import PASSWORD
from portal.settings import Settings

WORKER_PATIENCE = 30


@click.command()
@click.pass_obj
def run(context: Context) -> None:
    """Serve the portal and do its jobs.

    An SQLite database is made and upgraded on the way; for PostgreSQL run `portal db upgrade` first.
    """
    upgrade_embedded(context.settings)
    settings = recognise_demo(context)
    context.database.dispose()
    log.configure(settings.log)
    app = create_app(settings)
    own = Context(settings, _services(app))
    server = WebServer(app, settings)
    thread = threading.Thread(target=own.worker.run, name="worker")
    with listening() as stop:
        ask_for_index(own.database, own.index)
        thread.start()
        _announce(own)
        try:
            while not stop.is_asked:
                server.serve_for()
        finally:
            server.close()
            own.worker.stop()
            thread.join(WORKER_PATIENCE)
            cast(Observations, own.services[Observations]).stop()
            own.close()
    click.echo("Stopped.")


def _services(app: Flask) -> Mapping[type, object]:
    return cast("Mapping[type, object]", app.extensions["fieldhouse"])


def _announce(context: Context) -> None:
    """The address; in the demo also how to sign in and what to look at."""
    settings: Settings = context.settings
    click.echo(f"Fieldhouse runs at {settings.base_url}/ (Ctrl-C stops it).")
    with context.database.reading() as session:
        sign_ins = walk.list_sign_ins(session) if settings.demo else []
    if sign_ins:
        click.echo(f"\nSign in with the password {PASSWORD} as")
        for person in sign_ins:
            click.echo(f"  {person.email:<24}{person.name}, {person.title}")
        click.echo("\nA walk of three minutes:")
        for line in walk.lines(settings.base_url):
            click.echo(f"  {line}")
