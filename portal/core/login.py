"""Flask-Login on top of server-side sessions: the signed cookie holds an opaque token, the database its hash."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Flask, request, session
from flask_login import LoginManager, UserMixin, login_user, logout_user
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.observed import Observations
from portal.core.sessions import REMEMBERED, SEEN_STEP, SessionSeen, SessionUse
from portal.core.web import reading_session, service

FindSignedIn = Callable[[Session, str], tuple[Actor, SessionUse] | None]
SHARED = "screen_shared"


@dataclass(frozen=True, eq=False)
class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login calls the user: an actor, and the token of the session."""

    actor: Actor
    token: str
    session_id: int

    def get_id(self) -> str:
        """The token is what the cookie keeps; it names a session, not a person."""
        return self.token


def install(app: Flask, find: FindSignedIn, *, https: bool) -> None:
    """Set the cookie's rules and the loader that turns a token into an actor."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-fieldhouse" if https else "fieldhouse",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=REMEMBERED,
    )
    # not init_app: it reads the cookie after every request, for a remember cookie that is not used here, and so
    # makes each asset depend on the cookie
    manager = app.login_manager = LoginManager()  # type: ignore[attr-defined]
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        found = find(reading_session(), token)
        if found is None:
            return None
        actor, row = found
        now = clock.now()
        if request.endpoint != "assets.serve" and now - row.seen_at > SEEN_STEP:
            service(Observations).add(SessionSeen(row.id, now))
        return SignedIn(replace(actor, is_screen_shared=bool(session.get(SHARED))), token, row.id)


def remember(actor: Actor, token: str, *, for_long: bool) -> None:
    """Put the token of a fresh session into the cookie; everything of the visitor before is dropped."""
    session.clear()
    session.permanent = for_long
    login_user(SignedIn(actor, token, 0))


def share_screen(*, shared: bool) -> None:
    """Remember in the signed cookie of this browser whether others look at the screen; it ends with the session."""
    if shared:
        session[SHARED] = True
    else:
        session.pop(SHARED, None)


def forget() -> None:
    """Empty the cookie."""
    logout_user()
    session.clear()
