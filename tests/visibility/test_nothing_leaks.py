"""What a person may not see is on no page, in no list, count, search, completion, file, export or mention."""

import json
import random
import re
from collections.abc import Sequence

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, example, given, note, settings
from hypothesis import strategies as st

from portal.cli.context import Context
from portal.cli.explaining import explain
from portal.cli.search import query
from portal.features.objections.exporting import export_objections
from portal.settings import Settings
from portal.shared.people.models import Person
from tests import builders
from tests.visibility.authoring import CHANGES, Thing, write
from tests.visibility.walk import leaks, press, walk
from tests.visibility.world import COMMON, WHO, World, count_facets, found_world, sight_of

FACET = re.compile(r'<h2>(\w+)</h2>|<li><a href="[^"]*"[^>]*>([^<]*) <span>(\d+)</span></a></li>')
AUDIENCES = ("all", "dep:Sales", "dep:Service", "team:North", "team:Bench", "person:rep", "person:elsewhere")
MARKS = st.lists(st.sampled_from(AUDIENCES), min_size=1, max_size=2, unique=True).map(tuple)
THINGS = st.sampled_from(sorted(CHANGES)).flatmap(
    lambda kind: st.builds(
        Thing,
        kind=st.just(kind),
        author=st.sampled_from(("rep", "manager", "publisher", "elsewhere")),
        marks=MARKS,
        is_tagged=st.booleans(),
        change=st.sampled_from(CHANGES[kind]),
        then=MARKS,
    )
)

LEAKED_ONCE = [
    Thing("competitor", marks=("dep:Service",)),  # its name stood in forms and histories of what names it
    Thing("objection", "rep"),
    Thing("objection", "rep", change="hide"),  # its answers stayed among what was starred, their files open
    Thing("playbook", "publisher", marks=("person:publisher",), change="review"),
    Thing("playbook", "publisher", change="obsolete"),  # its history named its successor
    Thing("path", change="close"),  # its tag was spelled out for whoever typed it
]


@pytest.fixture
def world(app: Flask) -> World:
    """One world for all examples: what stands there from before is hidden or shown still."""
    return found_world(app)


@settings(
    max_examples=1, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=(HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large),
)  # fmt: skip
@example(things=LEAKED_ONCE, is_moved=True)
@given(things=st.lists(THINGS, min_size=4, max_size=5), is_moved=st.booleans())
def test_what_somebody_may_not_see_stands_nowhere(world: World, things: list[Thing], is_moved: bool) -> None:
    random.seed()  # the index names its parts by chance, and every example is given the same chance
    note(repr(things))
    made = write(world, things)
    if is_moved:
        move_house(world, "rep", "elsewhere")
    assert_nothing_leaks(world, made)


def assert_nothing_leaks(world: World, made: Sequence[int]) -> None:
    client, stranger = world.app.test_client(), world.app.test_client()
    assert walk(stranger, world, "", made).wrong == []
    for who in WHO:
        walked = walk(client, world, who, made)
        assert walked.wrong == []
        assert {world.items[one] for one in made if one in sight_of(world, who).items} <= walked.met
        assert press(client, world, who, made) == []
        assert wrong_counts(client, world, who) == []
        assert wrong_lines(world, who) == []


def move_house(world: World, one: str, other: str) -> None:
    """Two people change places."""
    with world.database.writing() as session:
        first, second = (session.get_one(Person, world.people[who].id) for who in (one, other))
        first.department_id, second.department_id = second.department_id, first.department_id
        session.commit()


def facets_of(html: str) -> dict[str, dict[str, int]]:
    """The filters beside a list, with their counts."""
    found: dict[str, dict[str, int]] = {}
    for title, name, count in FACET.findall(html):
        if title:
            current = found.setdefault(title, {})
        else:
            current[name] = int(count)
    return found


def wrong_counts(client: FlaskClient, world: World, who: str) -> list[str]:
    """Counts on pages that are not what the oracle says."""
    builders.sign_in(client, world.people[who])
    sight, html = sight_of(world, who), client.get(f"/search?q={COMMON}").text
    shown, counted = facets_of(html), count_facets(world, sight)
    total = re.search(r"<span>(\d+) results?", html)
    wrong = [f"{who} counts {facet}: {shown.get(facet, {})}, not {counted[facet]}" for facet in counted
             if shown.get(facet, {}) != counted[facet]]  # fmt: skip
    if int(total[1] if total else 0) != len(sight.found):
        wrong.append(f"{who} counts {total and total[0]}, not {len(sight.found)}")
    beside = facets_of(client.get("/objections").text).get("Category", {}).get("Price", 0)
    if beside != counted["Category"].get("Price", 0):
        wrong.append(f"{who} counts {beside} objections about the price")
    return wrong


def wrong_lines(world: World, who: str) -> list[str]:
    """What the command line tells that it must not: hits, the arithmetic of a hit, and the file of an export."""
    context = Context(world.service(Settings), world.app.extensions["fieldhouse"])
    mail, sight = world.people[who].email, sight_of(world, who)
    hidden, wrong = sight.hidden_words(world, who), list[str]()
    for word in (COMMON, *world.newest_of(hidden, 1)):
        found = CliRunner().invoke(
            query, [word[:8].lower(), "--as", mail, "--json"], obj=context, catch_exceptions=False
        )
        json.loads(found.output)
        wrong += leaks(hidden, "", found.output)
    for number in [one for one in world.items if one not in sight.items][-4:]:
        told = CliRunner().invoke(explain, [COMMON, "--item", str(number), "--as", mail], obj=context)
        if told.output.strip() != "not found":
            wrong.append(told.output)
    with world.database.reading() as session:
        exported = export_objections(session, world.actor(who)).decode()
    return [*wrong, *leaks(hidden, "", exported)]
