"""People for admins: found, invited, changed, disabled; each act audited, and an admin always left."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.core.errors import Invalid
from portal.core.mail import OutgoingMail
from portal.shared.people import operations
from portal.shared.people.models import Membership, Person, PersonRole
from portal.shared.people.queries import find_by_email
from tests.builders import add_department, add_person, add_team, post, sign_in
from tests.plugins.statements import count_statements


def form(**changed: Any) -> dict[str, Any]:
    """The form of a person, as a page would send it."""
    return {"name": "Dana Ruiz", "title": "", "role": "rep", "department": "", "team": "", "manager": ""} | changed


def acts(database: Database) -> list[tuple[str, str, int | None]]:
    """The audit log, oldest first."""
    with database.reading() as session:
        return [
            (one.act, one.subject, one.actor_id) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        ]


def state_of(database: Database, person: Person) -> str:
    """The present state of somebody."""
    with database.reading() as session:
        return session.get_one(Person, person.id).state


def role_of(database: Database, person: Person) -> list[str]:
    """The present roles of somebody."""
    with database.reading() as session:
        return list(session.scalars(select(PersonRole.role).where(PersonRole.person_id == person.id)))


@pytest.mark.usefixtures("admin")
def test_list_filters_by_words_role_state_and_department(client: FlaskClient, app_database: Database) -> None:
    legal = add_department(app_database, "Legal")
    add_person(app_database, "Dana Ruiz")
    add_person(app_database, "Elif Karaca", "publisher", department=legal)
    add_person(app_database, "Sven Ackeby", state="disabled")
    add_person(app_database, "Leo Tamminen", state="invited")
    names = ("Dana Ruiz", "Elif Karaca", "Sven Ackeby", "Leo Tamminen", "Wiebke Janssen")
    for query, expected in {
        "": names,
        "?q=dana": ("Dana Ruiz",),
        "?role=publisher": ("Elif Karaca",),
        "?state=disabled": ("Sven Ackeby",),
        "?state=invited": ("Leo Tamminen",),
        "?dept=legal": ("Elif Karaca",),
        "?dept=legal&role=rep": (),
        "?role=nonsense&state=nonsense&dept=nonsense": names,
    }.items():
        with count_statements(app_database) as counted:
            page = client.get("/admin/people" + query).text
        assert len(counted) <= 8
        shown = page.partition("<main")[2]
        assert [name for name in names if f">{name}</a>" in shown] == list(expected), query
    assert "Nobody fits these filters" in client.get("/admin/people?q=nobody").text


def test_invitation_makes_a_person_and_mails_a_link(client: FlaskClient, app_database: Database, admin: Person) -> None:
    sales = add_department(app_database, "Sales")
    west = add_team(app_database, "West", sales)
    typed = form(email="Leo@Example.com", name="Leo Tamminen", title="Account manager", department=str(sales.id),
                 team=str(west.id), manager=str(admin.id), once="abc")  # fmt: skip
    answer = post(client, "/admin/people/invite", typed)
    assert answer.status_code == 303
    with app_database.reading() as session:
        leo = find_by_email(session, "leo@example.com")
        assert leo is not None
        assert (leo.state, leo.department_id, leo.manager_id, leo.title) == (
            "invited", sales.id, admin.id, "Account manager"
        )  # fmt: skip
        [mail] = session.scalars(select(OutgoingMail))
        assert session.scalars(select(Membership.team_id)).all() == [west.id]
    assert mail.recipient == "leo@example.com"
    assert re.search(r"http://localhost/invitation/[\w-]{43}\n", mail.body)
    assert acts(app_database)[-2:] == [
        ("person added", "leo@example.com", admin.id), ("invitation made", "leo@example.com", admin.id)
    ]  # fmt: skip
    assert answer.location == f"/admin/people/{leo.id}"
    assert post(client, "/admin/people/invite", typed).location == answer.location, "sent twice, it is one person"


@pytest.mark.usefixtures("admin")
def test_refused_invitation_keeps_what_was_typed(client: FlaskClient, app_database: Database) -> None:
    sales, legal = add_department(app_database, "Sales"), add_department(app_database, "Legal")
    west = add_team(app_database, "West", sales)
    add_person(app_database, "Dana Ruiz", email="dana@example.com")
    for changed, message in (
        ({"email": "no mail", "name": ""}, "is no mail address"),
        ({"email": "dana@example.com"}, "belongs to somebody already"),
        ({"email": "leo@example.com", "role": "boss"}, "is not one of the choices"),
        ({"email": "leo@example.com", "role": ""}, "choose one"),
        ({"email": "leo@example.com", "name": "x" * 121}, "at most 120 characters"),
        ({"email": "leo@example.com", "team": str(west.id), "department": str(legal.id)}, "West belongs to Sales"),
        ({"email": "leo@example.com", "department": "999999999"}, "is not one of the choices"),
        ({"email": "leo@example.com", "manager": "x"}, "is not one of the choices"),
    ):
        answer = post(client, "/admin/people/invite", form(**{"title": "As typed <b>", **changed}))
        assert answer.status_code == 422, changed
        assert message in answer.text
        assert 'value="As typed &lt;b&gt;"' in answer.text
        assert 'aria-invalid="true"' in answer.text
    with app_database.reading() as session:
        assert find_by_email(session, "leo@example.com") is None


def test_change_moves_somebody_and_the_log_says_what(
    client: FlaskClient, app_database: Database, admin: Person
) -> None:
    sales, legal = add_department(app_database, "Sales"), add_department(app_database, "Legal")
    west = add_team(app_database, "West", sales)
    dana = add_person(app_database, "Dana Ruiz", department=sales, team=west)
    with count_statements(app_database) as counted:
        page = client.get(f"/admin/people/{dana.id}").text
    assert len(counted) <= 8
    assert f'<option value="{sales.id}" selected>Sales</option>' in page
    changed = form(name="Dana Ruiz-Berg", role="manager", department=str(legal.id), manager=str(admin.id))
    assert post(client, f"/admin/people/{dana.id}", changed).status_code == 303
    page = client.get(f"/admin/people/{dana.id}").text
    assert "department: Sales → Legal; manager: – → Wiebke Janssen; role: rep → manager; team" in page
    with app_database.reading() as session:
        one = session.get_one(Person, dana.id)
        assert (one.name, one.slug, one.department_id) == ("Dana Ruiz-Berg", "dana-ruiz-berg", legal.id)
        [time_in_west] = session.scalars(select(Membership))
    assert time_in_west.until is not None, "the past stays with the past team"
    assert acts(app_database)[-1] == ("person changed", dana.email, admin.id)
    before = len(acts(app_database))
    post(client, f"/admin/people/{dana.id}", changed)
    assert "Nothing was changed" in client.get("/people").text
    assert len(acts(app_database)) == before


@pytest.mark.usefixtures("admin")
def test_refused_change_keeps_what_was_typed(client: FlaskClient, app_database: Database) -> None:
    dana = add_person(app_database)
    answer = post(client, f"/admin/people/{dana.id}", form(name="", title="Typed", manager=str(dana.id)))
    assert answer.status_code == 422
    for piece in ("please write something here", "nobody leads themselves", 'value="Typed"', "2 things need"):
        assert piece in answer.text
    assert post(client, "/admin/people/999", form()).status_code == 404


@pytest.mark.usefixtures("admin")
def test_manager_who_left_stays_the_manager_until_changed(client: FlaskClient, app_database: Database) -> None:
    irena = add_person(app_database, "Irena Wolny", state="disabled")
    dana = add_person(app_database, manager=irena)
    assert f'<option value="{irena.id}" selected>Irena Wolny</option>' in client.get(f"/admin/people/{dana.id}").text
    assert post(client, f"/admin/people/{dana.id}", form(manager=str(irena.id), title="New")).status_code == 303
    with app_database.reading() as session:
        assert session.get_one(Person, dana.id).manager_id == irena.id


def test_disabled_person_is_out_at_once_and_may_come_back(
    app: Flask, client: FlaskClient, app_database: Database, admin: Person
) -> None:
    dana, other = add_person(app_database), app.test_client()
    sign_in(other, dana)
    assert other.get("/people").status_code == 200
    assert post(client, f"/admin/people/{dana.id}/disable").status_code == 303
    assert other.get("/people").status_code == 303
    assert "is disabled and signed out everywhere" in client.get("/admin").text
    assert post(client, f"/admin/people/{dana.id}/enable").status_code == 303
    assert state_of(app_database, dana) == "active"
    assert other.get("/people").status_code == 303, "the old session stays ended"
    assert [act for act, _, by in acts(app_database) if by == admin.id] == ["person disabled", "person enabled"]


def test_nobody_disables_themselves(client: FlaskClient, app_database: Database, admin: Person) -> None:
    add_person(app_database, "Second Admin", "admin")
    assert post(client, f"/admin/people/{admin.id}/disable").status_code == 403
    assert state_of(app_database, admin) == "active"


def test_last_admin_can_be_neither_demoted_nor_disabled(
    client: FlaskClient, app_database: Database, admin: Person
) -> None:
    add_person(app_database, "Gone Admin", "admin", state="disabled")
    add_person(app_database, "Invited Admin", "admin", state="invited")
    answer = post(client, f"/admin/people/{admin.id}", form(name=admin.name, role="rep"))
    assert answer.status_code == 422
    assert "is the only admin" in answer.text
    assert role_of(app_database, admin) == ["admin"]
    second = add_person(app_database, "Second Admin", "admin")
    answer = post(client, f"/admin/people/{admin.id}", form(name=admin.name, role="rep"))
    assert answer.location == "/", "whoever is no admin any more is not led to a closed door"
    assert role_of(app_database, admin) == ["rep"]
    sign_in(client, second)
    assert post(client, f"/admin/people/{second.id}", form(name=second.name, role="manager")).status_code == 422


def test_two_admins_who_disable_each_other_at_once_leave_one(app_database: Database, admin: Person) -> None:
    second, ready = add_person(app_database, "Second Admin", "admin"), Barrier(2)

    def disable(by: Person, other: Person) -> bool:
        def unit() -> bool:
            with app_database.writing() as session:
                operations.disable_person(session, by.id, session.get_one(Person, other.id))
                session.commit()
            return True

        ready.wait(timeout=10)
        try:
            return app_database.repeat(unit)
        except Invalid:
            return False

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(disable, (admin, second), (second, admin)))
    assert sorted(done) == [False, True]
    assert sorted([state_of(app_database, admin), state_of(app_database, second)]) == ["active", "disabled"]


@pytest.mark.usefixtures("admin")
def test_invitation_is_sent_again_to_the_invited_alone(client: FlaskClient, app_database: Database) -> None:
    leo, dana = add_person(app_database, "Leo Tamminen", state="invited"), add_person(app_database)
    assert "Send the invitation again" in client.get(f"/admin/people/{leo.id}").text
    for _ in range(2):
        post(client, f"/admin/people/{leo.id}/invite")
    with app_database.reading() as session:
        links = [re.findall(r"/invitation/(\S+)", mail.body)[0] for mail in session.scalars(select(OutgoingMail))]
    assert len(set(links)) == 2
    assert [client.get(f"/invitation/{link}").status_code for link in links] == [404, 200]
    post(client, f"/admin/people/{dana.id}/invite")
    assert "an invitation is for people who never signed in" in client.get(f"/admin/people/{dana.id}").text


def test_admin_ends_the_sessions_of_somebody(
    app: Flask, client: FlaskClient, app_database: Database, admin: Person
) -> None:
    dana, other = add_person(app_database), app.test_client()
    sign_in(other, dana)
    post(client, f"/admin/people/{dana.id}/sign-out")
    assert other.get("/people").status_code == 303
    assert acts(app_database)[-1] == ("person signed out", dana.email, admin.id)


@pytest.mark.usefixtures("admin")
def test_erased_person_cannot_be_administered(client: FlaskClient, app_database: Database) -> None:
    dana = add_person(app_database)
    with app_database.writing() as session:
        session.get_one(Person, dana.id).state = "erased"
        session.commit()
    assert client.get(f"/admin/people/{dana.id}").status_code == 404
    for act in ("", "/disable", "/enable", "/invite", "/sign-out"):
        assert post(client, f"/admin/people/{dana.id}{act}", form()).status_code == 404
