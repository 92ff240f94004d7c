"""Who is asking, and which doors open to them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

EVERYONE = "all"


class Grant(NamedTuple):
    """One role of a person, possibly for one department or team only."""

    role: str
    department_id: int | None
    team_id: int | None


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person as every query and policy sees them."""

    person_id: int
    name: str
    slug: str
    grants: frozenset[Grant]
    department_id: int | None
    team_id: int | None
    timezone: str | None = None
    session_id: int | None = None
    is_screen_shared: bool = False
    """Others look at this person's screen just now: what is for us alone stands on no page."""

    @property
    def roles(self) -> frozenset[str]:
        """The names of the roles held, for whichever department or team."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_admin(self) -> bool:
        """Runs the portal."""
        return "admin" in self.roles

    @property
    def is_manager(self) -> bool:
        """Curates; an admin is no manager unless granted it."""
        return "manager" in self.roles

    @property
    def audiences(self) -> frozenset[str]:
        """The audience marks that open an item to this person."""
        marks = {EVERYONE, f"person:{self.person_id}"}
        if self.department_id is not None:
            marks.add(f"dep:{self.department_id}")
        if self.team_id is not None:
            marks.add(f"team:{self.team_id}")
        return frozenset(marks)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may enter a door; `name` is what `portal doors` prints."""

    name: str
    admits: Callable[[Actor | None], bool]


def _with_role(*roles: str) -> Callable[[Actor | None], bool]:
    return lambda actor: actor is not None and bool(actor.roles & set(roles))


anyone = Rule("anyone", lambda actor: True)
signed_out = Rule("signed out", lambda actor: actor is None)
signed_in = Rule("signed in", lambda actor: actor is not None)
managers = Rule("managers", _with_role("manager", "admin"))
admins = Rule("admins", _with_role("admin"))
