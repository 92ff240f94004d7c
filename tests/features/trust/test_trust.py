"""Who keeps an item true: named in one form, by those who may, and nobody's word is given by that."""

import re
from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from portal.core.jobs import Job
from portal.shared.items.models import Item, ItemMove
from portal.shared.items.trust_forms import TrustInput
from portal.shared.items.trust_operations import Reassigned, entrust
from tests import builders
from tests.features.trust.conftest import (
    NOON,
    address,
    disable,
    name,
    read,
    send,
    verify,
)
from tests.plugins.statements import count_statements


def test_owner_and_managers_say_who_keeps_a_playbook_true(client, database, playbook, priya, marta, dana):
    assert client.get(address(playbook)).location.startswith("/login")
    assert builders.post(client, address(playbook), {"days": "30"}).status_code == 401
    for person, status in ((dana, 403), (marta, 303), (priya, 303)):
        builders.sign_in(client, person)
        assert client.get(address(playbook)).status_code == (403 if status == 403 else 200)
        assert send(client, database, playbook, days="30").status_code == status
    assert read(database, playbook).verify_days == 30


def test_author_owner_and_managers_say_it_of_an_answer(client, database, priya, marta, dana):
    omar = builders.add_person(database, "Omar Haddad")
    answer = builders.post_answer(database, dana, builders.ask_objection(database, omar))
    name(database, priya, answer, owner_id=marta.id)
    for person, status in ((omar, 403), (dana, 200), (marta, 200), (priya, 200)):
        builders.sign_in(client, person)
        assert client.get(address(answer)).status_code == status, person.name
    assert f"#answer-{answer.id}" in send(client, database, answer, days="60").location


def test_what_cannot_be_seen_or_bears_no_mark_has_no_form(client, database, priya, marta, dana, sales):
    hidden = builders.write_playbook(database, marta, "For Sales", audience=(f"dep:{sales.id}",))
    objection = builders.ask_objection(database, dana)
    answer = builders.post_answer(database, dana, objection)
    with database.writing() as session:
        session.get_one(Item, objection.id).hidden_at = NOON
        session.commit()
    builders.sign_in(client, priya)
    for number in (hidden.id, objection.id, answer.id, 99_999):
        assert client.get(f"/items/{number}/trust").status_code == 404, number
        assert builders.post(client, f"/items/{number}/trust", {"days": "90"}).status_code == 404
        assert builders.post(client, f"/items/{number}/verification").status_code == 404


@pytest.mark.parametrize(
    ("days", "status"), [("6", 422), ("7", 303), ("730", 303), ("731", 422), ("", 422), ("x", 422)]
)
def test_the_interval_lies_between_7_and_730_days(client, database, playbook, marta, days, status):
    builders.sign_in(client, marta)
    answer = send(client, database, playbook, days=days)
    assert answer.status_code == status
    assert read(database, playbook).verify_days == (int(days) if status == 303 else 90)
    if status == 422:
        assert "Days: " in answer.text


def test_another_interval_moves_the_next_day_and_verifies_nothing(client, database, playbook, priya, marta):
    verify(database, marta, playbook)
    before = read(database, playbook)
    assert (before.verified_on, before.verify_by) == (date(2026, 3, 3), date(2026, 6, 1))
    builders.sign_in(client, priya)
    send(client, database, playbook, days="30")
    after = read(database, playbook)
    assert (after.verified_on, after.verified_by_id, after.verify_by) == (
        before.verified_on, marta.id, date(2026, 4, 2),
    )  # fmt: skip
    assert [after.mark_on(day) for day in (date(2026, 4, 2), date(2026, 4, 3))][1] == "stale"


def test_an_item_that_nobody_verified_stays_so_whatever_its_interval(client, database, playbook, marta):
    builders.sign_in(client, marta)
    send(client, database, playbook, days="7")
    assert (read(database, playbook).verified_on, read(database, playbook).verify_by) == (None, None)


def test_who_has_left_cannot_be_named_and_who_is_named_may_stay(client, database, playbook, priya, marta, dana):
    gone = builders.add_person(database, "Gone Girl", state="disabled")
    builders.sign_in(client, priya)
    for typed in ({"owner": str(gone.id)}, {"verifier": f"person:{gone.id}"}):
        answer = send(client, database, playbook, **typed)
        assert answer.status_code == 422
        assert "Gone Girl is disabled and cannot look after anything" in answer.text
    name(database, priya, playbook, verifier_id=dana.id)
    disable(database, dana)
    assert "Dana Ruiz (has left)" in client.get(address(playbook)).text
    assert send(client, database, playbook, days="30").status_code == 303


def test_only_readers_can_be_named(client, database, priya, dana, sales, west):
    builders.add_person(database, "Wes West", team=west)
    legal = builders.add_department(database, "Legal")
    lawyer = builders.add_person(database, "Lea Law", "manager", department=legal)
    playbook = builders.write_playbook(database, lawyer, audience=(f"dep:{legal.id}",))
    builders.sign_in(client, lawyer)
    for typed, said in (
        ({"owner": str(dana.id)}, "Owner: Dana Ruiz may not read this"),
        ({"verifier": f"person:{dana.id}"}, "Verifier: Dana Ruiz may not read this"),
        ({"verifier": f"team:{west.id}"}, "Verifier: West may not read this"),
        ({"verifier": "team:999"}, "Verifier: there is no such team"),
        ({"owner": "999"}, "Owner: there is no such person"),
        ({"verifier": "everybody"}, "choose one of the people or teams"),
    ):
        answer = send(client, database, playbook, **typed)
        assert answer.status_code == 422, typed
        assert said in answer.text


def test_of_two_at_once_one_is_told_what_stands(client, database, playbook, priya, marta):
    builders.sign_in(client, priya)
    seen = TrustInput.of(read(database, playbook)).seen
    send(client, database, playbook, days="30")
    answer = builders.post(client, address(playbook), {"owner": str(priya.id), "days": "60", "seen": seen})
    assert answer.status_code == 409
    assert "What stands now: owner Marta Klein, verifier nobody in particular, every 30 days." in answer.text
    assert 'value="60"' in answer.text
    assert read(database, playbook).verify_days == 30
    fresh = re.search(r'name="seen" value="([^"]*)"', answer.text)[1]
    builders.post(client, address(playbook), {"owner": str(priya.id), "days": "60", "seen": fresh})
    assert (read(database, playbook).verify_days, read(database, playbook).owner_id) == (60, priya.id)


def test_of_two_in_the_same_moment_exactly_one_comes_through(database, playbook, priya):
    stands, start, told = TrustInput.of(read(database, playbook)), Barrier(2, timeout=20), []
    actor = builders.actor_of(database, priya)

    def work(days):
        start.wait()
        with database.writing() as session:
            try:
                entrust(session, actor, playbook.id, TrustInput(stands.owner_id, days=days), stands.seen)
                session.commit()
            except Reassigned:
                told.append(days)

    threads = [Thread(target=work, args=(days,)) for days in (30, 60)]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert len(told) == 1
    assert read(database, playbook).verify_days == 90 - told[0]


def test_the_history_tells_it_and_the_search_row_is_written_anew(client, database, playbook, priya, marta):
    with database.writing() as session:
        session.execute(Job.__table__.delete())
        session.commit()
    name(database, marta, playbook, owner_id=priya.id, days=30)
    with database.reading() as session:
        move = session.scalars(select(ItemMove)).one()
        assert (move.verb, move.note) == ("entrust", "Owner: Marta Klein → Priya Anand. Checked every 90 → 30 days.")
        assert session.scalars(select(Job.key).where(Job.kind == "index")).all() == [f"playbook:{playbook.id}"]
    builders.sign_in(client, priya)
    assert "changed who keeps it true" in client.get(f"/playbooks/{playbook.id}-{playbook.slug}/history").text


def test_pages_of_trust_cost_few_statements(client, database, app_database, playbook, priya, dana):
    answer = builders.post_answer(database, dana, builders.ask_objection(database, dana))
    builders.sign_in(client, priya)
    for path in (address(playbook), address(answer)):
        with count_statements(app_database) as counted:
            assert client.get(path).status_code == 200
        assert len(counted) <= 8, counted.statements
