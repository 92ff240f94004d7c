"""Doors: no route without a rule of who may enter, and `portal doors` tells all of them."""

import ast
import re
import sys

from flask import Flask

from portal import rooms
from portal.core import access
from tests.laws.source import ROOT, files, name_of, tree_of

# Served to everybody, before anybody is known: style sheets, scripts and icons.
WITHOUT_A_SIGN = {"assets.serve"}
BESIDE = re.compile(r"\broute$|add_url_rule$|blueprint\.(get|post|put|patch|delete)$|^Blueprint$")
# By hand, so that opening another door is a decision.
OPEN = {
    "GET /livez",
    "GET /readyz",
    "GET /login",
    "POST /login",
    "POST /logout",
    "GET /reset",
    "POST /reset",
    "GET /<any(invitation, reset):purpose>/<token>",
    "POST /<any(invitation, reset):purpose>/<token>",
    "POST /demo/as/<key>",
}


def test_every_route_is_a_door_with_a_rule(app: Flask) -> None:
    signs = {(sign.endpoint, sign.method): sign.allow for feature in rooms.FEATURES for sign in feature.signs}
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            if rule.endpoint not in WITHOUT_A_SIGN:
                assert signs.get((rule.endpoint, method)), f"{method} {rule.rule} has no sign"


def test_every_sign_belongs_to_a_route(app: Flask) -> None:
    routes = {(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    for feature in rooms.FEATURES:
        assert feature.signs, f"{feature.name} has no door"
        for sign in feature.signs:
            assert (sign.endpoint, sign.method) in routes


def test_no_views_are_left_out_of_the_wiring() -> None:
    """A file of doors that nothing imports opens none of them."""
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files(".py", "portal/features")}
    closed = {name for name in modules if name.endswith("views")} - set(sys.modules)
    assert not closed, "\n".join(sorted(closed))


def test_features_hang_no_routes_beside_their_doors() -> None:
    beside = [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node.func)}"
        for path in files(".py", "portal/features", "portal/shared")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and BESIDE.search(ast.unparse(node.func))
    ]
    assert not beside, "\n".join(beside)


def test_every_door_that_anybody_may_enter_is_listed_here() -> None:
    signs = [sign for feature in rooms.FEATURES for sign in feature.signs]
    assert {f"{sign.method} {sign.rule}" for sign in signs if sign.allow == access.anyone.name} == OPEN
