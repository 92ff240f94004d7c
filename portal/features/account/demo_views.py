"""The demo's bar: one click, and one sees the demo company as somebody else."""

from collections.abc import Mapping

from flask import session
from flask.typing import ResponseReturnValue

from portal.core.access import anyone
from portal.core.errors import NotFound
from portal.core.web import Door, Feature, found, go, service
from portal.features.account.views import start_session
from portal.settings import Settings
from portal.shared.people.queries import find_by_email

feature = Feature("demo")

DEMO_PEOPLE: Mapping[str, tuple[str, str]] = {
    "rep": ("Rep", "rep@demo.example"),
    "star": ("Star", "dana@demo.example"),
    "manager": ("Manager", "manager@demo.example"),
    "planner": ("Planner", "publisher@demo.example"),
    "admin": ("Admin", "admin@demo.example"),
}
OWN_PAGES = ("/admin", "/me", "/reset", "/invitation")


@feature.post("/demo/as/<key>", allow=anyone)
def step_in(door: Door, key: str) -> ResponseReturnValue:
    """Go on as this person, on the same page where everybody may see it; outside the demo there is no such address."""
    if not door.service(Settings).demo or key not in DEMO_PEOPLE:
        raise NotFound
    person = found(find_by_email(door.session, DEMO_PEOPLE[key][1]))
    came_from = door.came_from()
    found(start_session(door, person.id))
    session["demo"] = key
    return go("/" if came_from.startswith(OWN_PAGES) else came_from)


@feature.blueprint.app_context_processor
def demo_people() -> dict[str, object]:
    """The bar of every page, as (label, key, is current); empty outside the demo."""
    if not service(Settings).demo:
        return {"demo_people": ()}
    current = session.get("demo", "")
    return {"demo_people": tuple((label, key, key == current) for key, (label, _) in DEMO_PEOPLE.items())}
