"""Doors of people for admins: find, invite, change, disable, sign out; every act is audited."""

from collections.abc import Callable, Mapping, Sequence

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.access import admins
from portal.core.errors import Invalid, NotFound, require
from portal.core.paging import rows_before, span
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.admin.pages import PeoplePage, PersonForm, PersonRow
from portal.settings import Settings
from portal.shared.items.trust_queries import count_held
from portal.shared.people import operations
from portal.shared.people.forms import Places, read_person
from portal.shared.people.models import ROLES, STATES, Person
from portal.shared.people.pages import url_of_person
from portal.shared.people.policy import may_disable
from portal.shared.people.queries import (
    PRESENT,
    PeopleFilter,
    count_people,
    find_person,
    list_departments,
    list_names,
    list_people,
    list_present_teams,
    list_roles,
    list_teams,
)

feature = Feature("admin_people", private=True)

PAGE = 50
ONE = "/admin/people/<int:person_id>"
Act = Callable[[Session, int, Person], None]


@feature.get("/admin/people", allow=admins)
def people(door: Door) -> ResponseReturnValue:
    """People by name, 50 a page; `q`, `role`, `state` and `dept` filter."""
    session, args, before = door.session, door.args, rows_before(door.args, PAGE)
    departments = {one.slug: one for one in list_departments(session)}
    values = {
        "q": args.get("q", "").strip()[:100],
        "role": args.get("role", "") if args.get("role", "") in ROLES else "",
        "state": args.get("state", "") if args.get("state", "") in STATES else "",
        "dept": args.get("dept", "") if args.get("dept", "") in departments else "",
    }
    states = (values["state"],) if values["state"] else (*PRESENT, "disabled")
    chosen = departments.get(values["dept"])
    wanted = PeopleFilter(values["q"], states, values["role"], chosen.id if chosen else None)
    total, rows = count_people(session, wanted), list_people(session, wanted, limit=PAGE, offset=before)
    content = PeoplePage(
        people=_rows(session, rows),
        total=total,
        span=span("/admin/people", values, before=before, shown=len(rows), total=total, size=PAGE),
        values=values,
        departments=[(one.slug, one.name) for one in departments.values()],
    )
    return page("admin/people.html", content)


@feature.get("/admin/people/invite", allow=admins)
def invite(door: Door) -> ResponseReturnValue:
    """The form of an invitation."""
    return page("admin/invite.html", PersonForm({"role": "rep"}, {}, _places(door).options()))


@feature.post("/admin/people/invite", allow=admins)
def send_invitation(door: Door) -> ResponseReturnValue:
    """Make the person, and mail a link that works once within seven days."""
    fields, places, actor, base_url = door.fields, _places(door), door.actor, door.service(Settings).base_url

    def work(session: Session) -> str:
        person = operations.add_person(session, actor.person_id, given)
        operations.invite_person(session, actor.person_id, person, base_url)
        return f"/admin/people/{person.id}"

    try:
        given = read_person(fields, places)
        answer = door.create(work)
    except Invalid as problem:
        return page("admin/invite.html", PersonForm(fields.values, problem.errors, places.options()), 422)
    say(f"An invitation is on its way to {given.email}.")
    return answer


@feature.get(ONE, allow=admins)
def person(door: Door, person_id: int) -> ResponseReturnValue:
    """One person, to be changed."""
    return _person_page(door, _find(door, person_id))


@feature.post(ONE, allow=admins)
def change(door: Door, person_id: int) -> ResponseReturnValue:
    """Keep name, title, role, department, team and manager."""
    fields, actor, one = door.fields, door.actor, _find(door, person_id)
    places = _places(door, one)
    try:
        given = read_person(fields, places, email=one.email, own_id=one.id)
        changes = door.write(
            lambda session: operations.change_person(
                session, actor.person_id, session.get_one(Person, person_id), given
            )
        )
    except Invalid as problem:
        return _person_page(door, one, fields.values, problem.errors)
    say(f"Kept: {'; '.join(changes)}." if changes else "Nothing was changed.")
    is_out = person_id == actor.person_id and given.role != "admin"
    return go("/" if is_out else f"/admin/people/{person_id}")


@feature.post(ONE + "/disable", allow=admins)
def disable(door: Door, person_id: int) -> ResponseReturnValue:
    """End every session and let the person in no more; what was written stays."""
    require(may_disable(door.actor, person_id), "You cannot disable yourself; ask another admin.")
    return _act(door, person_id, operations.disable_person, "{} is disabled and signed out everywhere.")


@feature.post(ONE + "/enable", allow=admins)
def enable(door: Door, person_id: int) -> ResponseReturnValue:
    """Let somebody in again."""
    return _act(door, person_id, operations.enable_person, "{} may sign in again.")


@feature.post(ONE + "/invite", allow=admins)
def invite_again(door: Door, person_id: int) -> ResponseReturnValue:
    """Send the invitation again; the link before ends."""
    base_url = door.service(Settings).base_url
    return _act(
        door,
        person_id,
        lambda session, by, one: operations.invite_person(session, by, one, base_url),
        "A fresh invitation is on its way to {}; the one before no longer works.",
    )


@feature.post(ONE + "/sign-out", allow=admins)
def sign_out(door: Door, person_id: int) -> ResponseReturnValue:
    """End every session of somebody."""
    return _act(door, person_id, operations.sign_out_person, "{} is signed out everywhere.")


def _act(door: Door, person_id: int, act: Act, done: str) -> ResponseReturnValue:
    """Do one act to one person, and say so on their page; a refusal is said there too."""
    one, by = _find(door, person_id), door.actor.person_id
    try:
        door.write(lambda session: act(session, by, session.get_one(Person, person_id)))
    except Invalid as problem:
        say(next(iter(problem.errors.values())), "bad")
    else:
        say(done.format(one.name))
    return go(f"/admin/people/{person_id}")


def _find(door: Door, person_id: int) -> Person:
    """The person; of an erased one there is nothing left to administer."""
    one = found(find_person(door.session, person_id))
    if one.state == "erased":
        raise NotFound
    return one


def _places(door: Door, one: Person | None = None) -> Places:
    """The choices of the form; a manager who has left stays a choice where it is the present one."""
    session = door.session
    names = list(list_names(session))
    if one is not None and one.manager_id and one.manager_id not in {number for number, _ in names}:
        names.append((one.manager_id, found(find_person(session, one.manager_id)).shown_name))
    return Places(list_departments(session), list_teams(session), names)


def _person_page(
    door: Door, one: Person, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    session = door.session
    if typed is None:
        team, roles = list_present_teams(session, [one.id]).get(one.id), list_roles(session, [one.id]).get(one.id, [])
        typed = {
            "name": one.name,
            "title": one.title,
            "role": next((role.role for role in roles if role.department_id is None and role.team_id is None), ""),
            "department": str(one.department_id or ""),
            "team": str(team.id) if team else "",
            "manager": str(one.manager_id or ""),
        }
    content = PersonForm(
        values=typed,
        errors=errors or {},
        options=_places(door, one).options(),
        id=one.id,
        name=one.name,
        email=one.email,
        state=one.state,
        url=url_of_person(one),
        is_me=one.id == door.actor.person_id,
        held=count_held(session, one.id),
    )
    return page("admin/person.html", content, 422 if errors else 200)


def _rows(session: Session, people: Sequence[Person]) -> list[PersonRow]:
    ids = [one.id for one in people]
    roles, teams = list_roles(session, ids), list_present_teams(session, ids)
    return [
        PersonRow(
            id=one.id,
            name=one.name,
            email=one.email,
            roles=", ".join(sorted({role.role for role in roles.get(one.id, [])})),
            department=one.department.name if one.department else "",
            team=teams[one.id].name if one.id in teams else "",
            state=one.state,
        )
        for one in people
    ]
