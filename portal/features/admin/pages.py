"""What the templates of administration may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.core.paging import Span
from portal.features.admin.queries import Figures, KeptMail
from portal.shared.people.pages import PersonLink

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act: who did what to whom; `actor` None is the command line."""

    at: datetime
    actor: PersonLink | None
    is_command_line: bool
    act: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """How the portal stands; `problems` are what needs somebody, each with the page that mends it."""

    people: Mapping[str, int]
    figures: Figures
    problems: Choices
    latest: Sequence[AuditLine]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in the admin's list."""

    id: int
    name: str
    email: str
    roles: str
    department: str
    team: str
    state: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The admin's list of people; `values` are the filters as they stand."""

    people: Sequence[PersonRow]
    total: int
    span: Span
    values: Mapping[str, str]
    departments: Choices


@dataclass(frozen=True, slots=True)
class PersonForm:
    """Inviting or changing somebody; `id` is 0 for an invitation. `held` counts what they own, verify or have begun."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    options: Mapping[str, Choices]
    id: int = 0
    name: str = ""
    email: str = ""
    state: str = ""
    url: str = ""
    is_me: bool = False
    held: int = 0


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A department or a team in the admin's list."""

    id: int
    name: str
    line: str
    people: int


@dataclass(frozen=True, slots=True)
class PlacesPage:
    """Departments or teams: the list, and the form of a new one, or of the one that is changed (`id` not 0)."""

    rows: Sequence[PlaceRow]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    options: Mapping[str, Choices] = field(default_factory=dict)
    id: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class TermRow:
    """One word of a vocabulary, with its name as typed where a change was refused."""

    id: int
    name: str
    slug: str
    is_retired: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class VocabularyPage:
    """One vocabulary in its order."""

    vocabulary: str
    title: str
    word: str
    others: Sequence[tuple[str, str, bool]]
    terms: Sequence[TermRow]
    values: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """Settings as they are in force, secrets left out."""

    settings: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class JobRow:
    """One piece of work for later."""

    id: int
    kind: str
    key: str
    state: str
    attempts: int
    error: str
    run_after: datetime


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Jobs that need a look, then those that wait; `hidden` is how many more there are."""

    jobs: Sequence[JobRow]
    hidden: int


@dataclass(frozen=True, slots=True)
class MailsPage:
    """Mails in the folder; `server` names the SMTP server where mails go there instead."""

    mails: Sequence[KeptMail]
    server: str
    unsent: int


@dataclass(frozen=True, slots=True)
class MailPage:
    """One mail of the folder."""

    mail: KeptMail


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The audit log, newest first; `act` is the filter."""

    entries: Sequence[AuditLine]
    acts: Sequence[tuple[str, int]]
    act: str
    span: Span
