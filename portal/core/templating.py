"""What every template may use: strict names, a few filters, and who is looking."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Flask, g, get_flashed_messages, request, session
from flask.templating import Environment
from flask_login import current_user
from jinja2 import StrictUndefined
from sqlalchemy.exc import SQLAlchemyError

from portal.core import clock
from portal.core.access import Actor
from portal.core.ids import address, initials, new_token


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking, as templates see it."""

    id: int
    name: str
    initials: str
    url: str
    is_admin: bool
    is_manager: bool
    is_screen_shared: bool = False


def viewer_of(actor: Actor | None) -> Viewer | None:
    """The signed-in person for the layout, or None."""
    if actor is None:
        return None
    return Viewer(
        id=actor.person_id,
        name=actor.name,
        initials=initials(actor.name),
        url=f"/people/{address(actor.person_id, actor.slug)}",
        is_admin=actor.is_admin,
        is_manager=actor.is_manager,
        is_screen_shared=actor.is_screen_shared,
    )


def _visitor() -> Actor | None:
    """Who is looking; an error page must stand even where the database cannot tell."""
    try:
        return cast("Actor | None", getattr(current_user, "actor", None))
    except SQLAlchemyError:
        return None


def relative(moment: datetime) -> str:
    """`just now`, `5 min ago`, `3 h ago`, `12 d ago`, `4 months ago`, `2 years ago`."""
    seconds = (clock.now() - moment).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    if seconds < 86_400:
        return f"{int(seconds // 3600)} h ago"
    days = int(seconds // 86_400)
    if days < 60:
        return f"{days} d ago"
    if days < 365:
        return f"{days // 30} months ago"
    return "1 year ago" if days < 730 else f"{days // 365} years ago"


class Templates(Environment):
    """Jinja's environment with plain dictionaries of globals.

    Jinja chains two of them and, for each import of a component, compares their keys one by one: a tenth of a page's
    time. All globals stand before the first template is read.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of one template: those of all, and its own."""
        return {**self.globals, **(d or {})}


def install(app: Flask, *, timezone: str, release: str) -> None:
    """Strict templates with the filters `relative`, `fulldate`, `hour` and `initials`, and the viewer as `me`.

    `hour` is `12:40` for a moment of today and `3 Nov, 12:40` for an older one.
    """
    zone = ZoneInfo(timezone)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.auto_reload = app.debug

    def fulldate(moment: datetime) -> str:
        return moment.astimezone(zone).strftime("%a %-d %b %Y, %H:%M")

    def hour(moment: datetime) -> str:
        here = moment.astimezone(zone)
        return here.strftime("%H:%M" if here.date() == clock.now().astimezone(zone).date() else "%-d %b, %H:%M")

    app.jinja_env.filters.update(relative=relative, fulldate=fulldate, hour=hour, initials=initials)
    app.jinja_env.globals.update(release=release, once_key=lambda: new_token()[:22])

    @app.context_processor
    def about_request() -> dict[str, object]:
        return {
            "me": viewer_of(_visitor()),
            "path": request.path,
            "request_id": g.get("request_id", ""),
            "messages": get_flashed_messages(with_categories=True) if "_flashes" in session else [],
        }
