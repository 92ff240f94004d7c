"""`portal user` and `portal import people`: the first admin, links, passwords, and files."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from portal.cli.context import Context
from portal.cli.import_people import import_people
from portal.cli.user import user
from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.core.mail import OutgoingMail
from portal.core.passwords import is_right
from portal.settings import Settings
from portal.shared.people.models import Person
from portal.shared.people.queries import find_by_email, list_roles
from tests.builders import add_department, add_person, add_team, write_playbook


@pytest.fixture
def portal(settings: Settings) -> Any:
    """Runs a command as `portal` would."""
    context = Context(settings)

    def run(command: Any, *words: str, typed: str = "") -> Result:
        return CliRunner().invoke(command, words, obj=context, input=typed)

    yield run
    context.database.dispose()


def find(database: Database, mail: str) -> Person:
    """The person of a mail address."""
    with database.reading() as session:
        person = find_by_email(session, mail)
    assert person is not None
    return person


def test_first_admin_is_made_and_gets_a_link(portal: Any, database: Database) -> None:
    assert "portal user add MAIL" in portal(user, "list").output
    done = portal(user, "add", "Ada@Example.com", "--name", "Ada  Byron", "--role", "admin")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("http://localhost/invitation/")
    ada = find(database, "ada@example.com")
    assert (ada.name, ada.state) == ("Ada Byron", "invited")
    with database.reading() as session:
        assert [role.role for role in list_roles(session, [ada.id])[ada.id]] == ["admin"]
        assert session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all() == [
            "person added", "invitation made"
        ]  # fmt: skip


def test_disabling_names_what_is_left_to_hand_over(portal: Any, database: Database) -> None:
    marta = add_person(database, "Marta Klein", "publisher")
    write_playbook(database, marta)
    said = portal(user, "disable", "marta.klein@example.com").output
    assert "1 thing that they own, verify or have begun waits to be handed over:" in said
    assert f"http://localhost/admin/people/{marta.id}/handover" in said
    add_person(database, "Omar Haddad")
    assert "handed over" not in portal(user, "disable", "omar.haddad@example.com").output


def test_password_is_asked_for_twice_and_looked_at(portal: Any, database: Database) -> None:
    words = ("add", "ada@example.com", "--name", "Ada Byron", "--password")
    weak = portal(user, *words, typed="password1234\npassword1234\n")
    assert weak.exit_code == 1
    assert "first passwords that others would try" in weak.output
    done = portal(user, *words, typed="seven slow rivers\nseven slow rivers\n")
    assert done.exit_code == 0, done.output
    assert "seven slow rivers" not in done.output
    ada = find(database, "ada@example.com")
    assert ada.state == "active"
    assert is_right("seven slow rivers", ada.password_hash)


def test_places_are_named_by_their_address(portal: Any, database: Database) -> None:
    sales = add_department(database, "Sales")
    add_team(database, "West", sales)
    assert portal(user, "add", "a@example.com", "--name", "A B", "--team", "west").exit_code == 0
    assert find(database, "a@example.com").department_id == sales.id
    refused = portal(user, "add", "b@example.com", "--name", "B C", "--department", "nowhere")
    assert (refused.exit_code, refused.output) == (1, "“nowhere” is the address of no department.\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("add", "dana.ruiz@example.com", "--name", "X"), "belongs to somebody already"),
        (("add", "no mail", "--name", "X"), "is no mail address"),
        (("add", "a@example.com", "--name", " "), "please write something here"),
        (("disable", "nobody@example.com"), "Nobody here has the mail address nobody@example.com."),
        (("enable", "nobody@example.com"), "Nobody here has"),
        (("reset", "nobody@example.com"), "Nobody here has"),
        (("disable", "wiebke.janssen@example.com"), "is the only admin"),
    ],
)
def test_refusals_are_sentences(portal: Any, database: Database, words: tuple[str, ...], message: str) -> None:
    add_person(database, "Dana Ruiz")
    add_person(database, "Wiebke Janssen", "admin")
    refused = portal(user, *words)
    assert refused.exit_code == 1
    assert message in refused.output
    assert "Traceback" not in refused.output


def test_disable_enable_and_reset(portal: Any, database: Database) -> None:
    add_person(database, "Dana Ruiz")
    assert portal(user, "disable", "dana.ruiz@example.com").exit_code == 0
    assert find(database, "dana.ruiz@example.com").state == "disabled"
    assert "there is no way in" in portal(user, "reset", "dana.ruiz@example.com").output
    assert portal(user, "enable", "DANA.RUIZ@example.com").output == "Dana Ruiz may sign in again.\n"
    assert portal(user, "reset", "dana.ruiz@example.com").output.startswith("http://localhost/reset/")
    assert "on its way to dana.ruiz@example.com" in portal(user, "reset", "dana.ruiz@example.com", "--mail").output
    with database.reading() as session:
        assert session.scalars(select(OutgoingMail.recipient)).all() == ["dana.ruiz@example.com"]
    done = portal(user, "reset", "dana.ruiz@example.com", "--password", typed="five slow rivers\nfive slow rivers\n")
    assert done.exit_code == 0, done.output
    assert is_right("five slow rivers", find(database, "dana.ruiz@example.com").password_hash)


def test_list_names_everybody(portal: Any, database: Database) -> None:
    add_person(database, "Dana Ruiz", department=add_department(database, "Sales"))
    add_person(database, "Sven Ackeby", "publisher", state="disabled")
    assert "dana.ruiz@example.com\tDana Ruiz\trep\tSales\t\tactive" in portal(user, "list").output
    listed = json.loads(portal(user, "list", "--json").output)
    assert [(one["name"], one["state"]) for one in listed] == [("Dana Ruiz", "active"), ("Sven Ackeby", "disabled")]


def test_import_reports_and_fails_where_a_row_was_refused(portal: Any, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes("\ufeffmail;name;role\na@example.com;A B;rep\nb@example.com;B C;boss\n".encode())
    tried = portal(import_people, str(file), "--dry-run")
    assert tried.exit_code == 1
    assert tried.output.splitlines() == [
        "row 3, column role: “boss” is no role. There are: rep, manager, publisher, admin.",
        "1 created, 0 updated, 0 unchanged, 0 skipped, 1 refused. Nothing was written: this was a dry run.",
    ]
    done = portal(import_people, str(file), "--json", "--invite")
    assert json.loads(done.output)["counts"]["created"] == 1
    with database.reading() as session:
        assert session.scalars(select(OutgoingMail.recipient)).all() == ["a@example.com"]
    file.write_text("mail,name,role\na@example.com,A B,rep\n")
    again = portal(import_people, str(file))
    assert (again.exit_code, again.output) == (0, "0 created, 0 updated, 1 unchanged, 0 skipped, 0 refused.\n")


def test_file_that_is_none_is_refused_in_words(portal: Any, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes("mail;name\nÜ".encode("latin-1"))
    refused = portal(import_people, str(file))
    assert (refused.exit_code, refused.output) == (1, "Line 2 is not UTF-8; save the file as “CSV UTF-8”.\n")
    assert portal(import_people, str(tmp_path / "missing.csv")).exit_code == 2
