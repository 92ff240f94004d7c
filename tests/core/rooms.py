"""A small house for the tests of core: its web layer as the roof lays it, a door for each thing that can happen."""

import itertools
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core import assets, guard, headers, login, problems, templating, web
from portal.core.access import admins, anyone, signed_in, signed_out
from portal.core.db import Database
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from portal.core.ids import IdConverter, IdSlug, IdSlugConverter
from portal.core.limits import count_attempt
from portal.core.observed import Observations
from portal.core.sessions import SessionSeen, record_seen
from portal.core.web import Door, Feature, go, page, say, settle_slug
from portal.shared.people.queries import find_signed_in

ROOT = Path(__file__).resolve().parent.parent.parent
feature = Feature("rooms")
views = itertools.count()
RAISED = {
    "refused": Forbidden("Only for the cook."),
    "gone": NotFound(),
    "invalid": Invalid({"name": "Name: please write something here."}),
    "slower": TooMany("That was often.", 42),
    "overtaken": Conflict("Somebody else saved."),
    "broken": RuntimeError("canary-in-an-error"),
}


@dataclass(frozen=True, slots=True)
class Small:
    """A page that the template of errors can show."""

    status: int = 200
    headline: str = "A room"
    happened: str = ""
    kept: str = ""
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Vague:
    """A page without the headline that its template needs."""

    status: int = 200


@feature.get("/", allow=anyone)
def hall(door: Door) -> ResponseReturnValue:
    """A page of the house."""
    return page("errors/error.html", Small())


@feature.get("/room", allow=signed_in)
def room(door: Door) -> ResponseReturnValue:
    """Says who is in."""
    return f"{door.actor.person_id}"


@feature.get("/office", allow=admins)
def office(door: Door) -> ResponseReturnValue:
    """For admins."""
    return "office"


@feature.get("/porch", allow=signed_out)
def porch(door: Door) -> ResponseReturnValue:
    """For strangers alone."""
    return "porch"


@feature.get("/raise/<what>", allow=anyone)
def fail(door: Door, what: str) -> ResponseReturnValue:
    """Whatever can go wrong."""
    raise RAISED[what]


@feature.get("/vague", allow=anyone)
def vague(door: Door) -> ResponseReturnValue:
    """A page that lacks what its template needs."""
    return page("errors/error.html", Vague())


@feature.get("/scribble", allow=anyone)
def scribble(door: Door) -> ResponseReturnValue:
    """A GET that tries to write."""
    count_attempt(door.session, ["scribble"])
    door.session.flush()
    return "written"


@feature.get("/things/<idslug:where>", allow=anyone)
def thing(door: Door, where: IdSlug) -> ResponseReturnValue:
    """A thing whose slug is `right-words`."""
    return settle_slug(where, "right-words", "/things") or "thing"


@feature.get("/numbers/<int:number>", allow=anyone)
def numbers(door: Door, number: int) -> ResponseReturnValue:
    """A row by its id."""
    return str(door.session.scalar(text("SELECT count(*) FROM person WHERE id = :id"), {"id": number}))


@feature.post("/acts", allow=anyone)
def act(door: Door) -> ResponseReturnValue:
    """Says what was typed, and goes back."""
    next(views)
    say(door.fields.line("said", "Said") or "Done.")
    return go(door.came_from())


@feature.post("/things", allow=signed_in)
def make(door: Door) -> ResponseReturnValue:
    """Makes a thing: an attempt in a bucket, whose id is its address."""

    def work(unit: Session) -> str:
        count_attempt(unit, [f"thing:{door.actor.person_id}"])
        return f"/things/{unit.scalar(text('SELECT max(id) FROM attempt'))}-right-words"

    return door.create(work)


@feature.post("/enter/<int:session_id>", allow=anyone)
def enter(door: Door, session_id: int) -> ResponseReturnValue:
    """Notes what a cookie holds when somebody steps in; the token comes as a header."""
    found = find_signed_in(door.session, request.headers["X-Token"])
    assert found is not None
    session["before"] = "kept"
    login.remember(found[0], request.headers["X-Token"], for_long=bool(session_id))
    return go("/room")


def build(database: Database, *, base_url: str = "http://localhost", proxies: int = 0) -> Flask:
    """The house on a database, as `create_app` would lay it."""
    app = Flask("rooms", root_path=str(ROOT), static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(SECRET_KEY="not secret at all, and long enough for that")
    app.url_map.converters.update(int=IdConverter, idslug=IdSlugConverter)
    observations = Observations(database, {SessionSeen: record_seen})
    web.install(app, {Database: database, Observations: observations})
    problems.install(app)
    guard.install(app, base_url=base_url, proxies=proxies)
    login.install(app, find_signed_in, https=base_url.startswith("https:"))
    headers.install(app, https=base_url.startswith("https:"))
    assets.install(app, assets.Assets(ROOT / "static", joined=True))
    templating.install(app, timezone="Europe/Berlin", release="1.2.3")
    app.register_blueprint(feature.blueprint)
    app.testing = True
    return app
