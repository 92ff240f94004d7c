"""`portal doors`: every route of the application stands in the list, with who may enter."""

import json

from flask import Flask

from tests.cli.conftest import Portal


def test_every_route_is_a_door_that_says_who_may_enter(portal: Portal, app: Flask) -> None:
    said = portal("doors", "--json")
    assert said.exit_code == 0
    doors = {(one["rule"], one["method"]): one["allow"] for one in json.loads(said.stdout)}
    routes = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "assets.serve"
    }
    assert routes == set(doors)
    assert all(doors.values())


def test_doors_are_listed_for_people_too(portal: Portal) -> None:
    lines = portal("doors").stdout.splitlines()
    assert any(line.split() == ["GET", "/login", "anyone"] for line in lines)
    assert any(line.split() == ["GET", "/admin", "admins"] for line in lines)
