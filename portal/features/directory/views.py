"""Doors of the directory: people, departments and teams, open to everybody who is signed in."""

from flask import redirect
from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.ids import IdSlug
from portal.core.paging import address, rows_before, span
from portal.core.web import Door, Feature, found, page, settle_slug
from portal.features.directory.pages import (
    DepartmentChoice,
    DepartmentPage,
    DepartmentsPage,
    PeoplePage,
    Place,
    ProfilePage,
    TeamPage,
)
from portal.shared.people.models import Department, Team
from portal.shared.people.pages import link_to
from portal.shared.people.queries import (
    PeopleFilter,
    count_by_department,
    count_by_team,
    count_people,
    find_department,
    find_person,
    find_team,
    list_departments,
    list_members,
    list_people,
    list_people_by_id,
    list_present_teams,
    list_teams,
)

feature = Feature("directory", private=True)

PAGE = 50


@feature.get("/people", allow=signed_in)
def people(door: Door) -> ResponseReturnValue:
    """People by name, 50 a page; `q` looks in name, mail and title, `dept` keeps one department."""
    session, words, slug = door.session, door.args.get("q", "").strip()[:100], door.args.get("dept", "")
    departments, counts = list_departments(session), count_by_department(session, PeopleFilter(words))
    chosen = next((one for one in departments if one.slug == slug), None)
    wanted, before = PeopleFilter(words, department_id=chosen.id if chosen else None), rows_before(door.args, PAGE)
    total, rows = count_people(session, wanted), list_people(session, wanted, limit=PAGE, offset=before)
    kept = {"q": words, "dept": chosen.slug if chosen else ""}
    teams = list_present_teams(session, [one.id for one in rows])
    content = PeoplePage(
        people=[link_to(one, one.department.name if one.department else "") for one in rows],
        teams={person_id: team.name for person_id, team in teams.items()},
        total=total,
        words=words,
        department=chosen.slug if chosen else "",
        span=span("/people", kept, before=before, shown=len(rows), total=total, size=PAGE),
        departments=[
            DepartmentChoice(
                one.name, counts[one.id], address("/people", {"q": words, "dept": "" if one is chosen else one.slug}),
                one is chosen,
            )
            for one in departments if one.id in counts
        ],
    )  # fmt: skip
    return page("directory/people.html", content)


@feature.get("/people/<idslug:where>", allow=signed_in)
def profile(door: Door, where: IdSlug) -> ResponseReturnValue:
    """One person; whoever left is still named where they wrote."""
    session = door.session
    person = found(find_person(session, where.id))
    if moved := settle_slug(where, person.slug, "/people"):
        return moved
    team = list_present_teams(session, [person.id]).get(person.id)
    manager = find_person(session, person.manager_id) if person.manager_id else None
    content = ProfilePage(
        person=link_to(person),
        email=person.email if person.state != "erased" else "",
        state=person.state,
        is_me=person.id == door.actor.person_id,
        department=_department(person.department) if person.department else None,
        team=_team(team) if team else None,
        manager=link_to(manager) if manager else None,
    )
    return page("directory/profile.html", content)


@feature.get("/departments", allow=signed_in)
def departments(door: Door) -> ResponseReturnValue:
    """All departments, with what they do."""
    counts = count_by_department(door.session)
    rows = [_department(one, counts.get(one.id, 0)) for one in list_departments(door.session)]
    return page("directory/departments.html", DepartmentsPage(rows))


@feature.get("/departments/<slug>", allow=signed_in)
def department(door: Door, slug: str) -> ResponseReturnValue:
    """One department; a former slug leads on to the present one."""
    session, before = door.session, rows_before(door.args, PAGE)
    one = found(find_department(session, slug))
    if one.slug != slug:
        return redirect(f"/departments/{one.slug}", 301)
    wanted, counts = PeopleFilter(department_id=one.id), count_by_team(session)
    total, rows = count_people(session, wanted), list_people(session, wanted, limit=PAGE, offset=before)
    content = DepartmentPage(
        name=one.name,
        line=one.line,
        teams=[_team(team, counts.get(team.id, 0)) for team in list_teams(session) if team.department_id == one.id],
        people=[link_to(person) for person in rows],
        total=total,
        span=span(f"/departments/{one.slug}", {}, before=before, shown=len(rows), total=total, size=PAGE),
    )
    return page("directory/department.html", content)


@feature.get("/teams/<slug>", allow=signed_in)
def team(door: Door, slug: str) -> ResponseReturnValue:
    """One team, its manager and its members."""
    session = door.session
    one = found(find_team(session, slug))
    manager = list_people_by_id(session, [one.manager_id]).get(one.manager_id) if one.manager_id else None
    content = TeamPage(
        name=one.name,
        department=_department(session.get_one(Department, one.department_id)),
        manager=link_to(manager) if manager else None,
        people=[link_to(person) for person in list_members(session, one.id)],
    )
    return page("directory/team.html", content)


def _department(department: Department, count: int = 0) -> Place:
    return Place(department.name, f"/departments/{department.slug}", department.line, count)


def _team(team: Team, count: int = 0) -> Place:
    return Place(team.name, f"/teams/{team.slug}", people=count)
