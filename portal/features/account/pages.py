"""What the templates of the account may see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal.core.sessions import UserSession

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The way in; `message` says why it did not open."""

    values: Mapping[str, str]
    message: str = ""


@dataclass(frozen=True, slots=True)
class ForgottenPage:
    """Asking for a new password by mail; the message under "" belongs to no field."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """Choosing a password, behind an invitation or a reset link."""

    purpose: str
    name: str
    email: str
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkGonePage:
    """A link that was used, ran out, or never was."""

    purpose: str


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One browser in which somebody is signed in."""

    id: int
    browser: str
    network: str
    seen_at: datetime
    created_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The own account: where one is signed in, and the password."""

    sessions: tuple[OwnSession, ...]
    errors: Mapping[str, str] = field(default_factory=dict)


def own_session(row: UserSession, current_id: int | None) -> OwnSession:
    """A session as its owner sees it."""
    return OwnSession(
        id=row.id,
        browser=browser_name(row.browser),
        network=row.network,
        seen_at=row.seen_at,
        created_at=row.created_at,
        is_this=row.id == current_id,
    )


def browser_name(user_agent: str) -> str:
    """`Firefox on Windows`; what cannot be told is left out."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return " on ".join(part for part in (browser, system) if part) or "A browser"
