"""`portal user add|disable|enable|reset|list`: people from the command line, the first admin above all."""

import json
from collections.abc import Callable, Mapping

import click
from sqlalchemy.orm import Session

from portal.cli.context import Context, Refused
from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.core.passwords import hash_password
from portal.core.units import write_in_unit
from portal.shared.items.trust_queries import count_held
from portal.shared.people import operations
from portal.shared.people.forms import PersonInput, password_problem, read_mail
from portal.shared.people.models import ROLES, STATES, Person
from portal.shared.people.queries import (
    PeopleFilter,
    find_by_email,
    find_department,
    find_team,
    list_people,
    list_present_teams,
    list_roles,
)

Work = Callable[[Session], str]
PASSWORD = click.option(
    "--password",
    prompt=True,
    prompt_required=False,
    hide_input=True,
    confirmation_prompt=True,
    help="Set a password now instead of printing a link; asks for it where none is given.",
)
MAIL = click.option("--mail", "by_mail", is_flag=True, help="Send the link by mail instead of printing it.")


@click.group()
def user() -> None:
    """Add, disable, enable, reset and list people."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="First and last name.")
@click.option("--role", type=click.Choice(ROLES), default="rep", show_default=True)
@click.option("--title", default="")
@click.option("--department", default="", help="The address of a department, such as sales.")
@click.option("--team", default="", help="The address of a team, such as west.")
@PASSWORD
@MAIL
@click.pass_obj
def add(context: Context, /, email: str, *, name: str, password: str | None, by_mail: bool, **words: str) -> None:
    """Make a person, and print the link of an invitation that works once within seven days."""
    kept = _hash(password, name, email) if password else ""

    def work(session: Session) -> str:
        given = _input(session, {"email": email, "name": name, **words})
        person = operations.add_person(session, None, given)
        return _way_in(session, context, person, kept, by_mail)

    click.echo(_write(context, work))


@user.command()
@click.argument("email")
@click.pass_obj
def disable(context: Context, email: str) -> None:
    """End every session of a person and let them in no more."""

    def work(session: Session) -> str:
        person = _find(session, email)
        operations.disable_person(session, None, person)
        return f"{person.name} is disabled and signed out everywhere.{_left_by(session, context, person)}"

    click.echo(_write(context, work))


@user.command()
@click.argument("email")
@click.pass_obj
def enable(context: Context, email: str) -> None:
    """Let a disabled person in again."""

    def work(session: Session) -> str:
        person = _find(session, email)
        operations.enable_person(session, None, person)
        return f"{person.name} may sign in again."

    click.echo(_write(context, work))


@user.command()
@click.argument("email")
@PASSWORD
@MAIL
@click.pass_obj
def reset(context: Context, email: str, password: str | None, by_mail: bool) -> None:
    """Print a link for a new password that works once within the hour, or set a password."""
    kept = ""
    if password:
        with context.database.reading() as session:
            kept = _hash(password, _find(session, email).name, email)
    click.echo(_write(context, lambda session: _way_in(session, context, _find(session, email), kept, by_mail)))


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_all(context: Context, as_json: bool) -> None:
    """Everybody, with role, department, team and state."""
    with context.database.reading() as session:
        people = list_people(session, PeopleFilter(states=STATES))
        ids = [person.id for person in people]
        roles, teams = list_roles(session, ids), list_present_teams(session, ids)
    rows = [
        {
            "mail": person.email,
            "name": person.name,
            "role": ", ".join(sorted({role.role for role in roles.get(person.id, [])})),
            "department": person.department.name if person.department else "",
            "team": teams[person.id].name if person.id in teams else "",
            "state": person.state,
        }
        for person in people
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo("\t".join(row.values()))
    if not rows:
        click.echo("Nobody yet; `portal user add MAIL --name NAME --role admin` makes the first admin.")


def _write(context: Context, work: Work) -> str:
    """Run a unit and commit it; a refusal is told in words."""
    try:
        return write_in_unit(context.database, work)
    except Invalid as problem:
        raise Refused("\n".join(problem.errors.values())) from None


def _find(session: Session, email: str) -> Person:
    person = find_by_email(session, email)
    if person is None:
        raise Refused(f"Nobody here has the mail address {email}.")
    return person


def _input(session: Session, words: Mapping[str, str]) -> PersonInput:
    """The words of the command as input; Refused where one of them is none."""
    fields = Fields.of(**words)
    email, name = read_mail(fields), fields.line("name", "Name", required=True, most=120)
    title, role = fields.line("title", "Title", most=120), fields.choice("role", "Role", ROLES)
    fields.check()
    place, group = find_department(session, words["department"]), find_team(session, words["team"])
    for kind, found in (("department", place), ("team", group)):
        if words[kind] and found is None:
            raise Refused(f"“{words[kind]}” is the address of no {kind}.")
    home = place.id if place else group.department_id if group else None
    if group is not None and group.department_id != home:
        raise Refused(f"Team {group.name} belongs to another department.")
    return PersonInput(email, name, role, title=title, department_id=home, team_id=group.id if group else None)


def _hash(password: str, name: str, email: str) -> str:
    if problem := password_problem(password, name, email):
        raise Refused(f"Password: {problem}")
    return hash_password(password)


def _left_by(session: Session, context: Context, person: Person) -> str:
    """What a leaver owns, verifies or has begun, and where it is handed over; empty where there is nothing."""
    held = count_held(session, person.id)
    what = "1 thing that they own, verify or have begun waits" if held == 1 else (
        f"{held} things that they own, verify or have begun wait")  # fmt: skip
    url = f"{context.settings.base_url}/admin/people/{person.id}/handover"
    return f"\n{what} to be handed over: {url}" if held else ""


def _way_in(session: Session, context: Context, person: Person, kept: str, by_mail: bool) -> str:
    """Set a password, mail a link, or say the link."""
    if kept:
        operations.keep_password(session, None, person, kept)
        return f"{person.name} may sign in with this password." if person.is_active else f"{person.name} is disabled."
    if by_mail:
        operations.mail_link(session, None, person, context.settings.base_url)
        return f"A mail with a link is on its way to {person.email}."
    return operations.make_link(session, None, person, context.settings.base_url)
