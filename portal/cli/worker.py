"""`portal worker`: the jobs in a process of their own, beside web servers that do none."""

import threading

import click

from portal.cli.context import Context
from portal.cli.index_watch import ask_for_index
from portal.cli.stopping import listening
from portal.core import log

LOOK = 0.2


@click.command()
@click.pass_obj
def worker(context: Context) -> None:
    """Do the jobs until Ctrl-C or SIGTERM: index, mail, and what is due by the clock."""
    ask_for_index(context.database, context.index)
    log.configure(context.settings.log)
    thread = threading.Thread(target=context.worker.run, name="worker")
    with listening() as stop:
        thread.start()
        click.echo("The worker is at work (Ctrl-C stops it).")
        while not stop.is_asked and thread.is_alive():
            thread.join(LOOK)
        context.worker.stop()
        thread.join()
    click.echo("Stopped.")
