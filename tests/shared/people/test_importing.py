"""People from CSV rows: each row whole or not at all, messages by column, and a second run that changes nothing."""

from typing import Any

from sqlalchemy import func, select

from portal.cli.taking import take_rows
from portal.core import csvfiles
from portal.core.db import Database
from portal.core.mail import OutgoingMail
from portal.core.reports import Entry
from portal.shared.people.importing import OPTIONAL, REQUIRED, Importer, by_row, in_order
from portal.shared.people.models import Department, Person, Team
from portal.shared.people.queries import find_by_email, list_present_teams
from tests.builders import add_department, add_person, add_team

HEADER = "mail;name;role;title;department;team;manager"


def run(database: Database, *lines: str, header: str = HEADER, dry_run: bool = False, **how: Any) -> list[Entry]:
    """Import a file of these lines; the report in the order of the file."""
    content = "\n".join([header, *lines]).encode()
    rows, twice = in_order(csvfiles.read(content, required=REQUIRED, optional=OPTIONAL))
    return list(by_row([*take_rows(database, rows, Importer(**how).take, dry_run=dry_run), *twice]))


def outcomes(entries: list[Entry]) -> list[str]:
    """What happened, row by row."""
    return [one.outcome for one in entries]


def find(database: Database, mail: str) -> Person:
    """The person of a mail address."""
    with database.reading() as session:
        person = find_by_email(session, mail)
    assert person is not None
    return person


def count(database: Database) -> int:
    """How many people there are."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_people_are_made_with_place_and_manager_whatever_their_order(database: Database) -> None:
    sales = add_department(database, "Sales")
    west = add_team(database, "West", sales)
    lines = ("Jonas@Example.com;Jonas Berg;Rep;Account manager;sales;West;priya@example.com",
             "priya@example.com;Priya Raman;manager;;Sales;west;")  # fmt: skip
    assert outcomes(run(database, *lines)) == ["created", "created"]
    jonas, priya = find(database, "jonas@example.com"), find(database, "priya@example.com")
    assert (jonas.name, jonas.state, jonas.title) == ("Jonas Berg", "invited", "Account manager")
    assert (jonas.department_id, jonas.manager_id) == (sales.id, priya.id)
    with database.reading() as session:
        assert list_present_teams(session, [jonas.id])[jonas.id].id == west.id
    assert outcomes(run(database, *lines)) == ["unchanged", "unchanged"]


def test_team_brings_its_department(database: Database) -> None:
    sales = add_department(database, "Sales")
    add_team(database, "West", sales)
    run(database, "a@example.com;A B;rep;;;West;")
    assert find(database, "a@example.com").department_id == sales.id


def test_empty_cell_leaves_and_dash_clears(database: Database) -> None:
    sales = add_department(database, "Sales")
    boss = add_person(database, "Priya Raman")
    add_person(database, "Dana Ruiz", title="Star", department=sales, manager=boss)
    assert outcomes(run(database, "dana.ruiz@example.com,Dana Ruiz,rep", header="mail,name,role")) == ["unchanged"]
    assert outcomes(run(database, "dana.ruiz@example.com;Dana Ruiz;rep;;;;")) == ["unchanged"]
    [entry] = run(database, "dana.ruiz@example.com;Dana Ruiz-Berg;manager;-;-;;-")
    assert entry.outcome == "updated"
    assert entry.reason.startswith("name: Dana Ruiz → Dana Ruiz-Berg; title: Star → –; department: Sales → –")
    dana = find(database, "dana.ruiz@example.com")
    assert (dana.title, dana.department_id, dana.manager_id, dana.state) == ("", None, None, "active")


def test_wrong_cells_are_named_and_the_row_leaves_nothing(database: Database) -> None:
    sales, legal = add_department(database, "Sales"), add_department(database, "Legal")
    add_team(database, "West", sales)
    entries = run(
        database,
        "no mail;;boss;;Saels;Wset;nobody@example.com",
        "a@example.com;A B;rep;;Legal;West;a@example.com",
        "b@example.com;B C;rep;;;;;too;many",
        "c@example.com;C D;rep;;;;",
        "C@example.com;C D;rep;;;;",
    )
    said = {(one.where, one.column): one.reason for one in entries if one.outcome == "error"}
    assert set(said) == {
        ("row 2", "mail"), ("row 2", "name"), ("row 2", "role"), ("row 2", "department"), ("row 2", "team"),
        ("row 2", "manager"), ("row 3", "team"), ("row 3", "manager"), ("row 4", ""), ("row 6", "mail"),
    }  # fmt: skip
    assert said["row 2", "role"] == "“boss” is no role. There are: rep, manager, publisher, admin."
    assert said["row 2", "department"] == "“Saels” is no department here. There are: Legal, Sales."
    assert said["row 2", "team"] == "“Wset” is no team here. There are: West."
    assert said["row 3", "team"] == f"West belongs to {sales.name}, not to this department."
    assert said["row 6", "mail"] == "c@example.com stands in row 5 already"
    assert count(database) == 1
    assert legal.name == "Legal"


def test_person_under_a_refused_manager_is_refused_too(database: Database) -> None:
    entries = run(database, "a@example.com;A B;rep;;;;b@example.com", "b@example.com;B C;boss;;;;")
    assert outcomes(entries) == ["error", "error"]
    assert "or that row was refused" in entries[0].reason
    assert count(database) == 0


def test_circle_of_managers_ends(database: Database) -> None:
    entries = run(database, "a@example.com;A B;rep;;;;b@example.com", "b@example.com;B C;rep;;;;a@example.com")
    assert outcomes(entries) == ["error", "error"]


def test_places_are_made_only_when_asked(database: Database) -> None:
    line = "a@example.com;A B;rep;;Sales;West;"
    assert outcomes(run(database, line)) == ["error", "error"]
    assert outcomes(run(database, line, "b@example.com;B C;rep;;Sales;West;", create_places=True)) == ["created"] * 2
    with database.reading() as session:
        assert session.scalars(select(Department.name)).all() == ["Sales"]
        assert session.scalars(select(Team.slug)).all() == ["west"]


def test_refused_row_makes_no_place(database: Database) -> None:
    run(database, "a@example.com;A B;boss;;Sales;West;", create_places=True)
    with database.reading() as session:
        assert session.scalars(select(Department)).all() == []


def test_dry_run_says_the_same_and_writes_nothing(database: Database) -> None:
    lines = ("a@example.com;A B;rep;;Sales;West;b@example.com", "b@example.com;B C;rep;;Sales;;", "x;y;z;;;;")
    tried = run(database, *lines, dry_run=True, create_places=True, base_url="http://localhost")
    with database.reading() as session:
        assert session.scalars(select(Department)).all() == []
        assert session.scalars(select(OutgoingMail)).all() == []
    assert count(database) == 0
    assert tried == run(database, *lines, create_places=True, base_url="http://localhost")
    assert count(database) == 2


def test_invitations_go_to_new_people_alone(database: Database) -> None:
    add_person(database, "Dana Ruiz")
    run(database, "a@example.com;A B;rep;;;;", "dana.ruiz@example.com;Dana R.;rep;;;;", base_url="http://localhost")
    with database.reading() as session:
        assert session.scalars(select(OutgoingMail.recipient)).all() == ["a@example.com"]


def test_last_admin_is_not_demoted_by_a_file(database: Database) -> None:
    add_person(database, "Wiebke Janssen", "admin")
    [entry] = run(database, "wiebke.janssen@example.com;Wiebke Janssen;rep;;;;")
    assert (entry.outcome, entry.column) == ("error", "role")
    assert "is the only admin" in entry.reason


def test_disabled_person_stays_disabled_and_the_report_says_so(database: Database) -> None:
    add_person(database, "Sven Ackeby", state="disabled")
    [entry] = run(database, "sven.ackeby@example.com;Sven Ackeby;publisher;;;;")
    assert (entry.outcome, entry.notes) == ("updated", ("this person is disabled, and stays so",))
    assert find(database, "sven.ackeby@example.com").state == "disabled"
