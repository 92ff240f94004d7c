"""Doors of search: the page, and its rows under the bar while typing."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.web import Door, Feature, page
from portal.shared.finding.finder import Finder
from portal.shared.finding.pages import ResultList
from portal.shared.finding.syntax import read

feature = Feature("search")

PAGE = 20
WHILE_TYPING = 8
LAST_PAGE = 50


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results; `q` is what was typed."""

    q: str
    found: ResultList
    first: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class SuggestPage:
    """The first rows, while typing."""

    q: str
    found: ResultList


@feature.get("/search", allow=signed_in)
def results(door: Door) -> ResponseReturnValue:
    """One ranked list with facets; an empty query shows how to ask."""
    typed = read(door.args.get("q", ""))
    given = door.args.get("page", "1")
    number = min(max(int(given), 1), LAST_PAGE) if given.isdecimal() else 1
    found = ResultList()
    if not typed.is_empty:
        found = door.service(Finder).search(door.session, door.actor, typed, limit=PAGE, offset=(number - 1) * PAGE)
    more = number < LAST_PAGE and number * PAGE < found.total
    content = SearchPage(
        q=typed.text,
        found=found,
        first=(number - 1) * PAGE + 1,
        previous_url=_address(typed.text, number - 1) if number > 1 else "",
        next_url=_address(typed.text, number + 1) if more else "",
    )
    return page("search/results.html", content)


@feature.get("/search/suggest", allow=signed_in)
def suggest(door: Door) -> ResponseReturnValue:
    """The first rows for what is being typed; the last word may be unfinished."""
    typed = read(door.args.get("q", ""))
    found = ResultList()
    if not typed.is_empty:
        found = door.service(Finder).search(door.session, door.actor, typed, limit=WHILE_TYPING, counting=False)
    return page("search/suggest.html", SuggestPage(typed.text, found))


def _address(text: str, number: int) -> str:
    return "/search?" + urlencode({"q": text, "page": number})
