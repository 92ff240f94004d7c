"""Reviews: two at once, nobody there to review, one's own words, and one mail however long the worker slept."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import Database
from portal.core.errors import Conflict, Forbidden, Invalid, Problem
from portal.core.mail import OutgoingMail
from portal.features.playbooks import move_operations as moves
from portal.features.playbooks.forms import PlaybookInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.operations import edit_playbook, prepare_playbook, write_playbook
from portal.features.playbooks.telling_operations import tell_decided
from portal.shared.items.models import ItemMove, Revision
from portal.shared.people import operations as people_operations
from portal.shared.people.models import Person
from portal.wiring import LISTENERS
from tests import builders
from tests.plugins.applications import make_app

FORM = {"title": "First visit", "text": "Bring a jacket.", "stage": "", "tags": ""}


@pytest.fixture
def marta(database):
    """A publisher, who writes."""
    return builders.add_person(database, "Marta Klein", "publisher")


@pytest.fixture
def priya(database):
    """A manager, who reviews."""
    return builders.add_person(database, "Priya Shah", "manager")


@pytest.fixture
def sent(database, marta, priya):
    """A draft of Marta's in review."""
    return builders.send_for_review(database, marta, builders.draft_playbook(database, marta))


def address(playbook, rest=""):
    return f"/playbooks/{playbook.id}-{playbook.slug}{rest}"


def prepared(playbook):
    return prepare_playbook(PlaybookInput(title=playbook.title, text=playbook.source))


def run(database, act, *given, **named):
    with database.writing() as session:
        result = act(session, *given, **named)
        session.commit()
        return result


def approve(database, person, playbook, version=1, own=True):
    actor = builders.actor_of(database, person)
    return run(
        database, moves.publish_text, actor, playbook.id, version, prepared(playbook), verb="approve",
        may_approve_own=own,
    )  # fmt: skip


def ask_changes(database, person, playbook, note, version=1):
    actor = builders.actor_of(database, person)
    return run(database, moves.ask_changes, actor, playbook.id, version, note)


def mails(database):
    with database.reading() as session:
        return session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()


def test_of_ten_reviewers_at_once_one_decides_and_the_others_are_told(database_url, database, marta, sent):
    crowd = [builders.add_person(database, f"Manager {number}", "manager") for number in range(10)]
    own = Database(database_url, pool_size=12, listeners=LISTENERS)
    start, decided, told = threading.Barrier(len(crowd), timeout=20), [], []

    def decide(number):
        start.wait()
        try:
            if number % 2:
                own.repeat(lambda: approve(own, crowd[number], sent))
            else:
                own.repeat(lambda: ask_changes(own, crowd[number], sent, "Name the list."))
            decided.append(number)
        except Conflict as conflict:
            told.append(conflict.message)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(len(crowd))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    own.dispose()
    assert len(decided) == 1
    assert len(told) == 9
    assert all(message.startswith("Somebody was quicker: this is") for message in told)
    with database.reading() as session:
        decisions = session.scalars(select(ItemMove).where(ItemMove.verb.in_(("approve", "ask_changes")))).all()
        assert [one.actor_id for one in decisions] == [crowd[decided[0]].id]
        status = session.get_one(Playbook, sent.id).status
    assert status == ("published" if decided[0] % 2 else "draft")


def test_the_note_of_a_reviewer_who_was_too_late_is_not_lost(client, database, marta, priya, sent):
    approve(database, builders.add_person(database, "Omar Haddad", "manager"), sent)
    builders.draft_edit(database, marta, sent, "Newer words.")
    builders.sign_in(client, priya)
    answer = builders.post(client, address(sent, "/next"), {"version": "1", "note": "My long thought about it."})
    assert answer.status_code == 422
    assert "Somebody was quicker" in answer.text
    assert "My long thought about it." in answer.text


def test_a_text_that_changed_since_it_was_read_is_not_approved(database, marta, priya, sent):
    builders.send_for_review(database, marta, builders.draft_edit(database, marta, sent, "Other words."))
    with pytest.raises(Conflict, match="There is a newer text"):
        approve(database, priya, sent)
    with pytest.raises(Conflict, match="saved a change"):
        approve(database, priya, sent, version=2)
    with database.reading() as session:
        assert session.get_one(Playbook, sent.id).status == "in_review"


def test_where_the_setting_says_so_authors_neither_publish_nor_approve_their_own(database, priya):
    actor, words = builders.actor_of(database, priya), PlaybookInput(title="Own", text="Words.")
    with pytest.raises(Forbidden, match="Somebody else looks at these words first"):
        run(database, write_playbook, actor, prepare_playbook(words), may_approve_own=False)
    own = builders.draft_playbook(database, priya, "Own", "Words.")
    with pytest.raises(Forbidden):
        run(database, edit_playbook, actor, own.id, prepare_playbook(words), 1, may_approve_own=False)
    builders.add_person(database, "Omar Haddad", "manager")
    run(database, moves.send_for_review, actor, own.id, 1, may_approve_own=False)
    with pytest.raises(Forbidden, match="This is for managers; the writer only where the setting says so"):
        approve(database, priya, own, own=False)
    assert approve(database, priya, own).status == "published"


def test_with_own_review_off_the_form_and_its_doors_ask_for_a_second_look(settings, database, priya):
    app = make_app(replace(settings, own_review=False))
    client = app.test_client()
    builders.sign_in(client, priya)
    form = client.get("/playbooks/new").text
    assert "Publish</button>" not in form
    assert "Send for review" in form
    assert builders.post(client, "/playbooks/new", FORM).status_code == 403
    alone = builders.post(client, "/playbooks/new", FORM | {"as": "in_review"})
    assert alone.status_code == 422
    assert "among its readers is no manager but its writer" in alone.text
    assert "Bring a jacket." in alone.text
    omar = builders.add_person(database, "Omar Haddad", "manager")
    location = builders.post(client, "/playbooks/new", FORM | {"as": "in_review"}).location
    assert "Approve" not in client.get(f"{location}/next").text
    assert builders.post(client, f"{location}/moves/approve", {"version": "1"}).status_code == 403
    builders.sign_in(client, omar)
    assert builders.post(client, f"{location}/moves/approve", {"version": "1"}).status_code == 303
    assert client.get(location).status_code == 200
    app.extensions["fieldhouse"][Database].dispose()


@pytest.mark.parametrize("state", ["disabled", "elsewhere"])
def test_a_text_that_nobody_could_review_is_not_sent(database, marta, state):
    department = builders.add_department(database, "Finance")
    manager = builders.add_person(database, "Mara Manager", "manager", department=department)
    with database.writing() as session:
        session.get_one(Person, marta.id).department_id = department.id
        if state == "disabled":
            people_operations.disable_person(session, None, session.get_one(Person, manager.id))
        else:
            session.get_one(Person, manager.id).department_id = None
        session.commit()
    draft = builders.draft_playbook(database, marta, audience=(f"dep:{department.id}",))
    with pytest.raises(Invalid, match="Nobody may review this"):
        builders.send_for_review(database, marta, draft)
    with database.reading() as session:
        assert session.get_one(Playbook, draft.id).status == "draft"


def test_a_manager_of_the_audience_is_enough_to_send_it(database, marta, priya):
    department = builders.add_department(database, "Finance")
    team = builders.add_team(database, "Desk", department)
    with database.writing() as session:
        session.get_one(Person, marta.id).department_id = department.id
        session.commit()
    for mark, place in ((f"dep:{department.id}", {"department": department}), (f"team:{team.id}", {"team": team})):
        builders.add_person(database, f"Mara {mark[:3]}", "manager", **place)
        draft = builders.draft_playbook(database, marta, mark, audience=(mark, f"person:{marta.id}"))
        assert builders.send_for_review(database, marta, draft).status == "in_review"


def test_a_reviewer_who_was_disabled_meanwhile_decides_nothing(client, database, priya, sent):
    builders.sign_in(client, priya)
    assert client.get(address(sent, "/next")).status_code == 200
    with database.writing() as session:
        people_operations.disable_person(session, None, session.get_one(Person, priya.id))
        session.commit()
    assert builders.post(client, address(sent, "/moves/approve"), {"version": "1"}).status_code in (302, 303, 401)
    with database.reading() as session:
        assert session.get_one(Playbook, sent.id).status == "in_review"


def test_the_writer_hears_of_a_decision_by_one_mail(app, database, marta, priya, sent):
    ask_changes(database, priya, sent, "Name the price list.")
    builders.drain(app)
    builders.drain(app)
    (mail,) = mails(database)
    assert (mail.recipient, mail.subject) == (marta.email, "Please look again at “Second visit”")
    builders.send_for_review(database, marta, sent)
    approve(database, priya, sent)
    builders.drain(app)
    assert [one.subject for one in mails(database)][1:] == ["Published: “Second visit”"]


def test_after_a_day_without_a_worker_the_writer_hears_once_what_was_decided_last(app, database, marta, priya, sent):
    for note in ("First.", "Second."):
        ask_changes(database, priya, sent, note)
        builders.send_for_review(database, marta, sent)
    approve(database, priya, sent)
    run(database, tell_decided, [str(sent.id)], "http://localhost")
    run(database, tell_decided, [str(sent.id)], "http://localhost")
    builders.drain(app)
    assert [one.subject for one in mails(database)] == ["Published: “Second visit”"]
    with database.reading() as session:
        assert session.get_one(Playbook, sent.id).status == "published"


def test_who_decides_on_own_words_or_has_left_gets_no_mail(app, database, marta, priya, sent):
    own = builders.send_for_review(database, priya, builders.draft_playbook(database, priya, "Own"))
    approve(database, priya, own)
    with database.writing() as session:
        people_operations.disable_person(session, None, session.get_one(Person, marta.id))
        session.commit()
    approve(database, priya, sent)
    builders.drain(app)
    assert mails(database) == []


def test_a_decision_of_long_ago_is_told_to_nobody(database, priya, sent):
    ask_changes(database, priya, sent, "Name the price list.")
    with clock.at(clock.now() + timedelta(days=15)):
        run(database, tell_decided, [str(sent.id)], "http://localhost")
    assert mails(database) == []


def test_a_letter_says_who_asks_for_what_and_where_to_go_on(database, priya, sent):
    ask_changes(database, priya, sent, "Name the price list.")
    run(database, tell_decided, [str(sent.id)], "http://localhost")
    (mail,) = mails(database)
    for words in ("Priya Shah", "Name the price list.", f"http://localhost{address(sent)}/edit"):
        assert words in mail.body


def test_an_unknown_verb_and_a_page_that_is_gone_are_refused(database, priya, sent):
    actor = builders.actor_of(database, priya)
    with pytest.raises(Problem):
        run(database, moves.publish_text, actor, sent.id, 1, prepared(sent), verb="bin")
    with pytest.raises(Problem):
        run(database, moves.take_back, actor, 999, 1)


def test_a_review_keeps_its_moment_and_its_text(database, priya, sent):
    moment = clock.now().replace(microsecond=0)
    with clock.at(moment):
        approve(database, priya, sent)
    with database.reading() as session:
        move = session.scalars(select(ItemMove).where(ItemMove.verb == "approve")).one()
        revision = session.get_one(Revision, move.revision_id)
        assert (move.at, revision.version, revision.state) == (moment, 1, "published")
