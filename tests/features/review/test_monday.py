"""Monday: one queue of everything that waits, in the order of its risk, to its end."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock
from portal.core.db import Database
from portal.core.mail import OutgoingMail
from portal.features.review.telling_operations import tell_receivers
from portal.shared.finding.gap_operations import link_asked
from portal.shared.finding.models import SearchTotal
from portal.shared.finding.search_operations import Searched, record_searches
from portal.shared.people.models import Person
from tests import builders
from tests.builders import post
from tests.features.review.conftest import Overdue, Report
from tests.features.review.test_queue import act, titles
from tests.plugins.statements import count_statements

UNDO = 'name="act" value="'


def search(database: Database, words: str, *people: Person, weeks: int = 0) -> None:
    at = clock.now() - timedelta(weeks=weeks)
    with database.writing() as session:
        record_searches(session, [Searched(one.id, words, at, 0, "page") for one in people])
        session.commit()


def gap_id(database: Database, words: str) -> int:
    with database.reading() as session:
        return session.scalars(select(SearchTotal.id).where(SearchTotal.words == words)).one()


@pytest.fixture
def peers(app_database: Database) -> list[Person]:
    return [builders.add_person(app_database, f"Peer {name}") for name in ("One", "Two", "Three")]


def test_everything_that_waits_is_one_queue_by_risk(
    client: FlaskClient, app_database: Database, overdue: Overdue, report: Report, peers: list[Person], rep: Person,
    manager: Person,
) -> None:  # fmt: skip
    assert "Nothing waits" in client.get("/monday").text
    overdue("Rebates", 22)
    search(app_database, "zone zero papers", *peers, weeks=1)
    with clock.at(clock.now() - timedelta(weeks=2)):
        builders.ask_objection(app_database, rep, "Who signs?", "question")
    report(builders.write_playbook(app_database, manager, "Leaks"), "sensitive")
    assert titles(client, "/monday") == ["Leaks", "zone zero papers", "Who signs?", "Rebates"]
    page = client.get("/monday").text
    for words in ("<b>1</b> due", "<b>1</b> flagged", "<b>1</b> unanswered", "<b>1</b> searched in vain"):
        assert words in page
    page = client.get(f"/monday?at=gap-{gap_id(app_database, 'zone zero papers')}").text
    assert "risk 8 = (1 + 3 searching) × (1 + 1 week waiting)" in page
    assert "3 people, 3 searches" in page
    assert "Peer" not in page
    assert titles(client) == ["Leaks", "Rebates"], "the review is its half"


def test_what_a_search_became_stands_once_with_its_searchers(
    client: FlaskClient, app_database: Database, peers: list[Person], manager: Person
) -> None:
    search(app_database, "zone zero papers", *peers)
    asked = builders.ask_objection(app_database, manager, "Which papers for zone 0?", "question")
    with app_database.writing() as session:
        link_asked(session, "zone zero papers", asked.id)
        session.commit()
    assert titles(client, "/monday") == ["Which papers for zone 0?"]
    page = client.get("/monday").text
    assert "risk 5 = (1 + 4 asking) × 1" in page
    assert f"/questions/{asked.id}-which-papers-for-zone-0#answer" in page
    builders.post_answer(app_database, peers[0], asked)
    assert titles(client, "/monday") == []


def test_a_search_that_is_not_for_us_is_declined_told_once_and_comes_back(
    client: FlaskClient, app_database: Database, peers: list[Person], manager: Person
) -> None:
    search(app_database, "leasing", *peers)
    number = gap_id(app_database, "leasing")
    url, data = f"/review/gaps/{number}/decline", {"desk": "monday", "here": f"gap-{number}", "next": "end"}
    refused = post(client, url, {**data, "reason": " "})
    assert (refused.status_code, "please write something here" in refused.text) == (422, True)
    assert post(client, url, {**data, "reason": "We sell."}).headers["Location"] == "/monday?at=end"
    assert "Somebody was quicker" in post(client, url, {**data, "reason": "We sell."}).text
    page = client.get("/monday?at=end").text
    assert "Done, 1 minute" in page
    assert "1 not for us" in page
    undone = post(client, "/review/undo", {"desk": "monday", "act": page.partition(UNDO)[2].partition('"')[0]})
    assert undone.headers["Location"] == f"/monday?at=gap-{number}"
    assert titles(client, "/monday") == ["leasing"]
    assert post(client, "/review/gaps/987654/decline", {"reason": "No."}).status_code == 404


def test_it_ends_with_the_minutes_since_the_first_act_of_the_day(
    client: FlaskClient, app_database: Database, overdue: Overdue, manager: Person
) -> None:
    pages = [overdue(f"Page {number}") for number in range(3)]
    noon = clock.start_of(clock.today()) + timedelta(hours=12)
    with clock.at(noon):
        builders.sign_in(client, manager)
        act(client, app_database, manager, pages[0], "verify", desk="monday")
    with clock.at(noon + timedelta(minutes=13, seconds=20)):
        act(client, app_database, manager, pages[1], "verify", desk="monday")
        end = client.get("/monday?at=end").text
    assert "Done, 14 minutes" in end
    assert "2 verified" in end
    assert "1 still waits" in end
    with clock.at(noon + timedelta(days=1)):
        builders.sign_in(client, manager)
        assert "That was the last one" in client.get("/monday?at=end").text


def test_an_admin_who_leads_nobody_has_the_questions_and_gaps_and_only_own_pages(
    client: FlaskClient, app_database: Database, overdue: Overdue, peers: list[Person]
) -> None:
    overdue("Rebates")
    search(app_database, "leasing", *peers)
    builders.sign_in(client, builders.add_person(app_database, "Ada Admin", "admin"))
    assert titles(client, "/monday") == ["leasing"]


def test_a_rep_who_says_monday_comes_back_to_the_own_queue(
    client: FlaskClient, app_database: Database, overdue: Overdue, rep: Person, manager: Person
) -> None:
    page = overdue()
    act(client, app_database, manager, page, "delegate", person=rep.name)
    builders.sign_in(client, rep)
    assert act(client, app_database, rep, page, "verify", desk="monday").headers["Location"] == "/review"


def test_managers_have_it_in_their_navigation_and_others_do_not(
    client: FlaskClient, app_database: Database, manager: Person, rep: Person
) -> None:
    assert '<a href="/monday">Monday</a>' in client.get("/").text
    builders.sign_in(client, rep)
    assert "/monday" not in client.get("/").text
    assert '<a href="/review">To review</a>' in client.get("/").text


def test_whoever_is_given_something_hears_it_once_and_only_when_it_stands(
    client: FlaskClient, app_database: Database, overdue: Overdue, rep: Person, manager: Person
) -> None:
    for number in range(3):
        act(client, app_database, manager, overdue(f"Page {number}"), "delegate", person=rep.email)
    number = client.get("/review").text.partition(UNDO)[2].partition('"')[0]
    post(client, "/review/undo", {"act": number})

    def tell() -> list[str]:
        with app_database.writing() as session:
            tell_receivers(session, [""], "http://localhost")
            session.commit()
            return list(session.scalars(select(OutgoingMail.subject)))

    assert tell() == [], "it can still be taken back"
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert tell() == tell() == ["Priya Raman asks you to keep 2 pages true"]


def test_monday_takes_eight_statements_whatever_waits(
    client: FlaskClient, app_database: Database, overdue: Overdue, report: Report, peers: list[Person], rep: Person
) -> None:
    used = []
    for size in (1, 10):
        for number in range(size):
            report(overdue(f"Page {size} {number}"), "wrong")
            builders.ask_objection(app_database, rep, f"Question {size} {number}?", "question")
            search(app_database, f"word{size}x{number}", *peers)
        gap = gap_id(app_database, f"word{size}x0")
        for at in ("", f"?at=gap-{gap}", "?at=end"):
            with count_statements(app_database) as counted:
                assert client.get("/monday" + at).status_code == 200
            used.append(len(counted))
    assert used[:3] == used[3:]
    assert max(used) <= 8, used
