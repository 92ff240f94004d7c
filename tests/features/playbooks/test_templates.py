"""Templates: managers keep them, playbooks begin with a copy, and nothing written is lost when one changes or goes."""

import pytest
from sqlalchemy import select

from portal.features.playbooks.models import Playbook, PlaybookTemplate
from tests import builders

FORM = {"title": "Trade fair", "about": "Before we drive there.", "text": "## Stand\n\nWho is there?"}
FIRST = ["Discovery guide", "Onboarding path", "Pricing talk", "Sales play"]
BASE = "/playbooks/templates"


@pytest.fixture
def priya(client, database):
    """A manager, signed in."""
    person = builders.add_person(database, "Priya Shah", "manager")
    builders.sign_in(client, person)
    return person


def titles(database):
    with database.reading() as session:
        return sorted(session.scalars(select(PlaybookTemplate.title)))


def one(database, title):
    with database.reading() as session:
        return session.scalars(select(PlaybookTemplate).where(PlaybookTemplate.title == title)).first()


@pytest.fixture
def fair(client, database, priya):
    """A template of hers."""
    builders.post(client, BASE + "/new", FORM)
    return one(database, "Trade fair")


@pytest.mark.parametrize(("role", "status"), [("rep", 403), ("publisher", 403), ("admin", 403), ("manager", 200)])
def test_templates_are_for_managers_alone(client, database, role, status):
    builders.sign_in(client, builders.add_person(database, role=role))
    assert client.get(BASE).status_code == status
    assert builders.post(client, BASE + "/new", FORM).status_code == (303 if status == 200 else 403)
    assert ("Trade fair" in titles(database)) == (status == 200)


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get(BASE).status_code == 303


def test_every_portal_has_four_to_begin_with(client, database, priya):
    page = client.get("/playbooks/new").text
    assert titles(database) == FIRST
    assert [title for title in FIRST if f">{title}</a>" in page] == FIRST
    for part in ("Know", "Say", "Show", "Do"):
        assert f"## {part}" in client.get(f"/playbooks/new?template={one(database, 'Sales play').id}").text


def test_each_of_them_can_be_saved_as_it_stands(client, database, priya):
    for title in FIRST:
        form = {"title": title, "text": one(database, title).text, "audience": "all"}
        assert builders.post(client, "/playbooks/new", form).status_code == 303


def test_publishers_begin_with_them_and_do_not_keep_them(client, database):
    builders.sign_in(client, builders.add_person(database, role="publisher"))
    page = client.get("/playbooks/new").text
    assert "Sales play" in page
    assert f'href="{BASE}"' not in page


def test_a_template_is_changed_and_what_was_written_from_it_stays(client, database, fair):
    builders.post(client, "/playbooks/new", {"title": "Hanover", "text": fair.text, "audience": "all"})
    changed = FORM | {"text": "## Tickets", "version": "1"}
    assert builders.post(client, f"{BASE}/{fair.id}", changed, follow_redirects=True).status_code == 200
    assert (one(database, "Trade fair").text, one(database, "Trade fair").version) == ("## Tickets", 2)
    with database.reading() as session:
        assert session.scalars(select(Playbook.source)).one() == FORM["text"]


def test_a_template_removed_while_in_use_harms_nothing(client, database, fair):
    assert "## Stand" in client.get(f"/playbooks/new?template={fair.id}").text
    gone = builders.post(client, f"{BASE}/{fair.id}/removal", follow_redirects=True).text
    assert "“Trade fair” is gone; what was written from it stays." in gone
    written = builders.post(client, "/playbooks/new", {"title": "Hanover", "text": FORM["text"], "audience": "all"})
    assert written.status_code == 303
    assert "That template is gone." in client.get(f"/playbooks/new?template={fair.id}").text
    assert "It was gone already." in builders.post(client, f"{BASE}/{fair.id}/removal", follow_redirects=True).text
    assert titles(database) == FIRST


def test_a_change_of_one_that_was_removed_meanwhile_is_kept_anew(client, database, fair):
    builders.post(client, f"{BASE}/{fair.id}/removal")
    assert builders.post(client, f"{BASE}/{fair.id}", FORM | {"text": "More", "version": "1"}).status_code == 303
    assert one(database, "Trade fair").text == "More"


def test_of_two_who_change_one_the_slower_sees_both_texts(client, database, fair):
    builders.post(client, f"{BASE}/{fair.id}", FORM | {"text": "First text", "version": "1"})
    answer = builders.post(client, f"{BASE}/{fair.id}", FORM | {"text": "Second text", "version": "1"})
    assert answer.status_code == 409
    assert "Priya Shah</a> saved this while you were writing" in answer.text
    assert "First text" in answer.text
    assert "\nSecond text</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert one(database, "Trade fair").text == "First text"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"title": ""}, "Name: please write something here."),
        ({"text": " "}, "Text: please write something here."),
        ({"title": "sales PLAY"}, "Name: there is a template “sales PLAY” already."),
        ({"text": "> " * 30 + "deep"}, "nested 20 deep at most"),
        ({"text": "x" * 20_001}, "Text: at most 20,000 characters"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_in_the_form(client, database, priya, given, message):
    answer = builders.post(client, BASE + "/new", FORM | given)
    assert answer.status_code == 422
    assert message in answer.text
    assert FORM["about"] in answer.text
    assert titles(database) == FIRST


def test_a_name_is_taken_by_another_template_only(client, database, fair):
    assert builders.post(client, f"{BASE}/{fair.id}", FORM | {"title": "Sales play", "version": "1"}).status_code == 422
    assert builders.post(client, f"{BASE}/{fair.id}", FORM | {"title": "trade FAIR", "version": "1"}).status_code == 303


def test_there_are_not_more_of_them_than_one_can_choose_from(client, database, priya):
    for number in range(26):
        builders.post(client, BASE + "/new", FORM | {"title": f"Number {number}"})
    assert "there are 30 templates already" in builders.post(client, BASE + "/new", FORM).text


@pytest.mark.parametrize("number", ["0", "999999999", "9999999999", "x"])
def test_no_template_of_that_number_is_no_page_and_an_empty_form(client, priya, number):
    assert client.get(f"{BASE}/{number}").status_code == 404
    assert client.get(f"/playbooks/new?template={number}").status_code == 200
