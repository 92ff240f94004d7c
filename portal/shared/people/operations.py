"""Writes of people: making, inviting, moving, disabling; every act on people and roles is audited."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from portal import events
from portal.core import audit, clock, sessions
from portal.core.bus import publish
from portal.core.errors import Invalid
from portal.core.ids import hash_token, new_token, slugify
from portal.core.letters import send_letter
from portal.core.passwords import hash_password
from portal.shared.people.forms import PersonInput
from portal.shared.people.models import Department, DepartmentSlug, MailLink, Membership, Person, PersonRole, Team

INVITATION = timedelta(days=7)
RESET = timedelta(hours=1)
LINK_OF = {"invited": "invitation", "active": "reset"}
"""Which link lets somebody of a state choose a password."""


def add_person(session: Session, by: int | None, given: PersonInput, *, state: str = "invited") -> Person:
    """Make a person without a password; Invalid where the mail address is taken. `by` None is the command line."""
    email = given.email.strip().lower()
    if session.scalar(select(Person.id).where(Person.email == email)):
        raise Invalid({"email": f"Mail: {email} belongs to somebody already."})
    person = Person(
        email=email,
        name=given.name,
        slug=slugify(given.name),
        title=given.title,
        state=state,
        department_id=given.department_id,
        manager_id=given.manager_id,
        created_at=clock.now(),
    )
    session.add(person)
    session.flush()
    session.add(PersonRole(person_id=person.id, role=given.role))
    if given.team_id is not None:
        session.add(Membership(person_id=person.id, team_id=given.team_id, since=clock.now()))
    audit.record(session, by, "person added", email, {"role": given.role})
    publish(session, events.PersonChanged(person.id))
    session.flush()
    return person


def change_person(session: Session, by: int | None, person: Person, given: PersonInput) -> list[str]:
    """Bring a person to the given name, title, department, manager, role and team; returns what changed, in words.

    Invalid where the last admin would lose the role.
    """
    changes = []
    for field, table in (("name", None), ("title", None), ("department_id", Department), ("manager_id", Person)):
        old, new = getattr(person, field), getattr(given, field)
        if old != new:
            setattr(person, field, new)
            said = [_name_of(session, table, value) for value in (old, new)]
            changes.append(f"{field.removesuffix('_id')}: {said[0]} → {said[1]}")
    person.slug = slugify(person.name)
    changes += _change_role(session, person, given.role) + _change_team(session, person.id, given.team_id)
    if changes:
        audit.record(session, by, "person changed", person.email, {"changes": "; ".join(changes)})
        publish(session, events.PersonChanged(person.id))
        session.flush()
    return changes


def set_password(session: Session, by: int | None, person: Person, password: str) -> None:
    """Hash and keep a new password; doors hash before their unit and use `keep_password`."""
    keep_password(session, by, person, hash_password(password))


def keep_password(session: Session, by: int | None, person: Person, password_hash: str) -> None:
    """Keep a new password, activate an invited person, end open mail links, and sign the person out everywhere."""
    person.password_hash = password_hash
    if person.state == "invited":
        person.state = "active"
        publish(session, events.PersonChanged(person.id))
    sessions.close_all(session, person.id)
    session.execute(delete(MailLink).where(MailLink.person_id == person.id))
    audit.record(session, by, "password set", person.email)
    session.flush()


def disable_person(session: Session, by: int | None, person: Person) -> None:
    """The person can sign in no more and loses every session at once; what they wrote stays.

    Invalid for the last admin: somebody must be able to let people in.
    """
    _keep_an_admin(session, person, "state")
    person.state = "disabled"
    sessions.close_all(session, person.id)
    session.execute(delete(MailLink).where(MailLink.person_id == person.id))
    audit.record(session, by, "person disabled", person.email)
    publish(session, events.PersonChanged(person.id))
    publish(session, events.PresenceChanged(person.id))
    session.flush()


def enable_person(session: Session, by: int | None, person: Person) -> None:
    """Let a disabled person in again; without a password an invitation is needed."""
    person.state = "active" if person.password_hash else "invited"
    audit.record(session, by, "person enabled", person.email)
    publish(session, events.PersonChanged(person.id))
    publish(session, events.PresenceChanged(person.id))
    session.flush()


def sign_out_person(session: Session, by: int | None, person: Person) -> None:
    """End every session of a person, whose password stays."""
    sessions.close_all(session, person.id)
    audit.record(session, by, "person signed out", person.email)
    session.flush()


def invite_person(session: Session, by: int | None, person: Person, base_url: str) -> None:
    """Mail a fresh invitation; older ones end. Invalid for somebody who has a password or is disabled."""
    if person.state != "invited":
        raise Invalid({"": f"{person.name} is {person.state}; an invitation is for people who never signed in."})
    mail_link(session, by, person, base_url)


def mail_link(session: Session, by: int | None, person: Person, base_url: str) -> None:
    """Mail the link of `make_link`."""
    link = make_link(session, by, person, base_url)
    send_letter(session, person.email, person.name, LINK_OF[person.state], link=link, base_url=base_url)


def make_link(session: Session, by: int | None, person: Person, base_url: str) -> str:
    """The address where somebody chooses a password: an invitation for the invited, a reset for the active.

    Invalid for somebody who is disabled.
    """
    purpose = LINK_OF.get(person.state)
    if purpose is None:
        raise Invalid({"": f"{person.name} is {person.state}; there is no way in."})
    audit.record(session, by, f"{purpose} made", person.email)
    return f"{base_url}/{purpose}/{make_mail_link(session, person, purpose)}"


def make_mail_link(session: Session, person: Person, purpose: str) -> str:
    """A fresh single-use token for an invitation (7 days) or a reset (1 hour); older ones of the purpose end."""
    session.execute(delete(MailLink).where(MailLink.person_id == person.id, MailLink.purpose == purpose))
    token, now = new_token(), clock.now()
    expires = now + (INVITATION if purpose == "invitation" else RESET)
    session.add(
        MailLink(token_hash=hash_token(token), purpose=purpose, person_id=person.id, created_at=now, expires_at=expires)
    )
    session.flush()
    return token


def use_mail_link(session: Session, link: MailLink) -> bool:
    """Take a link once; False where somebody else took it a moment before."""
    taken = session.execute(
        update(MailLink)
        .where(MailLink.token_hash == link.token_hash, MailLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def add_department(session: Session, by: int | None, name: str, line: str = "") -> Department:
    """Make a department; Invalid where the name is taken."""
    slug = _free_name(session, Department, name)
    department = Department(slug=slug, name=name, line=line)
    session.add(department)
    audit.record(session, by, "department added", name)
    session.flush()
    return department


def rename_department(session: Session, by: int | None, department: Department, name: str, line: str) -> None:
    """Rename a department; the old slug goes on leading here."""
    slug = _free_name(session, Department, name, department.id)
    if slug != department.slug:
        session.execute(delete(DepartmentSlug).where(DepartmentSlug.slug.in_([slug, department.slug])))
        session.add(DepartmentSlug(slug=department.slug, department_id=department.id))
    audit.record(session, by, "department changed", department.name, {"name": name})
    department.name, department.slug, department.line = name, slug, line
    _tell_people(session, select(Person.id).where(Person.department_id == department.id))
    session.flush()


def add_team(session: Session, by: int | None, name: str, department_id: int, manager_id: int | None = None) -> Team:
    """Make a team in a department; Invalid where the name is taken."""
    team = Team(slug=_free_name(session, Team, name), name=name, department_id=department_id, manager_id=manager_id)
    session.add(team)
    audit.record(session, by, "team added", name)
    session.flush()
    return team


def change_team(
    session: Session, by: int | None, team: Team, *, name: str, department_id: int, manager_id: int | None
) -> None:
    """Rename a team, move it, or give it another manager; its slug stays, so that links hold."""
    _free_name(session, Team, name, team.id)
    audit.record(session, by, "team changed", team.name, {"name": name, "manager": str(manager_id or "–")})
    team.name, team.department_id, team.manager_id = name, department_id, manager_id
    _tell_people(session, select(Membership.person_id).where(Membership.team_id == team.id, Membership.until.is_(None)))
    session.flush()


def _tell_people(session: Session, ids: Select[int]) -> None:
    """People are found by the names of their places, so they change with them."""
    for person_id in session.scalars(ids).all():
        publish(session, events.PersonChanged(person_id))


def _free_name(session: Session, table: type[Department] | type[Team], name: str, own_id: int | None = None) -> str:
    """The slug of a name that nobody else bears, or Invalid."""
    slug = slugify(name)
    if not slug:
        raise Invalid({"name": "Name: at least one Latin letter or digit, for its address."})
    taken = select(table.id).where((func.lower(table.name) == name.lower()) | (table.slug == slug))
    if session.scalar(taken.where(table.id != (own_id or 0))):
        raise Invalid({"name": f"Name: “{name}” is there already."})
    return slug


def _name_of(session: Session, table: type[Department] | type[Person] | None, value: object) -> str:
    """A value as the audit log says it: the name behind an id, a dash for nothing."""
    if not value or table is None:
        return str(value or "–")
    return session.scalar(select(table.name).where(table.id == value)) or "–"


def _keep_an_admin(session: Session, person: Person, field: str) -> None:
    """Invalid where this is the only active admin; locks the admins, so that two cannot go at once."""
    admins = session.scalars(
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == "admin", Person.state == "active")
        .order_by(Person.id)
        .with_for_update()
    ).all()
    if set(admins) == {person.id}:
        raise Invalid({field: f"{person.name} is the only admin; make somebody else an admin first."})


def _change_role(session: Session, person: Person, role: str) -> list[str]:
    general = (PersonRole.person_id == person.id, PersonRole.department_id.is_(None), PersonRole.team_id.is_(None))
    old = session.scalars(select(PersonRole.role).where(*general).order_by(PersonRole.role)).all()
    if list(old) == [role]:
        return []
    if "admin" in old and role != "admin":
        _keep_an_admin(session, person, "role")
    session.execute(delete(PersonRole).where(*general))
    session.add(PersonRole(person_id=person.id, role=role))
    return [f"role: {', '.join(old) or '–'} → {role}"]


def _change_team(session: Session, person_id: int, team_id: int | None) -> list[str]:
    present = (Membership.person_id == person_id, Membership.until.is_(None))
    old: Iterable[int] = session.scalars(select(Membership.team_id).where(*present)).all()
    if list(old) == ([team_id] if team_id is not None else []):
        return []
    session.execute(update(Membership).where(*present).values(until=clock.now()))
    if team_id is not None:
        session.add(Membership(person_id=person_id, team_id=team_id, since=clock.now()))
    return ["team"]
