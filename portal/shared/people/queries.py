"""Reads of people: who is behind a session, lists for pages, and the choices of forms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.core import clock
from portal.core.access import EVERYONE, Actor, Grant
from portal.core.ids import hash_token, slugify
from portal.core.sessions import SessionUse, UserSession, is_alive
from portal.shared.people.models import Department, DepartmentSlug, MailLink, Membership, Person, PersonRole, Team

PRESENT = ("active", "invited")
OF_A_LINK = (Person.name, Person.slug, Person.state, Person.title)
"""The columns that `pages.link_to` needs."""
"""The states of those who are in the company, signed in once or not yet; the directory shows them."""

# Built once: every page asks who is looking, and building a statement costs more than running it.
_ACTOR: Any = (
    select(
        Person.id.label("person_id"), Person.name, Person.slug, Person.department_id, Person.timezone, PersonRole.role,
        PersonRole.department_id.label("role_department_id"), PersonRole.team_id.label("role_team_id"),
        Membership.team_id,
    )
    .outerjoin(PersonRole, PersonRole.person_id == Person.id)
    .outerjoin(Membership, (Membership.person_id == Person.id) & (Membership.until.is_(None)))
)  # fmt: skip
_AUTHOR = _ACTOR.where(Person.id == bindparam("person_id"))
_ACTIVE = _AUTHOR.where(Person.state == "active")
_SIGNED_IN = (
    _ACTOR.add_columns(UserSession.id, UserSession.seen_at, UserSession.expires_at, UserSession.is_remembered)
    .join(UserSession, UserSession.person_id == Person.id)
    .where(UserSession.token_hash == bindparam("token_hash"), Person.state == "active")
)


def _actor_of(rows: Sequence[Row[Any]], session_id: int | None = None) -> Actor:
    """One actor of a row for each of their roles and present teams."""
    first = rows[0]
    return Actor(
        person_id=first.person_id,
        name=first.name,
        slug=first.slug,
        grants=frozenset(
            Grant(row.role, row.role_department_id, row.role_team_id) for row in rows if row.role is not None
        ),
        department_id=first.department_id,
        team_id=min((row.team_id for row in rows if row.team_id is not None), default=None),
        timezone=first.timezone,
        session_id=session_id,
    )


def find_signed_in(session: Session, token: str) -> tuple[Actor, SessionUse] | None:
    """Who holds this session token: None when it is unknown, ended, too old, or the person is not active."""
    rows = session.execute(_SIGNED_IN, {"token_hash": hash_token(token)}).all()
    if not rows:
        return None
    use = SessionUse(*rows[0][-4:])
    actor = _actor_of(rows, use.id)
    return (actor, use) if is_alive(use, actor) else None


def find_actor(session: Session, person_id: int) -> Actor | None:
    """A person as queries and policies see them; None where there is no such active person."""
    rows = session.execute(_ACTIVE, {"person_id": person_id}).all()
    return _actor_of(rows) if rows else None


def find_by_email(session: Session, email: str) -> Person | None:
    """A person by mail address, upper and lower case alike."""
    return session.scalars(select(Person).where(Person.email == email.strip().lower())).first()


def find_person(session: Session, person_id: int) -> Person | None:
    """A person with the department; profiles are open to everybody who is signed in."""
    return session.scalars(select(Person).where(Person.id == person_id).options(joinedload(Person.department))).first()


def find_mail_link(session: Session, token: str, purpose: str) -> MailLink | None:
    """An unused link of this purpose that has not run out."""
    link = session.get(MailLink, hash_token(token))
    if link is None or link.purpose != purpose or link.used_at is not None or link.expires_at <= clock.now():
        return None
    return link


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people a list shows: `words` looks in name, mail address and title; empty fields filter nothing."""

    words: str = ""
    states: tuple[str, ...] = PRESENT
    role: str = ""
    department_id: int | None = None


def list_people(
    session: Session, wanted: PeopleFilter = PeopleFilter(), *, limit: int | None = None, offset: int = 0
) -> Sequence[Person]:
    """People by name, with departments."""
    found = _filtered(select(Person), wanted).options(joinedload(Person.department))
    rows: Sequence[Person] = session.scalars(found.order_by(Person.name, Person.id).limit(limit).offset(offset)).all()
    return rows


def count_people(session: Session, wanted: PeopleFilter = PeopleFilter()) -> int:
    """How many people a list would show in all."""
    return session.scalar(_filtered(select(func.count()).select_from(Person), wanted)) or 0


def count_states(session: Session) -> dict[str, int]:
    """How many people are in each state."""
    return {row[0]: row[1] for row in session.execute(select(Person.state, func.count()).group_by(Person.state))}


def _filtered(found: Any, wanted: PeopleFilter) -> Any:
    found = found.where(Person.state.in_(wanted.states))
    for word in wanted.words.split()[:6]:
        # The slug finds "Özil" by "oezil" and, where the database folds ASCII letters alone, by "özil".
        found = found.where(
            or_(
                Person.name.icontains(word, autoescape=True),
                Person.email.icontains(word, autoescape=True),
                Person.title.icontains(word, autoescape=True),
                Person.slug.contains(slugify(word)) if slugify(word) else Person.id < 0,
            )
        )
    if wanted.role:
        found = found.where(Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == wanted.role)))
    if wanted.department_id is not None:
        found = found.where(Person.department_id == wanted.department_id)
    return found


def list_names(session: Session) -> Sequence[tuple[int, str]]:
    """Ids and names of everybody who is or will be here, by name; the choices of a form."""
    rows = session.execute(
        select(Person.id, Person.name).where(Person.state.in_(PRESENT)).order_by(Person.name, Person.id)
    )
    return [(row[0], row[1]) for row in rows]


def list_present_teams(session: Session, person_ids: Iterable[int]) -> dict[int, Team]:
    """The team that people belong to now, by person; whoever is in none is left out."""
    rows = session.execute(
        select(Membership.person_id, Team)
        .join(Team, Team.id == Membership.team_id)
        .where(Membership.person_id.in_(sorted(set(person_ids))), Membership.until.is_(None))
        .order_by(Team.id.desc())
    )
    return {row[0]: row[1] for row in rows}


def count_by_department(session: Session, wanted: PeopleFilter = PeopleFilter()) -> dict[int, int]:
    """How many of these people each department has, by its id; departments without anybody are left out."""
    rows = session.execute(_filtered(select(Person.department_id, func.count()), wanted).group_by(Person.department_id))
    return {row[0]: row[1] for row in rows if row[0] is not None}


def count_by_team(session: Session) -> dict[int, int]:
    """How many present members each team has, by its id; teams without anybody are left out."""
    rows = session.execute(
        select(Membership.team_id, func.count())
        .join(Person, Person.id == Membership.person_id)
        .where(Person.state.in_(PRESENT), Membership.until.is_(None))
        .group_by(Membership.team_id)
    )
    return {row[0]: row[1] for row in rows}


def list_people_by_id(session: Session, person_ids: Iterable[int]) -> dict[int, Person]:
    """People by id, whatever their state; for managers and actors named on a page."""
    rows = session.scalars(select(Person).where(Person.id.in_(sorted(set(person_ids)))))
    return {person.id: person for person in rows}


def list_departments(session: Session) -> Sequence[Department]:
    """All departments by name."""
    return session.scalars(select(Department).order_by(Department.name)).all()


def list_teams(session: Session) -> Sequence[Team]:
    """All teams by name."""
    return session.scalars(select(Team).order_by(Team.name)).all()


def find_department(session: Session, slug: str) -> Department | None:
    """A department by its present or, where nobody bears it now, a former slug."""
    return session.scalars(
        select(Department)
        .outerjoin(DepartmentSlug, DepartmentSlug.department_id == Department.id)
        .where(or_(Department.slug == slug, DepartmentSlug.slug == slug))
        .order_by(case((Department.slug == slug, 0), else_=1), Department.id)
    ).first()


def find_team(session: Session, slug: str) -> Team | None:
    """A team by its slug."""
    return session.scalars(select(Team).where(Team.slug == slug)).first()


def list_members(session: Session, team_id: int) -> Sequence[Person]:
    """The present members of a team, by name."""
    return session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.team_id == team_id, Membership.until.is_(None), Person.state.in_(PRESENT))
        .order_by(Person.name, Person.id)
    ).all()


def list_roles(session: Session, person_ids: Iterable[int]) -> dict[int, list[PersonRole]]:
    """The roles of people, by person."""
    found: dict[int, list[PersonRole]] = {}
    rows = session.scalars(
        select(PersonRole).where(PersonRole.person_id.in_(sorted(set(person_ids)))).order_by(PersonRole.role)
    )
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def team_at(session: Session, person_id: int, moment: datetime) -> int | None:
    """The team that somebody belonged to at a moment."""
    return session.scalar(
        select(Membership.team_id)
        .where(Membership.person_id == person_id, Membership.since <= moment)
        .where(or_(Membership.until.is_(None), Membership.until > moment))
        .order_by(Membership.since.desc())
        .limit(1)
    )


def find_author(session: Session, person_id: int) -> Actor:
    """Somebody as an actor even when they have left; for imports and for the demo, never for a request."""
    return _actor_of(session.execute(_AUTHOR, {"person_id": person_id}).all())


def has_manager_among(session: Session, marks: Iterable[str], *, but: int | None = None) -> bool:
    """Whether an active manager, one person aside, is in one of these audiences."""
    ids: dict[str, list[int]] = {}
    for mark in marks:
        kind, _, number = mark.partition(":")
        ids.setdefault(kind, []).append(int(number or 0))
    among = or_(
        literal(EVERYONE in ids),
        Person.id.in_(ids.get("person", [])),
        Person.department_id.in_(ids.get("dep", [])),
        exists().where(
            Membership.person_id == Person.id, Membership.until.is_(None), Membership.team_id.in_(ids.get("team", []))
        ),
    )
    managers = (
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == "manager", Person.state == "active", among)
    )
    if but is not None:
        managers = managers.where(Person.id != but)
    return session.scalars(managers.limit(1)).first() is not None


def audience_names(session: Session) -> dict[str, str]:
    """Audience marks with ids and with slugs: `{"all": "all", "dep:3": "dep:marketing", "team:2": "team:west"}`."""
    names = {EVERYONE: EVERYONE}
    names |= {f"dep:{row.id}": f"dep:{row.slug}" for row in session.execute(select(Department.id, Department.slug))}
    names |= {f"team:{row.id}": f"team:{row.slug}" for row in session.execute(select(Team.id, Team.slug))}
    return names
