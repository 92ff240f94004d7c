"""An admin takes a passage out of every text of a playbook; the audit log keeps who and why, never what it said."""

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEntry
from portal.core.errors import Forbidden
from portal.features.playbooks.forms import RedactionInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.queries import list_sections
from portal.features.playbooks.redaction_operations import redact_playbook
from portal.shared.finding.finder import Finder
from portal.shared.finding.syntax import read
from portal.shared.items.models import Revision
from portal.shared.items.redaction_operations import without
from tests import builders

SECRET = "floor price 4711"


@pytest.fixture
def people(database):
    """A manager, an admin and a rep."""
    return {
        "priya": builders.add_person(database, "Priya Shah", "manager"),
        "ada": builders.add_person(database, "Ada Admin", "admin"),
        "rep": builders.add_person(database),
    }


@pytest.fixture
def playbook(database, people):
    """A page whose title, heading, words, tags, reason and next text hold the secret."""
    text = f"Lead with the {SECRET}.\n\n## About the {SECRET}\n\nIt is {SECRET}, twice {SECRET}."
    made = builders.write_playbook(database, people["priya"], "Terms", "Nothing yet.")
    given = {"title": f"Terms and {SECRET}", "tags": (SECRET, "terms"), "reason": f"Add {SECRET}"}
    builders.edit_playbook(database, people["priya"], made, text, **given)
    builders.draft_edit(database, people["priya"], made, f"Next: {SECRET}.", title="Terms")
    return builders.send_for_review(database, people["priya"], made)


def address(playbook, rest=""):
    return f"/playbooks/{playbook.id}{rest}"


def redact(database, person, playbook):
    with database.writing() as session:
        redact_playbook(session, builders.actor_of(database, person), playbook.id, RedactionInput(SECRET, "x"))
        session.commit()


def everything(database):
    """All that the database holds of texts, in one string."""
    with database.reading() as session:
        page = session.scalars(select(Playbook)).one()
        revisions = [(one.content, one.reason) for one in session.scalars(select(Revision))]
        sections = [(one.title, one.text, one.anchor) for one in list_sections(session, [page.id])[page.id]]
        audit = [(one.subject, one.detail) for one in session.scalars(select(AuditEntry))]
    return repr((page.title, page.slug, page.summary, page.source, page.html, revisions, sections, audit))


def test_a_passage_is_looked_for_first_and_then_taken_out_of_everything(client, app, database, people, playbook):
    builders.sign_in(client, people["ada"])
    base = client.get(address(playbook)).location
    assert "Take a passage out" in client.get(f"{base}/history").text
    looked = builders.post(client, f"{base}/redaction", {"passage": SECRET, "reason": "Not for paper"})
    assert "2 of 3 versions hold it." in looked.text
    assert SECRET in everything(database)
    typed = {"passage": SECRET, "reason": "Not for paper", "sure": "yes"}
    answer = builders.post(client, f"{base}/redaction", typed)
    assert answer.location == f"/playbooks/{playbook.id}-terms-and/history"
    assert SECRET not in everything(database)
    assert "4711" not in everything(database)
    page = client.get(f"/playbooks/{playbook.id}-terms-and").text
    assert "Lead with the […]." in page
    assert 'tag=terms"' in page
    history = client.get(answer.location).text
    assert "took a passage out of all versions" in history
    assert "Not for paper" in history
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "passage taken out")).one()
        assert (entry.actor_id, entry.detail) == (people["ada"].id, {"versions": "2", "reason": "Not for paper"})
    builders.drain(app)
    finder = app.extensions["fieldhouse"][Finder]
    finder.index.refresh()
    with database.reading() as session:
        assert finder.search(session, builders.actor_of(database, people["rep"]), read("4711")).total == 0


def test_what_waits_for_a_review_goes_on_waiting_without_the_passage(client, database, people, playbook):
    redact(database, people["ada"], playbook)
    with database.reading() as session:
        newest = session.scalars(select(Revision).order_by(Revision.version.desc())).first()
    assert (newest.version, newest.state, newest.author_id) == (4, "in_review", people["priya"].id)
    assert newest.content["text"] == "Next: […]."
    builders.sign_in(client, people["priya"])
    late = builders.post(client, address(playbook, "/moves/approve"), {"version": "3"}, follow_redirects=True)
    assert "There is a newer text than the one that you looked at." in late.text
    assert builders.post(client, address(playbook, "/moves/approve"), {"version": "4"}).status_code == 303
    with database.reading() as session:
        assert session.get_one(Playbook, playbook.id).source == "Next: […]."


def test_who_writes_just_then_is_shown_that_the_text_changed(client, database, people):
    made = builders.write_playbook(database, people["priya"], "Terms", f"The {SECRET}.")
    redact(database, people["ada"], made)
    builders.sign_in(client, people["priya"])
    form = {"title": "Terms", "text": f"The {SECRET}, again.", "stage": "", "tags": "", "version": "1"}
    assert builders.post(client, f"/playbooks/{made.id}-terms/edit", form).status_code == 409
    assert "A passage was taken out" in client.get(f"/playbooks/{made.id}-terms/history").text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"passage": "", "reason": "x"}, "Passage: please write something here."),
        ({"passage": "abcd", "reason": "x"}, "at least 5 characters"),
        ({"passage": SECRET, "reason": ""}, "Why: please write something here."),
        ({"passage": "not in it", "reason": "x", "sure": "yes"}, "no version of this playbook holds it"),
    ],
)
def test_a_redaction_that_cannot_be_made_says_why_and_keeps_what_was_typed(
    client, database, people, playbook, typed, message
):
    builders.sign_in(client, people["ada"])
    answer = builders.post(client, address(playbook, "/redaction"), typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert typed["passage"] in answer.text
    looked = builders.post(client, address(playbook, "/redaction"), {"passage": "not in it", "reason": "x"})
    assert "0 of 3 versions hold it." in looked.text


def test_only_admins_take_passages_out(client, database, people, playbook):
    for who in ("priya", "rep"):
        builders.sign_in(client, people[who])
        assert client.get(address(playbook, "/redaction")).status_code == 403
        typed = {"passage": SECRET, "reason": "x", "sure": "yes"}
        assert builders.post(client, address(playbook, "/redaction"), typed).status_code == 403
        assert "/redaction" not in client.get(client.get(address(playbook)).location + "/history").text
        with pytest.raises(Forbidden):
            redact(database, people[who], playbook)
    assert SECRET in everything(database)


def test_a_passage_is_taken_out_of_texts_lists_and_records():
    held = {"say": "a secret b", "tags": ["secret", "open"], "proof": [{"claim": "secret!", "source": 3}]}
    assert without(held, "secret") == {"say": "a […] b", "tags": ["open"], "proof": [{"claim": "[…]!", "source": 3}]}
