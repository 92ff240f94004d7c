"""The front page: the search bar, and what came lately below it."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.web import Door, Feature, page
from portal.shared.finding.kit_queries import list_saved
from portal.shared.finding.pages import FacetChoice, search_url
from portal.shared.finding.queries import list_labels

feature = Feature("home")


@dataclass(frozen=True, slots=True)
class HomePage:
    """Ways in for somebody who has not typed yet: own saved searches, and the categories of objections."""

    categories: tuple[FacetChoice, ...]
    saved: tuple[FacetChoice, ...]


@feature.get("/", allow=signed_in)
def index(door: Door) -> ResponseReturnValue:
    """Search first; the categories are for those who would rather browse. A shared screen shows no own searches."""
    session, actor = door.session, door.actor
    names = list_labels(session, actor).get("category", {})
    saved = () if actor.is_screen_shared else list_saved(session, actor)
    content = HomePage(
        categories=tuple(FacetChoice(name, 0, f"/objections?category={slug}") for slug, name in names.items()),
        saved=tuple(FacetChoice(one.name, 0, search_url(one.query)) for one in saved),
    )
    return page("home/index.html", content)
