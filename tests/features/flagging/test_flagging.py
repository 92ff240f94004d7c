"""Reporting what is not right: for everybody who can read it, once for each reason, and taken back at will."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import Database
from portal.core.mail import OutgoingMail
from portal.features.flagging.telling_operations import SETTLED, TOO_LATE, tell_reporters
from portal.features.objections.models import Answer, Asked
from portal.features.playbooks.models import Playbook
from portal.shared.flags.models import Flag
from portal.shared.flags.operations import A_DAY, decide_flags
from portal.shared.flags.policy import DECIDED
from portal.shared.items.models import Item, ItemAudience
from portal.shared.items.operations import lock_item
from portal.shared.items.queries import url_of
from portal.shared.people.models import Person
from tests import builders
from tests.builders import post
from tests.plugins.statements import count_statements

WRONG = {"reason": "wrong", "sentence": "The price in it is last year's."}


@pytest.fixture
def rep(client: FlaskClient, app_database: Database) -> Person:
    """Jonas, signed in."""
    person = builders.add_person(app_database, "Jonas Berg")
    builders.sign_in(client, person)
    return person


@pytest.fixture
def manager(app_database: Database) -> Person:
    return builders.add_person(app_database, "Priya Raman", "manager")


@pytest.fixture
def playbook(app_database: Database, manager: Person) -> Playbook:
    return builders.write_playbook(app_database, manager, "Rebates")


@pytest.fixture
def answer(app_database: Database, manager: Person) -> Answer:
    asked = builders.ask_objection(app_database, manager)
    return builders.post_answer(app_database, manager, asked)


def flags(database: Database) -> list[Flag]:
    with database.reading() as session:
        return list(session.scalars(select(Flag).order_by(Flag.id)))


def decide(
    database: Database, person: Person, item: Item, name: str = "kept", answer: str = "It is this year's."
) -> None:
    actor, decision = builders.actor_of(database, person), DECIDED.get(name)
    assert decision is not None
    with database.writing() as session:
        decide_flags(session, actor, lock_item(session, item.id), decision, answer=answer)
        session.commit()


def test_a_stranger_signs_in_first(client: FlaskClient, playbook: Playbook) -> None:
    url = f"/items/{playbook.id}/flag"
    assert client.get(url).headers["Location"].startswith("/login")
    assert post(client, url, WRONG).status_code == 401
    assert client.get("/me/reports").headers["Location"].startswith("/login")


def test_a_reader_reports_a_page_and_reads_it_under_the_own_reports(
    client: FlaskClient, app_database: Database, rep: Person, playbook: Playbook
) -> None:
    page = url_of("playbook", playbook.id, playbook.slug)
    assert "Is this right?" in client.get(page).text
    answer = post(client, f"/items/{playbook.id}/flag", WRONG)
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert "You hear what becomes of it" in client.get(page).text
    (flag,) = flags(app_database)
    assert (flag.item_id, flag.reporter_id, flag.reason, flag.sentence) == (
        playbook.id, rep.id, "wrong", WRONG["sentence"],
    )  # fmt: skip
    mine = client.get("/me/reports").text
    assert "Rebates" in mine
    assert "last year&#39;s" in mine
    assert "Nobody has decided yet" in mine


@pytest.mark.usefixtures("rep")
def test_each_answer_on_a_page_has_its_own_and_no_statement_more(
    client: FlaskClient, app_database: Database, manager: Person, answer: Answer
) -> None:
    with app_database.reading() as session:
        asked = session.get_one(Asked, answer.asked_id)
    url = url_of("objection", asked.id, asked.slug)
    with count_statements(app_database) as before:
        assert client.get(url).text.count("Is this right?") == 2
    for number in range(10):
        builders.post_answer(app_database, builders.add_person(app_database, f"Peer {number}"), asked)
    with count_statements(app_database) as after:
        assert client.get(url).text.count("Is this right?") == 12
    assert len(before) == len(after) <= 8
    assert post(client, f"/items/{answer.id}/flag", WRONG).headers["Location"] == f"{url}#answer-{answer.id}"


@pytest.mark.usefixtures("rep")
def test_the_same_report_twice_is_one_and_another_reason_is_another(
    client: FlaskClient, app_database: Database, playbook: Playbook
) -> None:
    url = f"/items/{playbook.id}/flag"
    post(client, url, WRONG)
    post(client, url, {**WRONG, "sentence": "Other words."}, follow_redirects=True)
    assert "You reported this before" in post(client, url, WRONG, follow_redirects=True).text
    post(client, url, {"reason": "outdated", "sentence": "Since June."})
    assert [(flag.reason, flag.sentence) for flag in flags(app_database)] == [
        ("wrong", WRONG["sentence"]),
        ("outdated", "Since June."),
    ]


@pytest.mark.usefixtures("rep")
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "What is not right: choose one."),
        ({"reason": "boring", "sentence": "It is."}, "is not one of the choices"),
        ({"reason": "wrong"}, "In a sentence: please write something here."),
        ({"reason": "wrong", "sentence": "x" * 301}, "at most 300 characters"),
        ({"reason": "duplicate"}, "The other one: paste its address, or write its number."),
        ({"reason": "duplicate", "other": "that one"}, "The other one: paste its address, or write its number."),
        ({"reason": "duplicate", "other": "999999"}, "there is no 999999 that you may read"),
        ({"reason": "duplicate", "other": "itself"}, "this is the page itself"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_its_message(
    client: FlaskClient, app_database: Database, playbook: Playbook, typed: dict[str, str], message: str
) -> None:
    typed = {**typed, **({"other": str(playbook.id)} if typed.get("other") == "itself" else {})}
    answer = post(client, f"/items/{playbook.id}/flag", typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert (typed.get("sentence") or "Rebates") in answer.text
    assert flags(app_database) == []


@pytest.mark.usefixtures("rep")
@pytest.mark.parametrize("typed", ["{id}", "/playbooks/{id}-twin", "http://localhost/playbooks/{id}-twin?old=yes#h-x"])
def test_a_duplicate_names_the_other_by_number_or_address(
    client: FlaskClient, app_database: Database, manager: Person, playbook: Playbook, typed: str
) -> None:
    twin = builders.write_playbook(app_database, manager, "Twin")
    data = {"reason": "duplicate", "other": typed.format(id=twin.id)}
    assert post(client, f"/items/{playbook.id}/flag", data).status_code == 303
    assert flags(app_database)[0].duplicate_of_id == twin.id


@pytest.mark.usefixtures("rep")
def test_an_answer_as_the_other_is_named_by_its_place(
    client: FlaskClient, app_database: Database, playbook: Playbook, answer: Answer
) -> None:
    data = {"reason": "duplicate", "other": f"/objections/{answer.asked_id}-too-expensive#answer-{answer.id}"}
    assert post(client, f"/items/{playbook.id}/flag", data).status_code == 303
    assert flags(app_database)[0].duplicate_of_id == answer.id


@pytest.mark.usefixtures("rep")
def test_what_one_may_not_see_cannot_be_reported(
    client: FlaskClient, app_database: Database, manager: Person, answer: Answer
) -> None:
    closed = builders.write_playbook(app_database, manager, "Secret", audience=("team:99",))
    draft = builders.draft_playbook(app_database, manager)
    for number in (closed.id, draft.id, 987654):
        assert client.get(f"/items/{number}/flag").status_code == 404
        assert post(client, f"/items/{number}/flag", WRONG).status_code == 404
    with app_database.writing() as session:
        session.execute(update(ItemAudience).where(ItemAudience.item_id == answer.asked_id).values(audience="team:99"))
        session.commit()
    assert client.get(f"/items/{answer.id}/flag").status_code == 404
    assert post(client, f"/items/{answer.id}/flag", WRONG).status_code == 404
    assert flags(app_database) == []


def test_an_own_draft_takes_no_reports(client: FlaskClient, app_database: Database, manager: Person) -> None:
    builders.sign_in(client, manager)
    draft = builders.draft_playbook(app_database, manager)
    assert post(client, f"/items/{draft.id}/flag", WRONG).status_code == 403


@pytest.mark.usefixtures("rep")
def test_a_report_is_taken_back_by_its_reporter_alone_and_while_it_is_open(
    client: FlaskClient, app_database: Database, manager: Person, playbook: Playbook
) -> None:
    post(client, f"/items/{playbook.id}/flag", WRONG)
    (flag,) = flags(app_database)
    url = f"/me/reports/{flag.id}/withdraw"
    other = client.application.test_client()
    builders.sign_in(other, manager)
    assert post(other, url).status_code == 404
    decide(app_database, manager, playbook)
    assert "It was decided meanwhile" in post(client, url, follow_redirects=True).text
    post(client, f"/items/{playbook.id}/flag", WRONG)
    assert len(flags(app_database)) == 2, "a decided one makes room for a new one"
    assert post(client, f"/me/reports/{flags(app_database)[1].id}/withdraw").status_code == 303
    assert [one.id for one in flags(app_database)] == [flag.id]


def test_nobody_reports_more_than_the_day_allows(client: FlaskClient, app_database: Database, manager: Person) -> None:
    builders.sign_in(client, builders.add_person(app_database, "Jonas Berg"))
    pages = [builders.write_playbook(app_database, manager, f"Page {number}") for number in range(A_DAY + 1)]
    statuses = [post(client, f"/items/{page.id}/flag", WRONG).status_code for page in pages]
    assert statuses == [303] * A_DAY + [429]
    assert len(flags(app_database)) == A_DAY


@pytest.mark.usefixtures("rep")
def test_the_reporter_hears_it_once_on_the_page_and_by_mail(
    client: FlaskClient, app: Flask, app_database: Database, manager: Person, playbook: Playbook, answer: Answer
) -> None:
    for item in (playbook, answer):
        post(client, f"/items/{item.id}/flag", WRONG)
        decide(app_database, manager, item)
    page = client.get("/me/reports").text
    assert "It is right as it stands" in page
    assert "It is this year&#39;s." in page
    assert "Priya Raman" in page

    def tell() -> int:
        with app_database.writing() as session:
            tell_reporters(session, [""], "http://localhost")
            session.commit()
            return session.scalar(select(func.count(OutgoingMail.id))) or 0

    assert tell() == 0, "a decision can still be taken back"
    with clock.at(clock.now() + SETTLED):
        assert [tell(), tell()] == [1, 1]
    with app_database.reading() as session:
        mail = session.scalars(select(OutgoingMail)).one()
    assert "“Rebates”, which you reported as wrong:\nIt is right as it stands: It is this year's." in mail.body
    assert mail.body.count("which you reported") == 2


@pytest.mark.parametrize("case", ["left", "late", "hidden"])
def test_nobody_is_told_late_nor_of_what_is_out_of_view_nor_after_leaving(
    client: FlaskClient, app_database: Database, rep: Person, manager: Person, playbook: Playbook, case: str
) -> None:
    post(client, f"/items/{playbook.id}/flag", WRONG)
    decide(app_database, manager, playbook)
    with app_database.writing() as session:
        if case == "left":
            session.get_one(Person, rep.id).state = "disabled"
        if case == "hidden":
            session.get_one(Item, playbook.id).hidden_at = clock.now()
        session.commit()
    later = clock.now() + (TOO_LATE if case == "late" else timedelta(hours=1)) + SETTLED
    with clock.at(later), app_database.writing() as session:
        tell_reporters(session, [""], "http://localhost")
        session.commit()
        mails = session.scalars(select(OutgoingMail)).all()
    assert len(mails) == (1 if case == "hidden" else 0)
    assert all("Rebates" not in mail.body for mail in mails)
    if case == "hidden":
        assert "Rebates" not in client.get("/me/reports").text


@pytest.mark.usefixtures("rep")
def test_my_reports_take_the_same_few_statements_however_many_they_are(
    client: FlaskClient, app_database: Database, manager: Person, answer: Answer
) -> None:
    assert "Nothing reported" in client.get("/me/reports").text
    used = []
    for number in range(2):
        for page in range(number * 8 + 1):
            playbook = builders.write_playbook(app_database, manager, f"Page {number} {page}")
            post(client, f"/items/{playbook.id}/flag", WRONG)
        post(client, f"/items/{answer.id}/flag", {"reason": "outdated", "sentence": "Old."})
        client.get("/me/reports")
        with count_statements(app_database) as counted:
            client.get("/me/reports")
        used.append(len(counted))
    assert used[0] == used[1] <= 8
