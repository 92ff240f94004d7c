"""Writing and editing playbooks: who may, what is refused, and that nothing typed is lost."""

import pytest
from sqlalchemy import select

from portal.features.playbooks.models import Playbook
from portal.features.playbooks.queries import list_contributors, list_sections
from portal.shared.items.models import ItemAudience, Revision
from tests import builders

FORM = {
    "title": "First visit",
    "text": "Bring a *meter*.\n\n## Then\n\nAsk.",
    "stage": "negotiation",
    "tags": "dairy, pricing",
}


@pytest.fixture
def priya(client, database):
    """A manager, signed in."""
    builders.add_vocabularies(database)
    person = builders.add_person(database, "Priya Shah", "manager")
    builders.sign_in(client, person)
    return person


@pytest.fixture
def playbook(database, priya):
    """A playbook of hers."""
    return builders.write_playbook(database, priya, "First visit", "Bring a meter.\n\n## Then\n\nAsk the leader.")


def address(playbook, rest=""):
    return f"/playbooks/{playbook.id}-{playbook.slug}{rest}"


def stored(database, playbook):
    with database.reading() as session:
        return session.get_one(Playbook, playbook.id)


@pytest.mark.parametrize(("role", "status"), [("rep", 403), ("admin", 403), ("publisher", 200), ("manager", 200)])
def test_managers_and_publishers_write(client, database, role, status):
    builders.sign_in(client, builders.add_person(database, role=role))
    assert client.get("/playbooks/new").status_code == status
    assert builders.post(client, "/playbooks/new", FORM | {"stage": ""}).status_code == (303 if status == 200 else 403)


def test_a_new_playbook_stands_at_its_own_address(client, database, priya):
    answer = builders.post(client, "/playbooks/new", FORM)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "<em>meter</em>" in page
    assert 'data-kept-clear="new-playbook"' in page
    with database.reading() as session:
        playbook = session.scalars(select(Playbook)).one()
        audience = session.scalars(select(ItemAudience.audience)).all()
    assert (playbook.stage, playbook.summary, playbook.version) == ("negotiation", "Bring a meter.", 1)
    assert audience == ["all"]


def test_a_playbook_can_be_for_one_department(client, database, priya):
    department = builders.add_department(database, "Marketing")
    builders.post(client, "/playbooks/new", FORM | {"audience": f"dep:{department.id}"})
    with database.reading() as session:
        assert session.scalars(select(ItemAudience.audience)).all() == [f"dep:{department.id}"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"title": ""}, "Title: please write something here."),
        ({"text": " \n"}, "Text: please write something here."),
        ({"title": "x" * 201}, "Title: at most 200 characters"),
        ({"text": "> " * 30 + "deep"}, "Text: Line 1: lists and quotes may be nested 20 deep"),
        ({"text": "# a\n\n" * 1001}, "Text: at most 1,000 headings, these are 1,001."),
        ({"stage": "never"}, "Stage: “never” is not one of the choices."),
        ({"audience": "person:1"}, "Who may read it: “person:1” is not one of the choices."),
        ({"tags": ",".join("abcdefghijk")}, "Tags: at most 10, these are 11."),
        ({"tags": "***"}, "needs a Latin letter or digit"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_what_was_typed(client, database, priya, typed, message):
    answer = builders.post(client, "/playbooks/new", {**FORM, "reason": "kept words", **typed})
    assert answer.status_code == 422
    assert message in answer.text
    if "text" not in typed:
        assert "Bring a *meter*." in answer.text
    with database.reading() as session:
        assert not session.scalars(select(Playbook)).all()


def test_the_same_form_twice_makes_one_playbook(client, database, priya):
    first, second = (builders.post(client, "/playbooks/new", FORM | {"once": "k" * 22}) for _ in range(2))
    assert first.location == second.location
    with database.reading() as session:
        assert len(session.scalars(select(Playbook)).all()) == 1


def test_an_edit_is_the_next_version_and_its_writer_a_contributor(client, database, playbook):
    omar = builders.add_person(database, "Omar Haddad", "manager")
    builders.sign_in(client, omar)
    form = client.get(address(playbook, "/edit")).text
    assert 'name="version" value="1"' in form
    assert "Bring a meter." in form
    answer = builders.post(client, address(playbook, "/edit"), FORM | {"title": "Second visit", "version": "1"})
    assert answer.location == f"/playbooks/{playbook.id}-second-visit"
    page = client.get(answer.location).text
    assert "Saved." in page
    assert "Omar Haddad" in page
    assert stored(database, playbook).version == 2
    with database.reading() as session:
        assert [person.name for person in list_contributors(session, playbook.id)] == ["Omar Haddad"]


def test_others_may_not_edit(client, database, playbook):
    builders.sign_in(client, builders.add_person(database))
    assert client.get(address(playbook, "/edit")).status_code == 403
    assert builders.post(client, address(playbook, "/edit"), FORM | {"version": "1"}).status_code == 403
    assert stored(database, playbook).version == 1


def test_an_overtaken_edit_shows_both_texts_and_goes_on(client, database, playbook):
    omar = builders.add_person(database, "Omar Haddad", "manager")
    builders.edit_playbook(database, omar, playbook, "Bring a meter and a jacket.", tags=("dairy",))
    typed = {"title": "First visit", "text": "Bring a meter and boots.", "tags": "dairy", "stage": "", "version": "1"}
    answer = builders.post(client, address(playbook, "/edit"), typed | {"reason": "wet floors"})
    assert answer.status_code == 409
    for words in ("Omar Haddad", "Bring a meter and a jacket.", "Bring a meter and boots.", "wet floors"):
        assert words in answer.text
    assert '<input type="hidden" name="title" value="First visit">' in answer.text
    assert 'name="version" value="2"' in answer.text
    assert stored(database, playbook).source == "Bring a meter and a jacket."
    saved = builders.post(client, address(playbook, "/edit"), typed | {"version": "2"})
    assert saved.status_code == 303
    assert stored(database, playbook).source == "Bring a meter and boots."


@pytest.mark.parametrize("version", ["", "0", "x", "7"])
def test_an_edit_without_the_right_version_changes_nothing(client, database, playbook, version):
    answer = builders.post(client, address(playbook, "/edit"), FORM | {"version": version})
    assert answer.status_code == 409
    assert stored(database, playbook).version == 1


def test_sections_keep_their_ids_over_edits(database, priya, playbook):
    text = "Lead.\n\n## Old name\n\nMany words that stay the same here.\n\n## Then\n\nAsk."
    builders.edit_playbook(database, priya, playbook, text)
    before = sections(database, playbook)
    text = "Lead.\n\n## New\n\nOther.\n\n## New name\n\nMany words that stay the same there.\n\n## Then\n\nAsk twice."
    builders.edit_playbook(database, priya, playbook, text)
    after = sections(database, playbook)
    assert list(after) == ["", "New", "New name", "Then"]
    assert after["Then"] == before["Then"]
    assert after["New name"] == before["Old name"]
    assert after[""] == before[""]
    assert after["New"] not in before.values()


def sections(database, playbook):
    with database.reading() as session:
        return {one.title: one.id for one in list_sections(session, [playbook.id])[playbook.id]}


def test_section_spans_are_the_text_itself(database, priya, playbook):
    with database.reading() as session:
        (lead, then) = list_sections(session, [playbook.id])[playbook.id]
    assert playbook.source[lead.start : lead.end] + playbook.source[then.start : then.end] == playbook.source
    assert then.text == "Ask the leader."


def test_history_lists_versions_and_shows_what_changed(client, database, playbook, priya):
    builders.edit_playbook(
        database, priya, playbook, "Bring a meter.\n\n## Then\n\nAsk the planner.", reason="New role"
    )
    listing = client.get(address(playbook, "/history")).text
    assert listing.index("Version 2") < listing.index("Version 1")
    assert "New role" in listing
    page = client.get(address(playbook, "/history/2")).text
    assert "<del>leader</del><ins>planner</ins>" in page
    assert "Bring this version back" not in page
    assert "Bring this version back" in client.get(address(playbook, "/history/1")).text
    assert client.get(address(playbook, "/history/3")).status_code == 404


def test_an_old_version_comes_back_as_the_next(client, database, playbook, priya):
    builders.edit_playbook(database, priya, playbook, "Nothing left.")
    answer = builders.post(client, address(playbook, "/history/1/restore"), {"version": "2"})
    assert answer.status_code == 303
    restored = stored(database, playbook)
    assert (restored.version, restored.source) == (3, playbook.source)
    with database.reading() as session:
        reasons = session.scalars(select(Revision.reason).order_by(Revision.version)).all()
    assert reasons == ["", "", "Back to version 1"]


def test_bringing_back_meets_a_newer_version_and_changes_nothing(client, database, playbook, priya):
    builders.edit_playbook(database, priya, playbook, "Newer.")
    answer = builders.post(client, address(playbook, "/history/1/restore"), {"version": "1"}, follow_redirects=True)
    assert "Somebody saved a newer version meanwhile." in answer.text
    assert stored(database, playbook).source == "Newer."


def test_readers_see_the_history_and_may_not_bring_back(client, database, playbook, priya):
    builders.edit_playbook(database, priya, playbook, "Newer.")
    builders.sign_in(client, builders.add_person(database))
    assert "Bring this version back" not in client.get(address(playbook, "/history/1")).text
    assert builders.post(client, address(playbook, "/history/1/restore"), {"version": "2"}).status_code == 403


def test_script_typed_into_every_field_stays_text(client, database, priya):
    evil = "<script>alert(1)</script>"
    form = FORM | {"title": evil, "text": evil + "\n\nwords", "tags": "a<script>", "reason": evil}
    location = builders.post(client, "/playbooks/new", form).location
    builders.post(client, location + "/edit", form | {"version": "1", "text": evil + "more words"})
    for path in (location, "/playbooks", location + "/history", location + "/history/2", location + "/edit"):
        page = client.get(path).text
        assert evil not in page
        assert "a<script>" not in page
    assert evil not in builders.post(client, location + "/edit", form | {"version": "1"}).text


def test_acts_take_no_get(client, playbook):
    for path in (address(playbook, "/history/1/restore"), f"/items/{playbook.id}/verification"):
        assert client.get(path).status_code == 405
