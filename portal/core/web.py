"""Doors: the only place where requests meet units of work, permissions are asked at the door, and writes commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlencode, urlsplit

import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
)
from flask import (
    session as cookie,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor, Rule
from portal.core.db import Database, add_once
from portal.core.errors import Forbidden, NotFound
from portal.core.forms import Fields
from portal.core.guard import safe_next
from portal.core.ids import IdSlug, address
from portal.core.jobs import Submission
from portal.core.observed import Observations
from portal.core.units import write_in_unit

log = structlog.get_logger("web")

MESSAGES = 6
T = TypeVar("T")
View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class DoorSign:
    """What `portal doors` prints of one route."""

    method: str
    rule: str
    endpoint: str
    allow: str


class Feature:
    """A room that people visit: its doors, each with who may enter.

    The pages of a private room, and private pages of others, hold what a shared screen must not show: names of people,
    internal lines. While the actor's screen is shared they are covered by a page that says so.
    """

    def __init__(self, name: str, *, private: bool = False) -> None:
        self.name, self.is_private = name, private
        self.blueprint = Blueprint(name, name)
        self.signs: list[DoorSign] = []

    def get(self, rule: str, *, allow: Rule, private: bool = False) -> Callable[[View], View]:
        """A page; it never writes: the database refuses."""
        return self._door("GET", rule, allow, is_private=private or self.is_private)

    def post(self, rule: str, *, allow: Rule) -> Callable[[View], View]:
        """An act; ends in a redirect or in the page with its messages."""
        return self._door("POST", rule, allow)

    def _door(self, method: str, rule: str, allow: Rule, *, is_private: bool = False) -> Callable[[View], View]:
        def hang(view: View) -> View:
            def enter(**values: Any) -> ResponseReturnValue:
                door = Door()
                if not allow.admits(door.visitor):
                    return _turn_away(door, allow)
                if is_private and door.visitor is not None and door.visitor.is_screen_shared:
                    return render_template("errors/covered.html")
                return view(door, **values)

            endpoint = view.__name__
            self.blueprint.add_url_rule(rule, endpoint, enter, methods=[method])
            self.signs.append(DoorSign(method, rule, f"{self.name}.{endpoint}", allow.name))
            return view

        return hang


def _turn_away(door: "Door", allow: Rule) -> ResponseReturnValue:
    """A stranger signs in first and comes back; somebody without the role is told so."""
    if door.visitor is None:
        if request.method == "GET" and "HX-Request" not in request.headers:
            return redirect("/login?" + urlencode({"next": _own_address()}), 303)
        abort(401)
    if allow.name == "signed out":
        return redirect("/", 303)
    log.warning("refused", person=door.visitor.person_id, path=request.path, needs=allow.name)
    raise Forbidden(f"This page is for {allow.name}.")


def _own_address() -> str:
    """The address that was asked for: path and query, encoded as they came."""
    query = quote(request.query_string, safe="%/:;,?@&=+$!*'()~")
    return quote(request.path) + (f"?{query}" if query else "")


class Door:
    """One request as a view sees it: who asks, what was typed, and the two units of work."""

    @property
    def visitor(self) -> Actor | None:
        """Who asks, or None for a stranger."""
        return cast("Actor | None", getattr(current_user, "actor", None))

    @property
    def actor(self) -> Actor:
        """Who asks, behind a door that lets nobody else in."""
        visitor = self.visitor
        if visitor is None:
            abort(401)
        return visitor

    @property
    def session(self) -> Session:
        """The reading unit of this request, opened at first use, rolled back at its end."""
        return reading_session()

    @property
    def fields(self) -> Fields:
        """What was typed into the form."""
        return Fields({name: request.form.getlist(name) for name in request.form})

    @property
    def args(self) -> Mapping[str, str]:
        """The query string, control characters left out, the first value of each name."""
        return Fields({name: request.args.getlist(name) for name in request.args}).values

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for a piece of the page."""
        return "HX-Request" in request.headers and "HX-Boosted" not in request.headers

    def service(self, kind: type[T]) -> T:
        """A thing of the process, such as the search index, by its type."""
        return service(kind)

    def write(self, work: Callable[[Session], T]) -> T:
        """Run a writing unit and commit it; repeated whole if the database asks for it.

        `work` checks permission and version again: what the reading unit saw may have changed.
        """
        close_reading_session()
        return write_in_unit(self.service(Database), work)

    def create(self, work: Callable[[Session], str]) -> ResponseReturnValue:
        """A form that creates: the `once` key answers a repeat with the first result; 303 to the new address."""
        key, person_id = self.fields.values.get("once", "")[:64], self.actor.person_id

        def once(session: Session) -> str:
            if not key:
                return work(session)
            is_first = add_once(session, Submission, person_id=person_id, key=key, url="", at=clock.now())
            submission = session.get_one(Submission, (person_id, key))
            if is_first:
                submission.url = work(session)
            return submission.url

        return redirect(self.write(once), 303)

    def came_from(self) -> str:
        """The page of this portal that the form stood on, by the referrer; else the front page."""
        try:
            came = urlsplit(request.referrer or "")
        except ValueError:
            return "/"
        same = came.netloc == request.host
        return safe_next(came.path + (f"?{came.query}" if came.query else "")) if same else "/"

    def observe(self, note: object) -> None:
        """Take note of what a GET learnt, without writing."""
        self.service(Observations).add(note)


def service(kind: type[T]) -> T:
    """A thing of the process by its type; KeyError where the roof put none."""
    return cast(T, current_app.extensions["fieldhouse"][kind])


def reading_session() -> Session:
    """The reading unit of the request."""
    if "reading" not in g:
        g.reading = service(Database).open_reader()
    return cast(Session, g.reading)


def close_reading_session() -> None:
    """End the reading unit, so that no old snapshot is held while writing or sending."""
    session: Session | None = g.pop("reading", None)
    if session is not None:
        session.close()


def page(template: str, content: object, status: int = 200) -> Response:
    """Render a template with a frozen page: its fields, by name, are all that the template may see."""
    if not is_dataclass(content) or isinstance(content, type):
        raise TypeError(f"{template} needs a page dataclass, not {content!r}")
    seen = {one.name: getattr(content, one.name) for one in fields(content)}
    return make_response(render_template(template, **seen), status)


def go(url: str) -> ResponseReturnValue:
    """303 See Other, after an act."""
    return redirect(url, 303)


def say(text: str, tone: str = "ok") -> None:
    """One message above the next page; tone is ok, warn or bad."""
    _flash(text, tone)


def kept_clear(key: str, token: str = "") -> None:
    """Tell the browser, on the next page, that what it kept of a form is settled; with a token, of this text alone."""
    _flash(f"{key} {token}".rstrip(), "kept-clear")


def _flash(text: str, category: str) -> None:
    """The newest MESSAGES wait for the next page: they lie in the cookie, and a browser drops one that is too large."""
    flash(text, category)
    cookie["_flashes"] = cookie["_flashes"][-MESSAGES:]


def settle_slug(where: IdSlug, slug: str, base: str) -> ResponseReturnValue | None:
    """301 to the right address when the slug is an old or wrong one; the id decides."""
    if where.slug == slug:
        return None
    query = "?" + request.query_string.decode("utf-8", "replace") if request.query_string else ""
    return redirect(f"{base}/{address(where.id, slug)}{query}", 301)


def found(thing: T | None) -> T:
    """The thing, or the page that there is none."""
    if thing is None:
        raise NotFound
    return thing


def install(app: Flask, services: Mapping[type, object]) -> None:
    """Hang the services of the process into the application and close each request's reading unit."""
    app.extensions["fieldhouse"] = dict(services)

    @app.teardown_appcontext
    def end_reading(error: BaseException | None) -> None:
        close_reading_session()
