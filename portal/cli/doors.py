"""`portal doors`: every route, its method, and who may enter."""

import json
from dataclasses import asdict

import click

from portal import rooms
from portal.core.web import DoorSign


def list_doors() -> list[DoorSign]:
    """The signs of all features, by address."""
    return sorted((sign for one in rooms.FEATURES for sign in one.signs), key=lambda sign: (sign.rule, sign.method))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doors(as_json: bool) -> None:
    """List the doors. Files under /assets/ are open to anyone besides."""
    signs = list_doors()
    if as_json:
        click.echo(json.dumps([asdict(sign) for sign in signs], indent=1))
        return
    for sign in signs:
        click.echo(f"{sign.method:<5} {sign.rule:<56} {sign.allow}")
