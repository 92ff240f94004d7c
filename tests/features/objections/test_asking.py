"""Asking, reading and editing what was asked: through the real doors, on the real database."""

from portal.core.db import Database
from portal.features.objections.models import Objection
from tests import builders
from tests.plugins.statements import count_statements


def test_rep_adds_an_objection_and_lands_on_its_page(client, database):
    rep = builders.add_person(database)
    builders.add_vocabularies(database)
    builders.sign_in(client, rep)
    answer = builders.post(
        client,
        "/objections/new",
        {
            "title": "Your meters are too dear",
            "variants": "too dear\nway too dear",
            "category": "price",
            "tags": "dairy",
        },
    )
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "“Your meters are too dear”" in page.text
    assert "way too dear" in page.text


def test_repeat_of_the_same_form_leads_to_the_first_objection(client, database: Database):
    rep = builders.add_person(database)
    builders.add_vocabularies(database)
    builders.sign_in(client, rep)
    form = {"title": "Too dear", "category": "price", "once": "k" * 22}
    first, second = builders.post(client, "/objections/new", form), builders.post(client, "/objections/new", form)
    assert first.location == second.location
    with database.reading() as session:
        assert session.query(Objection).count() == 1


def test_empty_form_comes_back_with_messages_and_what_was_typed(client, database):
    rep = builders.add_person(database)
    builders.add_vocabularies(database)
    builders.sign_in(client, rep)
    page = builders.post(
        client, "/objections/new", {"title": "", "text": "The words that I typed", "category": "price"}
    )
    assert page.status_code == 422
    assert "please write something here" in page.text
    assert "The words that I typed" in page.text


def test_unknown_category_is_named(client, database):
    rep = builders.add_person(database)
    builders.add_vocabularies(database)
    builders.sign_in(client, rep)
    page = builders.post(client, "/objections/new", {"title": "Too dear", "category": "magic"})
    assert page.status_code == 422
    assert "“magic” is not one of the choices" in page.text


def test_stranger_is_led_to_sign_in_and_back(client):
    answer = client.get("/objections/new?title=x")
    assert answer.status_code == 303
    assert answer.location == "/login?next=%2Fobjections%2Fnew%3Ftitle%3Dx"


def test_wrong_slug_redirects_and_the_id_decides(client, database):
    rep = builders.add_person(database)
    asked = builders.ask_objection(database, rep, "Too dear for us")
    builders.sign_in(client, rep)
    answer = client.get(f"/objections/{asked.id}-old-words?x=1")
    assert answer.status_code == 301
    assert answer.location == f"/objections/{asked.id}-too-dear-for-us?x=1"
    assert client.get(f"/questions/{asked.id}-too-dear-for-us").status_code == 404


def test_colleague_may_not_edit_and_a_manager_may(client, database):
    rep, colleague = builders.add_person(database), builders.add_person(database, "Jonas Berg")
    manager = builders.add_person(database, "Priya Nair", "manager")
    asked = builders.ask_objection(database, rep, "Too dear")
    builders.sign_in(client, colleague)
    assert client.get(f"/objections/{asked.id}-too-dear/edit").status_code == 403
    builders.sign_in(client, manager)
    assert client.get(f"/objections/{asked.id}-too-dear/edit").status_code == 200


def test_two_edits_at_once_show_both_texts_and_lose_nothing(client, database):
    rep = builders.add_person(database)
    builders.add_vocabularies(database)
    asked = builders.ask_objection(database, rep, "Too dear")
    builders.sign_in(client, rep)
    url = f"/objections/{asked.id}-too-dear/edit"
    first = builders.post(client, url, {"title": "Too dear, they say", "category": "price", "version": "1"})
    assert first.status_code == 303
    second = builders.post(client, url, {"title": "Far too dear", "category": "price", "version": "1"})
    assert second.status_code == 409
    assert "Too dear, they say" in second.text
    assert "Far too dear" in second.text
    again = builders.post(client, url, {"title": "Far too dear", "category": "price", "version": "2"})
    assert again.status_code == 303


def test_restricted_objection_does_not_exist_for_others(client, database):
    sales = builders.add_department(database)
    legal = builders.add_department(database, "Legal")
    inside = builders.add_person(database, department=legal)
    outside = builders.add_person(database, "Jonas Berg", department=sales)
    asked = builders.ask_objection(database, inside, "Quokka clause", audience=(f"dep:{legal.id}",))
    builders.post_answer(database, inside, asked, "Quokka words")
    builders.sign_in(client, outside)
    assert client.get(f"/objections/{asked.id}-quokka-clause").status_code == 404
    assert "Quokka" not in client.get("/objections").text
    assert builders.post(client, f"/objections/{asked.id}-quokka-clause/answers", {"say": "Hello"}).status_code == 404
    builders.sign_in(client, inside)
    assert "Quokka words" in client.get(f"/objections/{asked.id}-quokka-clause").text


def test_script_in_every_field_stays_text(client, database):
    rep = builders.add_person(database)
    builders.add_vocabularies(database)
    builders.sign_in(client, rep)
    evil = "<script>alert(1)</script>"
    form = dict.fromkeys(("title", "variants", "text", "tags"), evil)
    answer = builders.post(client, "/objections/new", {**form, "category": "price"})
    page = client.get(answer.location)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def test_list_counts_its_statements(client, database, app_database):
    rep = builders.add_person(database)
    for number in range(12):
        asked = builders.ask_objection(database, rep, f"Objection number {number}")
        builders.post_answer(database, rep, asked, f"Words number {number}")
    builders.sign_in(client, rep)
    client.get("/objections")
    with count_statements(app_database) as few:
        assert client.get("/objections").status_code == 200
    assert len(few.statements) <= 8
    with count_statements(app_database) as shown:
        assert client.get(f"/objections/{asked.id}-{asked.slug}").status_code == 200
    assert len(shown.statements) <= 8
