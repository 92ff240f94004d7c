"""What becomes of a card: obsolete, and the answers to what was reported, by the table of decisions."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.features.objections.models import Answer, Asked
from portal.features.playbooks.models import Playbook
from portal.shared.flags.models import Flag
from portal.shared.items.models import Item
from portal.shared.items.operations import hide_item
from portal.shared.people.models import Person
from tests import builders
from tests.builders import post
from tests.features.review.conftest import Overdue, Report, item_of, verify
from tests.features.review.test_queue import act, titles


def test_obsolete_needs_a_successor_or_a_reason_and_never_a_circle(
    client: FlaskClient, app_database: Database, overdue: Overdue, manager: Person
) -> None:
    page = overdue("Old", 20)
    new = builders.write_playbook(app_database, manager, "New")
    refused = act(client, app_database, manager, page, "obsolete", successor="", answer="")
    assert (refused.status_code, "say below why it is obsolete" in refused.text) == (422, True)
    assert act(client, app_database, manager, page, "obsolete", successor=f"/playbooks/{new.id}-new").status_code == 303
    with app_database.reading() as session:
        old = session.get_one(Playbook, page.id)
        assert (old.status, old.successor_id) == ("obsolete", new.id)
    verify(app_database, manager, new, days=20)
    circle = act(client, app_database, manager, new, "obsolete", successor=str(page.id))
    assert (circle.status_code, "circle" in circle.text) == (422, True)
    number = re.findall(r'name="act" value="(\d+)"', client.get("/review").text)[0]
    assert post(client, "/review/undo", {"act": number}).status_code == 303
    assert item_of(app_database, page).status == "published"


def hide_item_of(database: Database, person: Person, item: Item) -> None:
    with database.writing() as session:
        hide_item(session, builders.actor_of(database, person), item.id)
        session.commit()


def test_an_obsolete_answer_stands_last_and_says_why(
    client: FlaskClient, app_database: Database, stale_answer: Answer, manager: Person
) -> None:
    with app_database.reading() as session:
        rival = session.scalars(select(Answer).where(Answer.id != stale_answer.id)).one()
    wrong = act(client, app_database, manager, stale_answer, "obsolete", successor=str(stale_answer.id))
    assert "an answer cannot replace itself" in wrong.text
    done = act(client, app_database, manager, stale_answer, "obsolete", successor=str(rival.id), answer="Old price.")
    assert done.status_code == 303
    with app_database.reading() as session:
        asked = session.get_one(Asked, stale_answer.asked_id)
        assert (asked.best_answer_id, asked.answer_count) == (rival.id, 1)
    page = client.get(f"/objections/{asked.id}-{asked.slug}").text
    assert page.index("Name the price") < page.index("Count the stops.")
    assert "Replaced by “Name the price and stop.” Old price." in page
    circle = act(client, app_database, manager, rival, "obsolete", successor=str(stale_answer.id), answer="x")
    assert "obsolete itself" in circle.text
    hide_item_of(app_database, manager, rival)
    page = client.get(f"/objections/{asked.id}-{asked.slug}").text
    assert "Replaced by an answer that you cannot see. Old price." in page
    assert "Name the price" not in page


def test_flags_are_answered_together_and_the_names_stay_with_managers(
    client: FlaskClient, app_database: Database, stale_answer: Answer, report: Report, rep: Person, manager: Person
) -> None:
    dana = builders.add_person(app_database)
    report(stale_answer, "wrong", "It is 14 %.", by=dana)
    report(
        stale_answer, "duplicate", "", by=builders.add_person(app_database, "Omar Haddad"), other=stale_answer.asked_id
    )
    page = client.get("/review").text
    assert all(words in page for words in ("It is 14 %.", "Dana Ruiz", "Omar Haddad", "(1 + 3 weeks + 2 flags)"))
    author = client.application.test_client()
    builders.sign_in(author, rep)
    page = author.get("/review").text
    assert "It is 14 %." in page
    assert "Dana" not in page
    assert "Omar" not in page
    refused = act(client, app_database, manager, stale_answer, "verify")
    assert (refused.status_code, "those who reported it read it" in refused.text) == (422, True)
    assert act(client, app_database, manager, stale_answer, "verify", answer="It is 12 %.").status_code == 303
    with app_database.reading() as session:
        flags = session.scalars(select(Flag)).all()
    assert {(flag.decision, flag.answer, flag.decided_by_id) for flag in flags} == {("kept", "It is 12 %.", manager.id)}
    assert item_of(app_database, stale_answer).verify_by > clock.today()
    assert titles(client) == []


def test_some_of_the_flags_are_answered_and_the_others_stay(
    client: FlaskClient, app_database: Database, overdue: Overdue, report: Report, manager: Person
) -> None:
    page = overdue()
    report(page, "wrong")
    report(page, "sensitive")
    with app_database.reading() as session:
        first = session.scalars(select(Flag.id).order_by(Flag.id)).first()
    none = act(client, app_database, manager, page, "decide", decision="fixed", some="yes")
    assert none.status_code == 422
    act(client, app_database, manager, page, "decide", decision="fixed", some="yes", flag=str(first))
    with app_database.reading() as session:
        assert [flag.decision for flag in session.scalars(select(Flag).order_by(Flag.id))] == ["fixed", None]
    act(client, app_database, manager, page, "obsolete", answer="It holds no more.")
    with app_database.reading() as session:
        assert [flag.decision for flag in session.scalars(select(Flag).order_by(Flag.id))] == ["fixed", None], (
            "an obsolete page can still be read, so that it is sensitive is not answered"
        )


@pytest.mark.parametrize(("decision", "answer"), [("hidden", ""), ("removed", "Names a customer.")])
def test_taken_from_view_and_back_within_ten_minutes(
    client: FlaskClient, app_database: Database, overdue: Overdue, report: Report, decision: str, answer: str,
    manager: Person,
) -> None:  # fmt: skip
    page = overdue()
    report(page, "sensitive")
    if answer:
        assert act(client, app_database, manager, page, "decide", decision=decision).status_code == 422
    assert act(client, app_database, manager, page, "decide", decision=decision, answer=answer).status_code == 303
    assert client.get(f"/playbooks/{page.id}-rebates").status_code == 404
    with app_database.reading() as session:
        acts = [entry.act for entry in session.scalars(select(AuditEntry))]
    assert f"{decision} after a report" in acts
    number = re.findall(r'name="act" value="(\d+)"', client.get("/review").text)[0]
    assert post(client, "/review/undo", {"act": number}).status_code == 303
    assert client.get(f"/playbooks/{page.id}-rebates").status_code == 200
    with app_database.reading() as session:
        assert session.scalars(select(Flag)).one().decided_at is None
    assert titles(client) == ["Rebates"]


def test_who_owns_it_may_keep_and_fix_and_not_hide(
    client: FlaskClient, app_database: Database, stale_answer: Answer, report: Report, rep: Person, manager: Person
) -> None:
    with app_database.writing() as session:
        session.execute(update(Item).where(Item.id == stale_answer.id).values(verifier_id=manager.id))
        session.commit()
    report(stale_answer, by=manager)
    builders.sign_in(client, rep)
    assert act(client, app_database, rep, stale_answer, "decide", decision="hidden").status_code == 403
    assert act(client, app_database, rep, stale_answer, "decide", decision="nonsense").status_code == 404
    assert act(client, app_database, rep, stale_answer, "decide", decision="fixed").status_code == 303
    assert item_of(app_database, stale_answer).verify_by < clock.today(), (
        "the owner's word is none while a verifier is there"
    )
