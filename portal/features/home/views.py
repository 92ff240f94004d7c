"""The front page: the search bar, and what came lately below it."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.web import Door, Feature, page
from portal.shared.finding.pages import FacetChoice
from portal.shared.finding.queries import list_labels

feature = Feature("home")


@dataclass(frozen=True, slots=True)
class HomePage:
    """Ways in for somebody who has not typed yet: the categories of objections."""

    categories: tuple[FacetChoice, ...]


@feature.get("/", allow=signed_in)
def index(door: Door) -> ResponseReturnValue:
    """Search first; the categories are for those who would rather browse."""
    names = list_labels(door.session, door.actor).get("category", {})
    return page(
        "home/index.html",
        HomePage(tuple(FacetChoice(name, 0, f"/objections?category={slug}") for slug, name in names.items())),
    )
