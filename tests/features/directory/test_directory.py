"""The directory: who works here and where, open to everybody who is signed in."""

from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from portal.core.db import Database
from portal.shared.people import operations
from portal.shared.people.models import Department, Person
from tests.builders import add_department, add_person, add_team, sign_in
from tests.plugins.statements import count_statements


@pytest.fixture
def reader(client: FlaskClient, app_database: Database) -> Person:
    """Somebody who is signed in and looks around."""
    person = add_person(app_database, "Zoe Reader")
    sign_in(client, person)
    return person


@pytest.mark.usefixtures("reader")
def test_people_stand_with_title_department_and_team(client: FlaskClient, app_database: Database) -> None:
    sales = add_department(app_database, "Sales")
    west = add_team(app_database, "West", sales)
    dana = add_person(app_database, "Dana Ruiz", title="Senior account manager", department=sales, team=west)
    page = client.get("/people").text
    assert f'href="/people/{dana.id}-dana-ruiz"' in page
    assert "Senior account manager" in page
    assert "Sales · West" in page


@pytest.mark.usefixtures("reader")
def test_search_folds_accents_and_takes_parts_of_names(client: FlaskClient, app_database: Database) -> None:
    add_person(app_database, "Jürgen Özil", email="j.oezil@example.com")
    add_person(app_database, "Dana Ruiz")
    for words in ("özil", "OEZIL", "jür öz", "j.oezil@"):
        page = client.get("/people", query_string={"q": words}).text
        assert "Jürgen Özil" in page
        assert "Dana Ruiz" not in page
        assert "1 person found" in page


@pytest.mark.parametrize("words", ['"', "%", "_", "'; DROP TABLE person; --", "<script>", "x" * 2000, "🙂", "\\"])
@pytest.mark.usefixtures("reader")
def test_any_words_answer_and_find_nobody(client: FlaskClient, words: str) -> None:
    answer = client.get("/people", query_string={"q": words})
    assert answer.status_code == 200
    assert "Nobody by that name" in answer.text
    assert "<script>" not in answer.text.partition("<body")[2]


@pytest.mark.usefixtures("reader")
def test_department_filters_the_list_and_counts(client: FlaskClient, app_database: Database) -> None:
    sales, legal = add_department(app_database, "Sales"), add_department(app_database, "Legal")
    add_person(app_database, "Dana Ruiz", department=sales)
    add_person(app_database, "Elif Karaca", department=legal)
    page = client.get("/people?dept=legal").text
    assert "Elif Karaca" in page
    assert "Dana Ruiz" not in page
    assert 'aria-current="true">Legal <span>1</span>' in page


@pytest.mark.usefixtures("reader")
def test_list_has_fifty_a_page_and_as_many_statements_at_any_length(
    client: FlaskClient, app_database: Database
) -> None:
    used = []
    for number in range(120):
        if number in (5, 119):
            with count_statements(app_database) as counted:
                client.get("/people")
            used.append(len(counted))
        with app_database.writing() as session:
            operations.add_person(
                session, None, operations.PersonInput(f"p{number}@example.com", f"Person {number:03}", "rep")
            )
            session.commit()
    assert used[0] == used[1] <= 8
    assert "51 to 100 of 121" in client.get("/people?page=2").text
    assert "Person 119" in client.get("/people?page=3").text
    assert "The list ends before this page" in client.get("/people?page=9").text
    for odd in ("0", "-1", "x", "9" * 30, "²"):
        assert "1 to 50 of 121" in client.get("/people", query_string={"page": odd}).text


@pytest.mark.usefixtures("reader")
def test_profile_says_where_somebody_belongs(client: FlaskClient, app_database: Database) -> None:
    sales = add_department(app_database, "Sales")
    priya = add_person(app_database, "Priya Raman", "manager", department=sales)
    west = add_team(app_database, "West", sales, priya)
    dana = add_person(app_database, "Dana Ruiz", title="Account manager", department=sales, team=west, manager=priya)
    with count_statements(app_database) as counted:
        page = client.get(f"/people/{dana.id}-dana-ruiz").text
    assert len(counted) <= 8
    for piece in ("<h1>Dana Ruiz</h1>", "Account manager", "/departments/sales", "/teams/west", "Priya Raman",
                  "mailto:dana.ruiz@example.com"):  # fmt: skip
        assert piece in page
    assert f"/admin/people/{dana.id}" not in page


@pytest.mark.usefixtures("reader")
def test_wrong_slug_leads_to_the_right_address(client: FlaskClient, app_database: Database) -> None:
    dana = add_person(app_database)
    answer = client.get(f"/people/{dana.id}-old-name")
    assert (answer.status_code, answer.location) == (301, f"/people/{dana.id}-dana-ruiz")
    assert client.get(f"/people/{dana.id}").status_code == 301
    assert client.get("/people/999-nobody").status_code == 404
    assert client.get("/people/999999999999999-nobody").status_code == 404


@pytest.mark.usefixtures("reader")
def test_whoever_left_is_in_no_list_and_keeps_the_name(client: FlaskClient, app_database: Database) -> None:
    sven = add_person(app_database, "Sven Ackeby", state="disabled")
    assert "Sven" not in client.get("/people").text
    page = client.get(f"/people/{sven.id}-sven-ackeby").text
    assert "No longer here" in page
    assert "mailto:" not in page


@pytest.mark.usefixtures("reader")
def test_erased_person_is_a_former_colleague(client: FlaskClient, app_database: Database) -> None:
    sven = add_person(app_database, "Sven Ackeby")
    with app_database.writing() as session:
        session.get_one(Person, sven.id).state = "erased"
        session.commit()
    page = client.get(f"/people/{sven.id}-sven-ackeby").text
    assert "<h1>former colleague</h1>" in page
    assert "sven.ackeby@example.com" not in page


@pytest.mark.usefixtures("reader")
def test_departments_and_teams_have_pages(client: FlaskClient, app_database: Database) -> None:
    assert "No departments yet" in client.get("/departments").text
    planning = add_department(app_database, "Planning and Production", "Knows every lead time.")
    add_department(app_database, "Empty One")
    tom = add_person(app_database, "Tom Brandt", "publisher", department=planning)
    add_person(app_database, "Ines Calado", department=planning, team=add_team(app_database, "Rush", planning, tom))
    page = client.get("/departments").text
    assert "Knows every lead time." in page
    assert "2 people" in page
    with count_statements(app_database) as counted:
        page = client.get("/departments/planning-and-production").text
    assert len(counted) <= 8
    assert "Tom Brandt" in page
    assert "/teams/rush" in page
    with count_statements(app_database) as counted:
        page = client.get("/teams/rush").text
    assert len(counted) <= 8
    assert "Ines Calado" in page
    assert "Led by" in page
    assert "Nobody here yet" in client.get("/departments/empty-one").text
    assert client.get("/departments/nowhere").status_code == 404
    assert client.get("/teams/nowhere").status_code == 404


@pytest.mark.usefixtures("reader")
def test_former_address_of_a_department_leads_on(client: FlaskClient, app_database: Database) -> None:
    sales = add_department(app_database, "Sales")
    for name in ("Field Sales", "Selling"):
        with app_database.writing() as session:
            operations.rename_department(session, None, session.get_one(Department, sales.id), name, "")
            session.commit()
    for old in ("sales", "field-sales"):
        answer = client.get(f"/departments/{old}")
        assert (answer.status_code, answer.location) == (301, "/departments/selling")
    add_department(app_database, "Sales")
    assert client.get("/departments/sales").status_code == 200, "whoever bears the name now has the address"


@pytest.mark.parametrize(
    "path", ["/people", "/people/1-dana-ruiz", "/departments", "/departments/sales", "/teams/west"]
)
def test_strangers_sign_in_first(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, unquote(answer.location)) == (303, f"/login?next={path}")


@pytest.mark.usefixtures("reader")
def test_names_are_text_never_markup(client: FlaskClient, app_database: Database) -> None:
    evil = "<script>alert(1)</script>"
    person = add_person(app_database, evil, title=evil, email="evil@example.com")
    for path in ("/people", f"/people/{person.id}-{person.slug}"):
        page = client.get(path).text
        assert evil not in page
        assert "&lt;script&gt;" in page
