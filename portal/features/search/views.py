"""Doors of search: the page, its rows under the bar while typing, what is similar, and asking where nothing is."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import signed_in
from portal.core.paging import page_number
from portal.core.web import Door, Feature, go, page
from portal.shared.finding.finder import UNAVAILABLE, Finder
from portal.shared.finding.operators import OPERATORS
from portal.shared.finding.pages import Offer, ResultList, ResultRow, StartGroup, search_url
from portal.shared.finding.search_operations import AskPressed, Searched
from portal.shared.finding.starting import start_rows
from portal.shared.finding.syntax import Typed, read

feature = Feature("search")

PAGE = 20
WHILE_TYPING = 8
LAST_PAGE = 50
FORMS = {"objection": "/objections/new", "question": "/questions/new"}


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results; `q` is what was typed, `words` that without operators, which are (name, what it narrows)."""

    q: str
    words: str
    found: ResultList
    first: int
    previous_url: str
    next_url: str
    operators: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SuggestPage:
    """What could follow, and the first rows, while typing; before the first letter the ways to start."""

    q: str
    offers: tuple[Offer, ...]
    found: ResultList
    start: tuple[StartGroup, ...]


@dataclass(frozen=True, slots=True)
class SimilarPage:
    """What is like a title that is being written."""

    rows: tuple[ResultRow, ...]


@feature.get("/search", allow=signed_in)
def results(door: Door) -> ResponseReturnValue:
    """One ranked list with facets; an empty query shows how to ask."""
    typed = read(door.args.get("q", ""))
    number = page_number(door.args, LAST_PAGE)
    found = ResultList()
    if not typed.is_empty:
        found = door.service(Finder).search(door.session, door.actor, typed, limit=PAGE, offset=(number - 1) * PAGE)
        _observe(door, typed, found, "page")
    more = number < LAST_PAGE and number * PAGE < found.total
    content = SearchPage(
        q=typed.text,
        words=typed.title,
        found=found,
        first=(number - 1) * PAGE + 1,
        previous_url=search_url(typed.text, number - 1) if number > 1 else "",
        next_url=search_url(typed.text, number + 1) if more else "",
        operators=tuple((name, operator.about) for name, operator in OPERATORS.items()),
    )
    return page("search/results.html", content)


@feature.get("/search/suggest", allow=signed_in)
def suggest(door: Door) -> ResponseReturnValue:
    """The first rows for what is being typed, below the operators that could follow; the last word may be unfinished.

    204 where there is nothing to show before the first letter.
    """
    typed = read(door.args.get("q", ""))
    if typed.is_empty:
        start = start_rows(door.session, door.actor)
        return page("search/suggest.html", SuggestPage("", (), ResultList(), start)) if start else ("", 204)
    offers, found = door.service(Finder).suggest(door.session, door.actor, typed, limit=WHILE_TYPING)
    if not offers and not typed.text.endswith(":"):  # an operator that waits for its word is no search yet
        _observe(door, typed, found, "suggest")
    return page("search/suggest.html", SuggestPage(typed.text, offers, found, ()))


@feature.get("/search/similar", allow=signed_in)
def similar(door: Door) -> ResponseReturnValue:
    """Objections and questions like the title that is being written, to stand beside it."""
    title = door.args.get("title", "")
    rows = door.service(Finder).similar(door.session, door.actor, title) if title.strip() else ()
    return page("search/similar.html", SimilarPage(rows))


@feature.get("/search/ask", allow=signed_in)
def ask(door: Door) -> ResponseReturnValue:
    """From the box on to the form that fits: a buyer said it, or one of us needs to know."""
    form, title = FORMS.get(door.args.get("as", ""), FORMS["objection"]), door.args.get("title", "")
    door.observe(AskPressed(title, clock.now()))
    return go(f"{form}?{urlencode({'title': title})}")


def _observe(door: Door, typed: Typed, found: ResultList, origin: str) -> None:
    """Take note of a search; one that no index answered says nothing about what there is."""
    if UNAVAILABLE not in found.notes:
        door.observe(Searched(door.actor.person_id, typed.text, clock.now(), found.total, origin))
