"""What is typed about people and their places, and what is said when it cannot be taken."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.core.passwords import problem_with
from portal.shared.people.models import ROLES, Department, Person, Team

_WORD = r"[^\x00-\x20\x7f\s@,;:<>\"()\[\]\\.]+"
_MAIL = re.compile(rf"{_WORD}(\.{_WORD})*@{_WORD}(\.{_WORD})+")
_OWN_NAME = "fieldhouse"


@dataclass(frozen=True, slots=True)
class PersonInput:
    """What makes a person; `team_id` and `manager_id` may be empty."""

    email: str
    name: str
    role: str
    department_id: int | None = None
    team_id: int | None = None
    manager_id: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Where somebody can belong: the choices of a form."""

    departments: Sequence[Department]
    teams: Sequence[Team]
    people: Sequence[tuple[int, str]]

    def options(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Values and texts of the three choices, each beginning with "none"."""
        named = {item.id: item.name for item in self.departments}
        none = (("", "none"),)
        return {
            "department": (*none, *((str(one.id), one.name) for one in self.departments)),
            "team": (*none, *((str(one.id), f"{one.name} ({named[one.department_id]})") for one in self.teams)),
            "manager": (*none, *((str(number), name) for number, name in self.people)),
        }


@dataclass(frozen=True, slots=True)
class TeamInput:
    """A team as typed."""

    name: str
    department_id: int
    manager_id: int | None


def read_mail(fields: Fields, name: str = "email", label: str = "Mail") -> str:
    """A mail address in lower case; a message where it is none, or one that no mail can be sent to."""
    email = fields.line(name, label, required=True, most=254).lower()
    if name not in fields.errors and not _MAIL.fullmatch(email):
        fields.errors[name] = f"{label}: “{email}” is no mail address."
    elif strange := "".join(dict.fromkeys(letter for letter in email if not letter.isascii())):
        fields.errors[name] = (
            f"{label}: “{email}” has letters that not every mail server takes ({strange});"
            " give the address in plain letters."
        )
    return email


def read_person(fields: Fields, places: Places, *, email: str = "", own_id: int | None = None) -> PersonInput:
    """The form of a person; `email` and `own_id` are known where somebody is changed, not invited."""
    given = PersonInput(
        email=email or read_mail(fields),
        name=fields.line("name", "Name", required=True, most=120),
        role=fields.choice("role", "Role", ROLES, required=True),
        title=fields.line("title", "Title", most=120),
        department_id=_one_of(fields, "department", "Department", [one.id for one in places.departments]),
        team_id=_one_of(fields, "team", "Team", [one.id for one in places.teams]),
        manager_id=_one_of(fields, "manager", "Manager", [number for number, _ in places.people]),
    )
    team = next((one for one in places.teams if one.id == given.team_id), None)
    if team is not None and given.department_id != team.department_id:
        home = next(one.name for one in places.departments if one.id == team.department_id)
        fields.errors["team"] = f"Team: {team.name} belongs to {home}; choose that department, or another team."
    if own_id is not None and given.manager_id == own_id:
        fields.errors["manager"] = "Manager: nobody leads themselves."
    fields.check()
    return given


def read_department(fields: Fields) -> tuple[str, str]:
    """Name and line of a department."""
    given = fields.line("name", "Name", required=True, most=120), fields.line("line", "What it does", most=300)
    fields.check()
    return given


def read_team(fields: Fields, places: Places) -> TeamInput:
    """The form of a team."""
    name = fields.line("name", "Name", required=True, most=120)
    fields.choice("department", "Department", [str(one.id) for one in places.departments], required=True)
    department_id = _one_of(fields, "department", "Department", [one.id for one in places.departments])
    manager_id = _one_of(fields, "manager", "Manager", [number for number, _ in places.people])
    fields.check()
    return TeamInput(name, department_id or 0, manager_id)


def read_new_password(fields: Fields, person: Person, name: str = "password") -> str:
    """A new password, exactly as typed; Invalid where others would guess it."""
    password = "".join(fields.typed(name)[:1])
    if problem := password_problem(password, person.name, person.email):
        raise Invalid({name: f"Password: {problem}"})
    return password


def password_problem(password: str, name: str, email: str) -> str | None:
    """What is wrong with a new password of this person, in words, or None."""
    return problem_with(password, *name.split(), email.partition("@")[0], email, _OWN_NAME)


def _one_of(fields: Fields, name: str, label: str, known: Sequence[int]) -> int | None:
    value = fields.choice(name, label, [str(number) for number in known])
    return int(value) if value and name not in fields.errors else None
