"""Doors of departments, teams and vocabularies for admins; every act is audited."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.access import admins
from portal.core.errors import Invalid
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.admin.pages import PlaceRow, PlacesPage
from portal.shared.people import operations
from portal.shared.people.forms import Places, read_department, read_team
from portal.shared.people.models import Department, Team
from portal.shared.people.queries import (
    count_by_department,
    count_by_team,
    list_departments,
    list_names,
    list_teams,
)

feature = Feature("admin_places", private=True)

NOTHING: Mapping[str, str] = {}


@feature.get("/admin/departments", allow=admins)
def departments(door: Door) -> ResponseReturnValue:
    """All departments, and the form of a new one."""
    return _departments_page(door, None, NOTHING, NOTHING)


@feature.post("/admin/departments", allow=admins)
def add_department(door: Door) -> ResponseReturnValue:
    """Make a department."""
    fields, by = door.fields, door.actor.person_id
    try:
        name, line = read_department(fields)
        door.write(lambda session: operations.add_department(session, by, name, line))
    except Invalid as problem:
        return _departments_page(door, None, fields.values, problem.errors)
    say(f"{name} is there now.")
    return go("/admin/departments")


@feature.get("/admin/departments/<int:department_id>", allow=admins)
def department(door: Door, department_id: int) -> ResponseReturnValue:
    """One department, to be changed."""
    one = found(door.session.get(Department, department_id))
    return _departments_page(door, one, {"name": one.name, "line": one.line}, NOTHING)


@feature.post("/admin/departments/<int:department_id>", allow=admins)
def change_department(door: Door, department_id: int) -> ResponseReturnValue:
    """Rename a department; its old address goes on leading there."""
    fields, by, one = door.fields, door.actor.person_id, found(door.session.get(Department, department_id))

    def work(session: Session) -> None:
        operations.rename_department(session, by, session.get_one(Department, department_id), name, line)

    try:
        name, line = read_department(fields)
        door.write(work)
    except Invalid as problem:
        return _departments_page(door, one, fields.values, problem.errors)
    say(f"{name} is kept.")
    return go("/admin/departments")


@feature.get("/admin/teams", allow=admins)
def teams(door: Door) -> ResponseReturnValue:
    """All teams, and the form of a new one."""
    return _teams_page(door, None, NOTHING, NOTHING)


@feature.post("/admin/teams", allow=admins)
def add_team(door: Door) -> ResponseReturnValue:
    """Make a team in a department."""
    fields, by, places = door.fields, door.actor.person_id, _places(door)
    try:
        given = read_team(fields, places)
        door.write(lambda session: operations.add_team(session, by, given.name, given.department_id, given.manager_id))
    except Invalid as problem:
        return _teams_page(door, None, fields.values, problem.errors)
    say(f"Team {given.name} is there now.")
    return go("/admin/teams")


@feature.get("/admin/teams/<int:team_id>", allow=admins)
def team(door: Door, team_id: int) -> ResponseReturnValue:
    """One team, to be changed."""
    one = found(door.session.get(Team, team_id))
    values = {"name": one.name, "department": str(one.department_id), "manager": str(one.manager_id or "")}
    return _teams_page(door, one, values, NOTHING)


@feature.post("/admin/teams/<int:team_id>", allow=admins)
def change_team(door: Door, team_id: int) -> ResponseReturnValue:
    """Rename a team, move it, or give it another manager; its address stays."""
    fields, by, one = door.fields, door.actor.person_id, found(door.session.get(Team, team_id))
    places = _places(door)

    def work(session: Session) -> None:
        operations.change_team(
            session, by, session.get_one(Team, team_id), name=given.name, department_id=given.department_id,
            manager_id=given.manager_id,
        )  # fmt: skip

    try:
        given = read_team(fields, places)
        door.write(work)
    except Invalid as problem:
        return _teams_page(door, one, fields.values, problem.errors)
    say(f"Team {given.name} is kept.")
    return go("/admin/teams")


def _departments_page(
    door: Door, one: Department | None, values: Mapping[str, str], errors: Mapping[str, str]
) -> ResponseReturnValue:
    counts = count_by_department(door.session)
    content = PlacesPage(
        rows=[PlaceRow(row.id, row.name, row.line, counts.get(row.id, 0)) for row in list_departments(door.session)],
        values=values,
        errors=errors,
        id=one.id if one else 0,
        name=one.name if one else "",
    )
    return page("admin/departments.html", content, 422 if errors else 200)


def _teams_page(
    door: Door, one: Team | None, values: Mapping[str, str], errors: Mapping[str, str]
) -> ResponseReturnValue:
    places, counts = _places(door), count_by_team(door.session)
    homes = {row.id: row.name for row in places.departments}
    content = PlacesPage(
        rows=[PlaceRow(row.id, row.name, homes[row.department_id], counts.get(row.id, 0)) for row in places.teams],
        values=values,
        errors=errors,
        options=places.options(),
        id=one.id if one else 0,
        name=one.name if one else "",
    )
    return page("admin/teams.html", content, 422 if errors else 200)


def _places(door: Door) -> Places:
    session = door.session
    return Places(list_departments(session), list_teams(session), list_names(session))
