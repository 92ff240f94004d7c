"""People from CSV rows: each row whole or not at all; an empty cell leaves what is there, a `-` clears it.

Columns: mail, name, role; optional title, department, team, manager (the manager's mail address).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from portal.core.csvfiles import CsvRow
from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.core.reports import Entry
from portal.shared.people import operations
from portal.shared.people.forms import PersonInput, read_mail
from portal.shared.people.models import ROLES, Department, Person, Team
from portal.shared.people.queries import find_by_email, list_departments, list_present_teams, list_teams

REQUIRED = ("mail", "name", "role")
OPTIONAL = ("title", "department", "team", "manager")
CLEAR = "-"
MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Importer:
    """How rows are taken: `by` None is the command line; unknown places are errors unless `create_places`.

    With a `base_url` each new person gets an invitation by mail.
    """

    by: int | None = None
    create_places: bool = False
    base_url: str = ""

    def take(self, session: Session, row: CsvRow) -> list[Entry]:
        """Write one row; the caller rolls back where an entry is an error, and commits otherwise."""
        try:
            return [self._write(session, row, self._read(session, row))]
        except Invalid as problem:
            columns = {"email": "mail"}
            return [
                Entry(row.where, "error", said, columns.get(column, column)) for column, said in problem.errors.items()
            ]

    def _write(self, session: Session, row: CsvRow, given: PersonInput) -> Entry:
        person = find_by_email(session, given.email)
        if person is None:
            person = operations.add_person(session, self.by, given)
            if self.base_url:
                operations.invite_person(session, self.by, person, self.base_url)
            return Entry(row.where, "created")
        changes = operations.change_person(session, self.by, person, given)
        notes = ("this person is disabled, and stays so",) if person.state == "disabled" else ()
        return Entry(row.where, "updated" if changes else "unchanged", "; ".join(changes), notes=notes)

    def _read(self, session: Session, row: CsvRow) -> PersonInput:
        """The row as input; Invalid with all messages by column."""
        fields = Fields.of(**row.cells)
        if row.problem:
            fields.errors[""] = row.problem
        given = PersonInput(
            email=read_mail(fields, "mail", "mail"),
            name=fields.line("name", "name", required=True, most=120),
            role=fields.line("role", "role", required=True).lower(),
            title=fields.line("title", "title", most=120),
        )
        if given.role and given.role not in ROLES:
            fields.errors["role"] = f"“{given.role}” is no role. There are: {', '.join(ROLES)}."
        given = self._placed(session, fields, _with_present(session, given))
        fields.check()
        return given

    def _placed(self, session: Session, fields: Fields, given: PersonInput) -> PersonInput:
        """With department, team and manager as the cells say."""
        department_id = self._department_id(session, fields, given.department_id)
        team = self._team(session, fields, given.team_id, department_id)
        if team is not None and not fields.line("department", "department"):
            department_id = team.department_id
        if team is not None and team.department_id != department_id and "department" not in fields.errors:
            home = session.get_one(Department, team.department_id)
            fields.errors["team"] = f"{team.name} belongs to {home.name}, not to this department."
        manager_id = _manager_id(session, fields, given)
        return replace(given, department_id=department_id, team_id=team.id if team else None, manager_id=manager_id)

    def _department_id(self, session: Session, fields: Fields, present: int | None) -> int | None:
        word = fields.line("department", "department", most=120)
        if word in ("", CLEAR):
            return None if word else present
        known = list_departments(session)
        found = next((one for one in known if word.lower() in (one.name.lower(), one.slug)), None)
        if found is None and self.create_places:
            found = operations.add_department(session, self.by, word)
        if found is None:
            fields.errors["department"] = f"“{word}” is no department here. {_named(known)}"
        return found.id if found else None

    def _team(self, session: Session, fields: Fields, present: int | None, department_id: int | None) -> Team | None:
        word = fields.line("team", "team", most=120)
        if word in ("", CLEAR):
            return session.get(Team, present) if present and not word else None
        known = list_teams(session)
        found = next((one for one in known if word.lower() in (one.name.lower(), one.slug)), None)
        if found is None and self.create_places and department_id is not None:
            found = operations.add_team(session, self.by, word, department_id)
        if found is None:
            fields.errors["team"] = f"“{word}” is no team here. {_named(known)}"
        return found


def in_order(rows: Sequence[CsvRow]) -> tuple[list[CsvRow], list[Entry]]:
    """The rows with managers before those whom they lead, and an error for each mail that stands there twice."""
    first: dict[str, CsvRow] = {}
    twice = []
    for row in rows:
        mail = _mail(row, "mail")
        if mail and mail in first:
            twice.append(Entry(row.where, "error", f"{mail} stands in {first[mail].where} already", "mail"))
        else:
            first[mail or row.where] = row
    placed: list[CsvRow] = []
    while first:
        ready = [mail for mail, row in first.items() if _mail(row, "manager") not in first.keys() - {mail}]
        # A circle of managers is left as it stands; the report says which row fails.
        placed += [first.pop(mail) for mail in ready or list(first)]
    return placed, twice


def by_row(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries in the order of the file."""
    return tuple(sorted(entries, key=lambda one: int(one.where.removeprefix("row "))))


def _with_present(session: Session, given: PersonInput) -> PersonInput:
    """What an existing person has, where the row says nothing."""
    person = find_by_email(session, given.email)
    title = "" if given.title == CLEAR else given.title
    if person is None:
        return replace(given, title=title)
    team = list_present_teams(session, [person.id]).get(person.id)
    return replace(
        given,
        title=title if given.title else person.title,
        department_id=person.department_id,
        team_id=team.id if team else None,
        manager_id=person.manager_id,
    )


def _manager_id(session: Session, fields: Fields, given: PersonInput) -> int | None:
    word = fields.line("manager", "manager", most=254).lower()
    if word in ("", CLEAR):
        return None if word else given.manager_id
    manager: Person | None = find_by_email(session, word)
    if manager is None:
        fields.errors["manager"] = f"nobody has the mail address “{word}”, or that row was refused."
    elif word == given.email:
        fields.errors["manager"] = "nobody leads themselves."
    return manager.id if manager else None


def _mail(row: CsvRow, column: str) -> str:
    return row.cells[column].strip().lower()


def _named(known: Sequence[Department] | Sequence[Team]) -> str:
    """The names to choose from, not too many of them."""
    names = ", ".join(one.name for one in known[:MOST_NAMED])
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return f"There are: {names}{more}." if names else "There are none yet."
