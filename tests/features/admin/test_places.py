"""Departments, teams and vocabularies for admins: made, renamed, put in order, retired."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.shared.people.models import Department, Team
from portal.shared.tags.models import Term
from portal.shared.tags.operations import add_term
from portal.shared.tags.queries import list_terms
from tests.builders import add_department, add_person, add_team, post
from tests.plugins.statements import count_statements


def last_act(database: Database) -> tuple[str, str]:
    """The newest entry of the audit log."""
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    return entry.act, entry.subject


def add_stages(database: Database, *names: str) -> list[int]:
    """Stages in this order; returns their ids."""
    with database.writing() as session:
        ids = [add_term(session, None, "stage", name).id for name in names]
        session.commit()
    return ids


def stages(database: Database, *, with_retired: bool = True) -> list[str]:
    """The names of the stages in their order."""
    with database.reading() as session:
        return [term.name for term in list_terms(session, "stage", with_retired=with_retired)]


@pytest.mark.usefixtures("admin")
def test_department_is_added_and_renamed(client: FlaskClient, app_database: Database) -> None:
    assert "No departments yet" in client.get("/admin/departments").text
    typed = {"name": "Marketing", "line": "Writes case studies."}
    assert post(client, "/admin/departments", typed).location == "/admin/departments"
    assert last_act(app_database) == ("department added", "Marketing")
    with app_database.reading() as session:
        number = session.scalars(select(Department.id)).one()
    assert 'value="Writes case studies."' in client.get(f"/admin/departments/{number}").text
    post(client, f"/admin/departments/{number}", {"name": "Brand", "line": ""})
    assert last_act(app_database) == ("department changed", "Marketing")
    assert client.get("/departments/marketing").location == "/departments/brand"


@pytest.mark.usefixtures("admin")
def test_refused_department_keeps_what_was_typed(client: FlaskClient, app_database: Database) -> None:
    sales = add_department(app_database, "Sales")
    legal = add_department(app_database, "Legal")
    for path, name, message in (
        ("/admin/departments", "", "please write something here"),
        ("/admin/departments", "SALES", "is there already"),
        ("/admin/departments", "日本", "at least one Latin letter or digit"),
        (f"/admin/departments/{legal.id}", "Sales", "is there already"),
    ):
        answer = post(client, path, {"name": name, "line": "Typed <i>"})
        assert answer.status_code == 422
        assert message in answer.text
        assert 'value="Typed &lt;i&gt;"' in answer.text
    assert post(client, f"/admin/departments/{sales.id}", {"name": "Sales", "line": "More"}).status_code == 303
    assert client.get("/admin/departments/999").status_code == 404


@pytest.mark.usefixtures("admin")
def test_team_needs_a_department(client: FlaskClient, app_database: Database) -> None:
    assert "there is none yet" in client.get("/admin/teams").text
    sales, priya = add_department(app_database, "Sales"), add_person(app_database, "Priya Raman", "manager")
    refused = post(client, "/admin/teams", {"name": "West", "department": "", "manager": str(priya.id)})
    assert refused.status_code == 422
    assert 'value="West"' in refused.text
    assert f'<option value="{priya.id}" selected>' in refused.text
    typed = {"name": "West", "department": str(sales.id), "manager": str(priya.id)}
    assert post(client, "/admin/teams", typed).location == "/admin/teams"
    with app_database.reading() as session:
        west = session.scalars(select(Team)).one()
    assert (west.slug, west.department_id, west.manager_id) == ("west", sales.id, priya.id)
    assert last_act(app_database) == ("team added", "West")


@pytest.mark.usefixtures("admin")
def test_team_is_changed_and_keeps_its_address(client: FlaskClient, app_database: Database) -> None:
    sales, legal = add_department(app_database, "Sales"), add_department(app_database, "Legal")
    west = add_team(app_database, "West", sales)
    assert 'value="West"' in client.get(f"/admin/teams/{west.id}").text
    post(client, f"/admin/teams/{west.id}", {"name": "Far West", "department": str(legal.id), "manager": ""})
    page = client.get("/teams/west").text
    assert "Team Far West" in page
    assert "/departments/legal" in page
    with count_statements(app_database) as counted:
        client.get("/admin/teams")
    assert len(counted) <= 8


@pytest.mark.usefixtures("admin")
def test_words_are_added_renamed_moved_and_retired(client: FlaskClient, app_database: Database) -> None:
    assert client.get("/admin/vocabularies").location == "/admin/vocabularies/stage"
    assert "Nothing here yet" in client.get("/admin/vocabularies/stage").text
    first, second, third = add_stages(app_database, "Discovery", "Proposal", "Negotiation")
    assert post(client, "/admin/vocabularies/stage", {"name": "Closed won"}).status_code == 303
    assert stages(app_database) == ["Discovery", "Proposal", "Negotiation", "Closed won"]
    for number, act in ((third, "up"), (first, "up"), (second, "down"), (third, "down")):
        assert post(client, f"/admin/terms/{number}", {"name": "ignored", "act": act}).status_code == 303
    assert stages(app_database) == ["Discovery", "Closed won", "Negotiation", "Proposal"]
    post(client, f"/admin/terms/{second}", {"name": "Offer", "act": "rename"})
    post(client, f"/admin/terms/{first}", {"name": "Typed by the way", "act": "retire"})
    assert "Discovery" not in stages(app_database, with_retired=False)
    assert "Discovery" in stages(app_database), "a button that retires does not rename"
    post(client, f"/admin/terms/{first}", {"name": "x", "act": "offer"})
    assert "Discovery" in stages(app_database, with_retired=False)
    with app_database.reading() as session:
        offer = session.get_one(Term, second)
    assert (offer.name, offer.slug) == ("Offer", "proposal"), "addresses and items keep the slug"
    assert last_act(app_database) == ("vocabulary changed", "stage: Discovery")


@pytest.mark.usefixtures("admin")
def test_refused_words_keep_what_was_typed(client: FlaskClient, app_database: Database) -> None:
    first, _ = add_stages(app_database, "Discovery", "Proposal")
    for path, typed, message in (
        ("/admin/vocabularies/stage", {"name": "proposal"}, "is there already"),
        ("/admin/vocabularies/stage", {"name": ""}, "please write something here"),
        (f"/admin/terms/{first}", {"name": "PROPOSAL", "act": "rename"}, "is there already"),
        (f"/admin/terms/{first}", {"name": " ", "act": "rename"}, "please write something here"),
        (f"/admin/terms/{first}", {"name": "x", "act": "burn"}, "is not one of the choices"),
    ):
        answer = post(client, path, typed)
        assert answer.status_code == 422, typed
        assert message in answer.text
    assert 'value="PROPOSAL"' in post(client, f"/admin/terms/{first}", {"name": "PROPOSAL", "act": "rename"}).text
    assert stages(app_database) == ["Discovery", "Proposal"]
    assert post(client, "/admin/terms/999", {"name": "x", "act": "rename"}).status_code == 404
    assert client.get("/admin/vocabularies/nonsense").status_code == 404
