"""The life of a playbook: drafts that others never meet, and a next text beside the published one."""

import pytest
from sqlalchemy import select

from portal.features.playbooks.models import Playbook
from portal.features.playbooks.queries import list_contributors
from portal.shared.finding.finder import Finder
from portal.shared.finding.syntax import read
from portal.shared.items.models import ItemMove, Revision
from tests import builders
from tests.plugins.statements import count_statements

FORM = {"title": "First visit", "text": "Bring a jacket.", "stage": "", "tags": ""}


@pytest.fixture
def people(database):
    """Two managers, a publisher, a rep and an admin."""
    builders.add_vocabularies(database)
    return {
        "priya": builders.add_person(database, "Priya Shah", "manager"),
        "omar": builders.add_person(database, "Omar Haddad", "manager"),
        "marta": builders.add_person(database, "Marta Klein", "publisher"),
        "rep": builders.add_person(database),
        "ada": builders.add_person(database, "Ada Admin", "admin"),
    }


def address(playbook, rest=""):
    return f"/playbooks/{playbook.id}-{playbook.slug}{rest}"


def stored(database, playbook):
    with database.reading() as session:
        return session.get_one(Playbook, playbook.id)


def states(database, playbook):
    """The states of all its texts, oldest first."""
    with database.reading() as session:
        found = select(Revision.state).where(Revision.item_id == playbook.id).order_by(Revision.version)
        return list(session.scalars(found))


def test_a_new_draft_is_seen_by_its_writer_and_by_managers_alone(client, app, database, people):
    builders.sign_in(client, people["marta"])
    form = FORM | {"title": "Quokka", "tags": "quokkatag", "text": "Quokkawords stay here.", "as": "draft"}
    answer = builders.post(client, "/playbooks/new", form)
    assert "Kept as a draft" in client.get(answer.location).text
    builders.drain(app)
    for who, status in (("marta", 200), ("priya", 200), ("rep", 404), ("ada", 404)):
        builders.sign_in(client, people[who])
        assert client.get(answer.location).status_code == status, who
        assert client.get(f"{answer.location}/history").status_code == status, who
        assert client.get(f"{answer.location}/next").status_code == status, who
        assert "Quokka" not in client.get("/playbooks").text
        assert "quokkatag" not in client.get("/playbooks").text
    with database.reading() as session:
        finder = app.extensions["fieldhouse"][Finder]
        for who in ("priya", "rep"):
            found = finder.search(session, builders.actor_of(database, people[who]), read("quokkawords"))
            assert (found.rows, found.total) == ((), 0)
            assert not finder.search(session, builders.actor_of(database, people[who]), read("quokkatag")).rows


def test_what_is_drafted_stands_in_the_lists_of_those_who_work_on_it(client, database, people):
    playbook = builders.draft_playbook(database, people["marta"], "Own draft")
    builders.send_for_review(database, people["marta"], builders.draft_playbook(database, people["marta"], "Sent"))
    lists = {"marta": ["/playbooks/drafts"], "priya": ["/playbooks/drafts", "/playbooks/reviews"]}
    shown = {}
    for who, paths in lists.items():
        builders.sign_in(client, people[who])
        for path in paths:
            page = client.get(path).text
            shown[who, path] = [title for title in ("Own draft", "Sent") if f">{title}</a>" in page]
    assert shown == {
        ("marta", "/playbooks/drafts"): ["Own draft", "Sent"],
        ("priya", "/playbooks/drafts"): [],
        ("priya", "/playbooks/reviews"): ["Sent"],
    }
    builders.sign_in(client, people["rep"])
    assert "No draft" in client.get("/playbooks/drafts").text
    assert client.get("/playbooks/reviews").status_code == 403
    assert client.get("/playbooks/archive").status_code == 403
    assert stored(database, playbook).status == "draft"


def test_the_published_text_stays_while_the_next_is_written_and_reviewed(client, app, database, people):
    playbook = builders.write_playbook(database, people["priya"], "First visit", "Bring a wallaby.")
    builders.sign_in(client, people["priya"])
    saved = builders.post(client, address(playbook, "/edit"), FORM | {"version": "1", "as": "draft"})
    assert saved.location == address(playbook, "/next")
    builders.post(client, address(playbook, "/moves/send"), {"version": "2"})
    builders.drain(app)
    builders.sign_in(client, people["rep"])
    page = client.get(address(playbook)).text
    assert "Bring a wallaby." in page
    assert "jacket" not in page
    assert "next text" not in page
    assert "Version 2" not in client.get(address(playbook, "/history")).text
    assert client.get(address(playbook, "/history/2")).status_code == 404
    assert client.get(address(playbook, "/next")).status_code == 403
    finder = app.extensions["fieldhouse"][Finder]
    finder.index.refresh()
    with database.reading() as session:
        rep = builders.actor_of(database, people["rep"])
        assert finder.search(session, rep, read("wallaby")).total == 1
        assert finder.search(session, rep, read("jacket")).total == 0
    assert stored(database, playbook).source == "Bring a wallaby."


def test_a_reviewer_reads_what_differs_and_publishes_it(client, app, database, people):
    playbook = builders.write_playbook(database, people["marta"], "First visit", "Bring a meter.")
    builders.draft_edit(database, people["marta"], playbook, "Bring a jacket.", reason="Cold halls", tags=("cold",))
    builders.send_for_review(database, people["marta"], playbook)
    builders.sign_in(client, people["priya"])
    published = client.get(address(playbook)).text
    assert "is in review" in published
    assert "Approve and publish" not in published, "nobody approves what they have not read"
    page = client.get(address(playbook, "/next")).text
    assert "<del>meter</del><ins>jacket</ins>" in page
    assert "Why: Cold halls" in page
    answer = builders.post(client, address(playbook, "/moves/approve"), {"version": "2"})
    assert answer.location == address(playbook)
    approved = client.get(answer.location).text
    assert "Approved and published." in approved
    assert "Bring a jacket." in approved
    assert "/playbooks?tag=cold" in approved
    assert states(database, playbook) == ["published", "published"]
    history = client.get(address(playbook, "/history")).text
    assert "approved it" in history
    assert history.index("stands now") > history.index("Version 2")
    builders.drain(app)
    finder = app.extensions["fieldhouse"][Finder]
    finder.index.refresh()
    with database.reading() as session:
        assert finder.search(session, builders.actor_of(database, people["rep"]), read("jacket")).total == 1


def test_changes_are_asked_for_with_one_note_and_the_writer_goes_on(client, database, people):
    playbook = builders.draft_playbook(database, people["marta"])
    builders.send_for_review(database, people["marta"], playbook)
    builders.sign_in(client, people["priya"])
    empty = builders.post(client, address(playbook, "/next"), {"version": "1", "note": " "})
    assert empty.status_code == 422
    assert "say in a sentence what to change" in empty.text
    long = builders.post(client, address(playbook, "/next"), {"version": "1", "note": "word " * 120})
    assert long.status_code == 422
    assert "word word" in long.text
    builders.post(client, address(playbook, "/next"), {"version": "1", "note": "Name the price list."})
    assert stored(database, playbook).status == "draft"
    builders.sign_in(client, people["marta"])
    for path in ("/next", "/edit"):
        assert "Priya Shah" in client.get(address(playbook, path)).text
        assert "Name the price list." in client.get(address(playbook, path)).text
    assert "Name the price list." in client.get("/playbooks/drafts").text
    form = FORM | {"title": playbook.title, "text": "By the list of May.", "version": "1", "as": "in_review"}
    builders.post(client, address(playbook, "/edit"), form)
    assert (stored(database, playbook).status, states(database, playbook)) == ("in_review", ["draft", "in_review"])


def test_an_edit_takes_a_text_out_of_review_and_goes_on_with_it(client, database, people):
    playbook = builders.write_playbook(database, people["marta"], "First visit", "One.")
    builders.draft_edit(database, people["marta"], playbook, "Two.")
    builders.send_for_review(database, people["marta"], playbook)
    builders.sign_in(client, people["marta"])
    form = client.get(address(playbook, "/edit")).text
    assert "Two.</textarea>" in form
    assert 'name="version" value="2"' in form
    assert "One.</textarea>" in client.get(address(playbook, "/edit?from=published")).text
    builders.post(client, address(playbook, "/edit"), FORM | {"text": "Three.", "version": "2", "as": "draft"})
    builders.sign_in(client, people["priya"])
    assert "Nothing waits for a review" in client.get("/playbooks/reviews").text
    late = builders.post(client, address(playbook, "/moves/approve"), {"version": "2"}, follow_redirects=True)
    assert "Somebody was quicker: this is a draft and published now." in late.text
    assert stored(database, playbook).source == "One."


def test_a_dropped_text_is_kept_in_the_history_alone(client, database, people):
    playbook = builders.write_playbook(database, people["priya"], "First visit", "One.")
    builders.draft_edit(database, people["priya"], playbook, "Two.")
    builders.sign_in(client, people["priya"])
    builders.post(client, address(playbook, "/moves/drop"), {"version": "2"})
    assert "No draft" in client.get("/playbooks/drafts").text
    assert "dropped" in client.get(address(playbook, "/history")).text
    assert "One.</textarea>" in client.get(address(playbook, "/edit")).text
    builders.post(client, address(playbook, "/history/2/restore"), {"version": "2"})
    assert stored(database, playbook).source == "Two."


def test_a_publication_credits_everybody_who_wrote_since_the_last(client, database, people):
    playbook = builders.write_playbook(database, people["marta"], "First visit", "One.")
    builders.draft_edit(database, people["omar"], playbook, "Two.")
    builders.draft_edit(database, people["marta"], playbook, "Three.")
    builders.sign_in(client, people["priya"])
    builders.post(client, address(playbook, "/moves/publish"), {"version": "3"})
    with database.reading() as session:
        assert [one.name for one in list_contributors(session, playbook.id)] == ["Omar Haddad"]
        assert session.scalars(select(ItemMove.verb)).all() == ["publish"]


def test_a_small_change_moves_nothing_up_and_says_so(client, database, people):
    playbook = builders.write_playbook(database, people["priya"], "First visit", "Brin a meter.")
    before = stored(database, playbook)
    builders.sign_in(client, people["priya"])
    builders.post(client, address(playbook, "/edit"), FORM | {"text": "Bring a meter.", "version": "1", "minor": "yes"})
    after = stored(database, playbook)
    assert (after.source, after.version, after.updated_at) == ("Bring a meter.", 2, before.updated_at)
    assert "small change" in client.get(address(playbook, "/history")).text


def test_a_rep_who_owns_a_page_drafts_and_does_not_publish(client, database, people):
    playbook = builders.write_playbook(database, people["priya"], "First visit", "One.")
    with database.writing() as session:
        session.get_one(Playbook, playbook.id).owner_id = people["rep"].id
        session.commit()
    builders.sign_in(client, people["rep"])
    form = client.get(address(playbook, "/edit")).text
    assert "Send for review" in form
    assert ">Save</button>" not in form
    assert builders.post(client, address(playbook, "/edit"), FORM | {"version": "1"}).status_code == 403
    builders.post(client, address(playbook, "/edit"), FORM | {"version": "1", "as": "in_review"})
    assert states(database, playbook) == ["published", "in_review"]
    assert builders.post(client, address(playbook, "/moves/approve"), {"version": "2"}).status_code == 403
    assert stored(database, playbook).source == "One."


def test_an_overtaken_draft_shows_both_texts_and_stays_a_draft(client, database, people):
    playbook = builders.write_playbook(database, people["priya"], "First visit", "One.")
    builders.draft_edit(database, people["omar"], playbook, "Two.")
    builders.sign_in(client, people["priya"])
    answer = builders.post(client, address(playbook, "/edit"), FORM | {"version": "1", "as": "draft", "minor": "yes"})
    assert answer.status_code == 409
    for words in ("Two.", "Bring a jacket.", '<input type="hidden" name="as" value="draft">', 'name="minor"'):
        assert words in answer.text


@pytest.mark.parametrize("verb", ["approve", "publish", "send", "take_back", "drop", "archive", "bring_back", "bin"])
def test_a_stranger_to_a_page_moves_nothing(client, database, people, verb):
    playbook = builders.draft_playbook(database, people["marta"])
    builders.sign_in(client, people["rep"])
    assert builders.post(client, address(playbook, f"/moves/{verb}"), {"version": "1"}).status_code == 404
    published = builders.write_playbook(database, people["marta"])
    assert builders.post(client, address(published, f"/moves/{verb}"), {"version": "1"}).status_code in (302, 303, 403)
    assert (stored(database, playbook).status, stored(database, published).status) == ("draft", "published")


def test_an_unknown_move_is_not_found_and_moves_take_no_get(client, database, people):
    playbook = builders.write_playbook(database, people["priya"])
    builders.sign_in(client, people["priya"])
    assert builders.post(client, address(playbook, "/moves/explode"), {"version": "1"}).status_code == 404
    assert client.get(address(playbook, "/moves/archive")).status_code == 405


def test_pages_of_what_waits_cost_few_statements_at_any_size(client, database, app_database, people):
    playbook = builders.write_playbook(database, people["marta"], "First visit", "One.")
    for number in range(5):
        builders.draft_edit(database, people["marta"], playbook, f"Next {number}.")
    builders.send_for_review(database, people["marta"], playbook)
    for number in range(12):
        other = builders.draft_playbook(database, people["marta"], f"Draft {number}")
        builders.send_for_review(database, people["marta"], other)
    builders.sign_in(client, people["priya"])
    lists = ("/playbooks/drafts", "/playbooks/reviews", "/playbooks/archive", "/playbooks/bin")
    for path in (*lists, address(playbook), *(address(playbook, rest) for rest in ("/next", "/edit", "/history"))):
        with count_statements(app_database) as counted:
            assert client.get(path).status_code == 200
        assert len(counted) <= 8, (path, counted.statements)
        assert not counted.writes
