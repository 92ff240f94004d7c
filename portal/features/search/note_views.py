"""Doors behind the results: what was opened is noted, and who wants to be told of an answer is remembered."""

from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import signed_in
from portal.core.web import Door, Feature, go, say
from portal.shared.finding.gap_operations import drop_wish, make_wish
from portal.shared.finding.pages import search_url
from portal.shared.finding.search_operations import Opened
from portal.shared.finding.syntax import read

feature = Feature("search_notes")


@feature.post("/search/opened", allow=signed_in)
def opened(door: Door) -> ResponseReturnValue:
    """A row of the results `q` was opened or its words were copied; `key` is the row's. Sent by the browser beside the
    click and never waited for: the link leads to the thing itself, so that it works without scripts too.

    It writes through the observations, after the search that they hold already, and bears the page's own token and
    origin, as every other form does.
    """
    given = door.fields
    text, key = given.line("q", "Search", most=400), given.line("key", "Row", most=80)
    if not given.errors and key and not read(text).is_empty:
        door.observe(Opened(door.actor.person_id, text, clock.now(), key))
    return "", 204


@feature.post("/search/wish", allow=signed_in)
def wish(door: Door) -> ResponseReturnValue:
    """`wanted` is yes or no, the state that is wanted: tell me when the search `q` is answered."""
    given, actor = door.fields, door.actor
    text = given.line("q", "Search", required=True, most=400)
    given.check()
    if given.values.get("wanted") == "no":
        door.write(lambda session: drop_wish(session, actor, text))
        say("You will not be told.")
    else:
        door.write(lambda session: make_wish(session, actor, text))
        say("You get one mail when there is an answer.")
    return go(search_url(text))
