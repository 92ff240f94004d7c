"""The walk is whole, and would notice: each violation that is planted in a surface is told."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, true
from werkzeug.routing import Rule

from portal.features.objections import exporting
from portal.features.objections import queries as asked
from portal.features.objections.models import Objection
from portal.features.playbooks import queries as playbooks
from portal.shared.files import queries as files
from portal.shared.finding import kit_queries
from portal.shared.items import operations
from portal.shared.search_index.postings import Kept
from tests.laws.source import files as sources
from tests.visibility.addresses import TYPED, unwalked
from tests.visibility.authoring import Thing, write
from tests.visibility.test_nothing_leaks import wrong_counts, wrong_lines
from tests.visibility.walk import press, walk
from tests.visibility.world import World, found_world, marker_of

READ = re.compile(r"""args(?:\.get\(|\[)"(\w+)"|"(\w+)" (?:not )?in door\.args""")
FEATURE = re.compile(r'^feature = Feature\("(\w+)"', re.MULTILINE)
BEFORE_THE_DOOR = {"account"}
"""Rooms that somebody enters before anybody is known: they read no item."""


@pytest.fixture
def world(app: Flask) -> World:
    """What is for one person alone, and what another one may see."""
    return found_world(app)


@pytest.fixture
def backend() -> str:
    """The walk itself is tried on one kind of database; what it tells is tried on both."""
    return "sqlite"


def test_every_page_has_an_address_that_the_walk_can_make(app: Flask) -> None:
    assert unwalked(app.url_map.iter_rules()) == []


def test_a_page_that_the_walk_cannot_reach_is_told(app: Flask) -> None:
    app.url_map.add(Rule("/planets/<planet>", endpoint="planets", methods=["GET"]))
    assert unwalked(app.url_map.iter_rules()) == ["/planets/<planet>"]


def test_what_doors_read_of_an_address_is_given_to_them(world: World) -> None:
    missing = []
    for path in sources(".py", "portal/features"):
        text = path.read_text("utf-8")
        for room in FEATURE.findall(text):
            given = {name for endpoint, queries in TYPED.items() if endpoint.startswith(f"{room}.")
                     for query in queries(world, [marker_of("one")]) for name in query}  # fmt: skip
            read = {first or second for first, second in READ.findall(text)}
            if room not in BEFORE_THE_DOOR:
                missing += [f"{room}: {name}" for name in sorted(read - given)]
    assert missing == []


Plant = Callable[[pytest.MonkeyPatch], None]


def everybody(*where: object) -> Plant:
    """Let a module think that everybody may see everything."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        for module in where:
            for name in ("visible_to", "reachable_to", "stands_for"):
                if hasattr(module, name):
                    patch.setattr(module, name, lambda actor: true())
            for name in ("VISIBLE", "STANDS", "REACHABLE"):
                if hasattr(module, name):
                    patch.setattr(module, name, true())

    return plant


def unmasked(patch: pytest.MonkeyPatch) -> None:
    """The index forgets for whom its documents are."""
    patch.setattr(Kept, "visible", lambda kept, audiences: kept.live)


def all_pages(patch: pytest.MonkeyPatch) -> None:
    """An objection stands for whoever knows its number."""
    patch.setitem(asked._ASKED, "objection", select(Objection).where(Objection.id == asked.bindparam("asked_id"))
                  .options(asked.joinedload(Objection.author)))  # fmt: skip


PLANTED: dict[str, tuple[Plant, str]] = {
    "a list and the counts beside it": (everybody(playbooks), "playbook_reading.index"),
    "corrections": (unmasked, "search.results"),
    "completions": (unmasked, "search.suggest"),
    "a page": (all_pages, "objections.show"),
    "a file": (everybody(files), "uploads.serve"),
    "what was starred": (everybody(kit_queries), "search.suggest"),
}
CLOSED = [Thing(kind, change="close", then=("person:elsewhere",)) for kind in ("objection", "playbook")]


@pytest.mark.parametrize("name", PLANTED)
def test_the_walk_tells_of(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    plant, page = PLANTED[name]
    made, client = write(world, CLOSED), world.app.test_client()
    assert walk(client, world, "rep", made, only=[page]).wrong == []
    plant(monkeypatch)
    assert walk(client, world, "rep", made, only=[page]).wrong


def test_counts_acts_and_lines_are_told_of(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made, client = write(world, CLOSED), world.app.test_client()
    tries = {
        "counts": (unmasked, lambda: wrong_counts(client, world, "rep")),
        "an act": (everybody(operations), lambda: press(client, world, "rep", made)),
        "an export": (everybody(exporting), lambda: wrong_lines(world, "rep")),
    }
    for name, (plant, look) in tries.items():
        assert look() == [], name
        with monkeypatch.context() as patch:
            plant(patch)
            assert look(), name
