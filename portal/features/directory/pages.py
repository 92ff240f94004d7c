"""What the templates of the directory may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.paging import Span
from portal.shared.people.pages import PersonLink


@dataclass(frozen=True, slots=True)
class Place:
    """A department or a team in a list; `people` is how many belong to it."""

    name: str
    url: str
    line: str = ""
    people: int = 0


@dataclass(frozen=True, slots=True)
class DepartmentChoice:
    """One department as a filter, with its count, for the macro `facets`."""

    text: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The list of people; `words` is what was searched, `teams` names the team of a person by id."""

    people: Sequence[PersonLink]
    teams: dict[int, str]
    total: int
    words: str
    department: str
    span: Span
    departments: Sequence[DepartmentChoice]


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """One person as colleagues see them."""

    person: PersonLink
    email: str
    state: str
    is_me: bool
    department: Place | None
    team: Place | None
    manager: PersonLink | None


@dataclass(frozen=True, slots=True)
class DepartmentsPage:
    """All departments."""

    departments: Sequence[Place]


@dataclass(frozen=True, slots=True)
class DepartmentPage:
    """One department: what it does, its teams, its people."""

    name: str
    line: str
    teams: Sequence[Place]
    people: Sequence[PersonLink]
    total: int
    span: Span


@dataclass(frozen=True, slots=True)
class TeamPage:
    """One team: its department, its manager, its members."""

    name: str
    department: Place
    manager: PersonLink | None
    people: Sequence[PersonLink]
