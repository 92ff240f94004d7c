"""The queue: whose it is, in which order, what stands on a card, and the acts that take a card off it."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from portal.core import clock
from portal.core.db import Database
from portal.features.objections.models import Answer
from portal.shared.finding.search_operations import Opened, record_searches
from portal.shared.items.models import Item, ItemAudience
from portal.shared.people.models import Person
from tests import builders
from tests.builders import post
from tests.features.review.conftest import Overdue, Report, item_of, open_page, seen, verify
from tests.plugins.statements import count_statements

TITLE = re.compile(r'<h2 id="card"[^>]*><a href="([^"]*)">(.*?)</a></h2>')
NEXT = re.compile(r'href="(/(?:review|monday)\?at=[^"]*)" data-step data-key="j"')


def title(client: FlaskClient, url: str = "/review") -> str:
    found = TITLE.search(client.get(url).text)
    return found[2] if found else ""


def titles(client: FlaskClient, url: str = "/review") -> list[str]:
    """The titles of the cards, by `j` from the first to the end."""
    found = []
    while card := TITLE.search(page := client.get(url).text):
        found.append(card[2])
        url = NEXT.findall(page)[0]
    return found


def act(client: FlaskClient, database: Database, by: Person, item: Item, verb: str, **data: str) -> TestResponse:
    """Press a button of the item's card."""
    return post(
        client, f"/review/items/{item.id}/{verb}", {"seen": seen(database, by, item), "here": f"item-{item.id}", **data}
    )


def test_a_stranger_signs_in_and_a_rep_with_nothing_reads_that_nothing_waits(
    client: FlaskClient, app_database: Database
) -> None:
    assert client.get("/review").headers["Location"].startswith("/login")
    assert client.get("/monday").headers["Location"].startswith("/login")
    builders.sign_in(client, builders.add_person(app_database))
    assert "Nothing waits" in client.get("/review").text
    assert client.get("/monday").status_code == 403
    assert post(client, "/review/gaps/1/decline", {"reason": "No."}).status_code == 403


def test_what_most_people_rely_on_comes_first_and_wrong_before_all(
    client: FlaskClient, app_database: Database, overdue: Overdue, rep: Person, report: Report, manager: Person
) -> None:
    overdue("Quiet", 8)
    used = overdue("Used", 3)
    sensitive = builders.write_playbook(app_database, manager, "Sensitive")
    report(sensitive, "sensitive")
    fresh = builders.write_playbook(app_database, manager, "Fresh")
    verify(app_database, manager, fresh, days=-1)
    people = [builders.add_person(app_database, f"Peer {number}") for number in range(3)]
    open_page(app_database, used, *people)
    open_page(app_database, used, rep, days=31)
    assert titles(client) == ["Sensitive", "Used", "Quiet"]
    page = client.get(f"/review?at=item-{used.id}").text
    assert "risk 4 = (1 + 3 opened) × 1" in page
    assert "Peer" not in page, "who reads is nobody's business"
    assert "<b>2</b> due" in page
    assert "<b>1</b> flagged" in page


def test_words_copied_from_a_search_are_a_use_too(
    client: FlaskClient, app_database: Database, stale_answer: Answer, rep: Person, manager: Person
) -> None:
    for person in (rep, manager):
        with app_database.writing() as session:
            record_searches(session, [Opened(person.id, "dear", clock.now(), f"objection:{stale_answer.asked_id}")])
            session.commit()
    assert "risk 12 = (1 + 2 opened) × (1 + 3 weeks)" in client.get("/review").text


def test_an_answer_shows_its_line_its_rivals_and_what_changed_since(
    client: FlaskClient, app_database: Database, stale_answer: Answer, rep: Person
) -> None:
    page = client.get("/review").text
    assert '<p class="say">Count the stops.</p>' in page
    assert "Too expensive" in page
    assert "Name the price and stop." in page
    assert "Since it was verified" not in page
    answers = f"/objections/{stale_answer.asked_id}/answers/{stale_answer.id}"
    edited = post(client, f"{answers}/edit", {"say": "Count the nights.", "version": "1"})
    assert edited.status_code == 303
    page = client.get("/review").text
    assert "Since it was verified on" in page
    assert "<del>stops</del><ins>nights</ins>" in page


def test_a_page_shows_the_text_that_waits(
    client: FlaskClient, app_database: Database, overdue: Overdue, manager: Person
) -> None:
    page = overdue()
    builders.draft_edit(app_database, manager, page, "Next words.")
    builders.send_for_review(app_database, manager, page)
    card = client.get("/review").text
    assert "is in review" in card
    assert f"/playbooks/{page.id}-rebates/next" in card


def test_one_press_verifies_and_the_next_card_comes(
    client: FlaskClient, app_database: Database, overdue: Overdue, manager: Person
) -> None:
    first, second = overdue("First", 30), overdue("Second", 10)
    page = client.get("/review").text
    form = re.search(r'<form method="post" action="(/review/items/\d+/verify)">(.*?)</form>', page, re.DOTALL)
    assert form
    data = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    answer = client.post(form[1], data=data, headers={"HX-Request": "true"}, follow_redirects=True)
    assert "<html" not in answer.text
    assert "Verified: First" in answer.text
    assert TITLE.search(answer.text)[2] == "Second"
    assert item_of(app_database, first).verify_by > clock.today()
    act(client, app_database, manager, second, "verify", next="end")
    assert "Done, 1 minute" in client.get("/review?at=end").text


def test_verified_twice_tells_the_second_and_changes_nothing(
    client: FlaskClient, app_database: Database, overdue: Overdue, manager: Person
) -> None:
    page = overdue()
    before = seen(app_database, manager, page)
    other = builders.add_person(app_database, "Mara Klein", "manager")
    second = client.application.test_client()
    builders.sign_in(second, other)
    url, data = f"/review/items/{page.id}/verify", {"seen": before, "here": f"item-{page.id}"}
    assert post(second, url, data).status_code == 303
    told = post(client, url, data)
    assert told.status_code == 409
    assert "Mara Klein was quicker and verified it. Nothing was changed." in told.text
    again = post(second, url, data)
    assert "You have already verified it" in again.text
    assert item_of(app_database, page).verified_by_id == other.id


def test_new_words_since_the_card_was_read_are_not_vouched_for(
    client: FlaskClient, app_database: Database, overdue: Overdue, manager: Person
) -> None:
    page = overdue()
    before = seen(app_database, manager, page)
    builders.edit_playbook(app_database, manager, page, "Other words.")
    told = post(client, f"/review/items/{page.id}/verify", {"seen": before})
    assert told.status_code == 409
    assert "It has changed since you looked at it" in told.text
    assert item_of(app_database, page).verify_by < clock.today()


def test_undo_gives_the_card_back_for_ten_minutes(
    client: FlaskClient, app_database: Database, overdue: Overdue, manager: Person
) -> None:
    page = overdue()
    due = item_of(app_database, page).verify_by
    act(client, app_database, manager, page, "verify")
    number = re.findall(r'name="act" value="(\d+)"', client.get("/review").text)[0]
    answer = post(client, "/review/undo", {"act": number})
    assert answer.headers["Location"] == f"/review?at=item-{page.id}"
    assert (item_of(app_database, page).verify_by, title(client)) == (due, "Rebates")
    assert "taken back already" in post(client, "/review/undo", {"act": number}).text
    act(client, app_database, manager, page, "verify")
    number = re.findall(r'name="act" value="(\d+)"', client.get("/review").text)[0]
    stranger = client.application.test_client()
    builders.sign_in(stranger, builders.add_person(app_database, "Mara Klein", "manager"))
    assert post(stranger, "/review/undo", {"act": number}).status_code == 404
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert "for more than 10 minutes" in post(client, "/review/undo", {"act": number}).text
        assert "Undo" not in client.get("/review").text


def test_undo_leaves_alone_what_somebody_did_since(
    client: FlaskClient, app_database: Database, overdue: Overdue, manager: Person
) -> None:
    page = overdue()
    act(client, app_database, manager, page, "verify")
    number = re.findall(r'name="act" value="(\d+)"', client.get("/review").text)[0]
    verify(app_database, builders.add_person(app_database, "Mara Klein", "manager"), page, days=-60)
    assert "Somebody has acted on it since" in post(client, "/review/undo", {"act": number}).text


def test_the_owner_and_the_verifier_have_their_own_and_nobody_elses(
    client: FlaskClient, app_database: Database, stale_answer: Answer, overdue: Overdue, rep: Person
) -> None:
    page, verifier = overdue("Rebates"), builders.add_person(app_database, "Vera Verifier")
    with app_database.writing() as session:
        session.execute(update(Item).where(Item.id == stale_answer.id).values(verifier_id=verifier.id))
        session.commit()
    builders.sign_in(client, rep)
    assert titles(client) == ["Too expensive"], "the author of an answer owns it"
    assert post(client, f"/review/items/{page.id}/verify", {"seen": "x"}).status_code == 403
    assert act(client, app_database, rep, stale_answer, "verify").status_code == 403, "not one's own word"
    with app_database.writing() as session:
        session.execute(update(Item).where(Item.id == page.id).values(verifier_id=rep.id))
        session.commit()
    assert titles(client) == ["Too expensive", "Rebates"]
    assert act(client, app_database, rep, page, "verify").status_code == 303
    assert item_of(app_database, page).verified_by_id == rep.id


@pytest.mark.parametrize("hides", ["item", "what it answers"])
def test_what_is_out_of_view_is_in_no_queue(
    client: FlaskClient, app_database: Database, stale_answer: Answer, hides: str, manager: Person
) -> None:
    before = seen(app_database, manager, stale_answer)
    number = stale_answer.id if hides == "item" else stale_answer.asked_id
    with app_database.writing() as session:
        session.execute(update(ItemAudience).where(ItemAudience.item_id == number).values(audience="team:99"))
        session.commit()
    assert "Nothing waits" in client.get("/review").text
    if hides == "item":
        assert post(client, f"/review/items/{number}/verify", {"seen": before}).status_code == 404


def test_delegated_to_a_colleague_it_is_theirs_and_out_of_the_own_queue(
    client: FlaskClient, app_database: Database, overdue: Overdue, manager: Person, rep: Person, report: Report
) -> None:
    page = overdue()
    for typed, message in (("", "please write something here"), ("Zoe", "nobody here is called “Zoe”"),
                           ("Berg", "that may be Anna Berg, Jonas Berg")):  # fmt: skip
        if typed == "Berg":
            builders.add_person(app_database, "Anna Berg")
        refused = act(client, app_database, manager, page, "delegate", person=typed)
        assert (refused.status_code, message in refused.text) == (422, True), typed
    assert act(client, app_database, manager, page, "delegate", person="jonas berg").status_code == 303
    assert item_of(app_database, page).verifier_id == rep.id
    assert "Delegated: Rebates" in client.get("/review").text
    assert titles(client) == []
    other = client.application.test_client()
    builders.sign_in(other, rep)
    assert titles(other) == ["Rebates"]
    report(page)
    assert titles(client) == ["Rebates"], "what is reported comes back"


def test_who_may_not_read_it_is_not_made_its_verifier(
    client: FlaskClient, app_database: Database, overdue: Overdue, manager: Person, rep: Person
) -> None:
    page = overdue(audience=(f"person:{manager.id}",))
    refused = act(client, app_database, manager, page, "delegate", person="Jonas Berg")
    assert (refused.status_code, "Jonas Berg may not read this" in refused.text) == (422, True)


def test_a_shared_screen_shows_no_queue_even_after_an_act(
    client: FlaskClient, app_database: Database, overdue: Overdue, manager: Person
) -> None:
    page = overdue()
    post(client, "/screen", {"shared": "yes"})
    assert "Rebates" not in client.get("/review").text
    refused = post(client, f"/review/items/{page.id}/verify", {"seen": "old"})
    assert (refused.status_code, refused.headers["Location"]) == (303, "/review")


@pytest.mark.parametrize("flagged", [False, True])
def test_the_page_takes_eight_statements_whatever_waits(
    client: FlaskClient, app_database: Database, overdue: Overdue, stale_answer: Answer, report: Report, rep: Person,
    flagged: bool,
) -> None:  # fmt: skip
    used = []
    for number in range(2):
        for page in range(number * 8 + 1):
            one = overdue(f"Page {number} {page}")
            open_page(app_database, one, rep)
            if flagged:
                report(one, "duplicate", other=stale_answer.id)
        if flagged and not number:
            report(stale_answer, "duplicate", other=stale_answer.asked_id)
        for at in ("", f"?at=item-{stale_answer.id}", "?at=end"):
            client.get("/review" + at)
            with count_statements(app_database) as counted:
                assert client.get("/review" + at).status_code == 200
            used.append(len(counted))
    assert used[:3] == used[3:]
    assert max(used) <= 8, used
