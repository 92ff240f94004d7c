"""A person who leaves: everything of theirs goes to others on one screen, said before it is done, and undone."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.jobs import Job
from portal.features.admin.handover_operations import Moved, hand_over, undo_handover
from portal.features.admin.handover_queries import list_held, mark_of, plan_handover
from portal.shared.items.bulk_models import BulkAct
from portal.shared.items.bulk_operations import forget_acts
from portal.shared.items.models import Item
from portal.shared.items.trust_forms import TrustInput
from portal.shared.items.trust_operations import entrust, verify_item
from portal.shared.people import operations as people
from portal.shared.people.models import Person
from portal.wiring import LISTENERS
from tests import builders
from tests.plugins.statements import count_statements


@pytest.fixture
def marta(database):
    """A publisher, who leaves."""
    return builders.add_person(database, "Marta Klein", "publisher")


@pytest.fixture
def priya(database):
    return builders.add_person(database, "Priya Anand", "manager")


@pytest.fixture
def omar(database):
    return builders.add_person(database, "Omar Haddad")


@pytest.fixture
def things(database, marta, priya, omar):
    """Two playbooks and an answer that Marta owns, one that she verifies, a draft, and a next text of hers."""
    first, second = (builders.write_playbook(database, marta, title) for title in ("First visit", "Second visit"))
    answer = builders.post_answer(database, marta, builders.ask_objection(database, omar))
    other = builders.write_playbook(database, priya, "Of Priya")
    draft = builders.draft_playbook(database, marta, "Begun")
    with database.writing() as session:
        verify_item(session, builders.actor_of(database, priya), first.id)
        entrust(session, builders.actor_of(database, priya), other.id, TrustInput(priya.id, marta.id),
                TrustInput.of(session.get_one(Item, other.id)).seen)  # fmt: skip
        session.commit()
    return {"first": first, "second": second, "answer": answer, "other": other, "draft": draft}


def read(database, item):
    with database.reading() as session:
        return session.get_one(Item, item.id)


def owners(database, things):
    return {name: read(database, item).owner_id for name, item in things.items()}


def plain(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def run(client, person, **to):
    """Preview and run, as one clicks; the answer to the second."""
    url = f"/admin/people/{person.id}/handover"
    page = builders.post(client, url, to).text
    return builders.post(client, f"{url}/run", to | {"seen": hidden(page, "seen"), "once": hidden(page, "once")})


def test_one_screen_lists_everything_and_says_what_will_happen(client, database, admin, marta, priya, things):
    url = f"/admin/people/{marta.id}/handover"
    page = plain(client.get(url).text)
    for words in (
        "Owns 2 playbooks", "Owns 1 answer", "Verifies 1 playbook", "Has in draft or in review 1 draft of playbooks",
        "First visit", "1 that is not for you to read",
    ):  # fmt: skip
        assert words in page, words
    assert "Begun" not in page, "drafts are their editors' alone"
    page = plain(builders.post(client, url, {"to": str(priya.id)}).text)
    for words in ("2 playbooks get Priya Anand as owner; their verification stays.",
                  "1 answer gets Priya Anand as owner; its verification stays.",
                  "1 playbook gets Priya Anand as verifier; the day of its last verification stays.",
                  "1 draft of playbooks gets Priya Anand as owner, who can go on writing."):  # fmt: skip
        assert words in page, words
    assert owners(database, things)["first"] == marta.id


def test_everything_goes_in_one_act_that_is_logged_indexed_and_undone(client, database, admin, marta, priya, things):
    before, was = owners(database, things), read(database, things["first"])
    with database.writing() as session:
        session.execute(Job.__table__.delete())
        session.commit()
    done = run(client, marta, to=str(priya.id))
    assert set(owners(database, things).values()) == {priya.id}
    after = read(database, things["first"])
    assert (after.verified_on, after.verify_by, after.verified_by_id) == (
        was.verified_on, was.verify_by, was.verified_by_id,
    )  # fmt: skip
    assert read(database, things["other"]).verifier_id == priya.id
    with database.reading() as session:
        keys = set(session.scalars(select(Job.key).where(Job.kind == "index")))
        assert {f"playbook:{things['first'].id}", f"playbook:{things['other'].id}"} <= keys
        assert any(key.startswith("objection:") for key in keys)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "handed over")).one()
        assert (entry.actor_id, entry.subject) == (admin.id, "marta.klein@example.com")
        assert "2 playbooks get Priya Anand as owner" in entry.detail["changes"]
    assert "30 more days" in client.get(done.location).text
    builders.post(client, f"{done.location}/undo")
    assert owners(database, things) == before
    assert read(database, things["other"]).verifier_id == marta.id
    assert "and undone" in client.get(done.location).text
    assert "was undone already" in client.get(builders.post(client, f"{done.location}/undo").location).text
    assert "Nothing to hand over" not in client.get(f"/admin/people/{marta.id}/handover").text


def test_each_group_may_have_a_receiver_of_its_own_and_others_stay(client, database, admin, marta, priya, omar, things):
    run(client, marta, **{"to-owns-answer": str(omar.id)})
    got = owners(database, things)
    assert (got["answer"], got["first"], got["draft"]) == (omar.id, marta.id, marta.id)
    run(client, marta, to=str(priya.id), **{"to-drafts-playbook": str(omar.id)})
    got = owners(database, things)
    assert (got["first"], got["second"], got["draft"]) == (priya.id, priya.id, omar.id)


def test_what_a_receiver_may_not_read_stays_and_is_named(client, database, admin, priya):
    legal = builders.add_department(database, "Legal")
    lea = builders.add_person(database, "Lea Law", "manager", department=legal)
    secret = builders.write_playbook(database, lea, "Secret clause", audience=(f"dep:{legal.id}",))
    plan = plain(builders.post(client, f"/admin/people/{lea.id}/handover", {"to": str(priya.id)}).text)
    assert "1 stays as it is: Priya Anand may not read it." in plan
    assert ">Hand over</button>" not in plan
    builders.write_playbook(database, lea, "Open clause")
    page = plain(client.get(run(client, lea, to=str(priya.id)).location).text)
    assert "1 playbook gets Priya Anand" in page
    assert "Something that you may not read Priya Anand may not read it" in page
    assert "Secret" not in page
    assert read(database, secret).owner_id == lea.id


def test_who_left_or_is_the_same_gets_nothing(client, database, admin, marta, things):
    gone = builders.add_person(database, "Gone Girl", state="disabled")
    url = f"/admin/people/{marta.id}/handover"
    for to, said in (
        (str(gone.id), "Gone Girl is disabled"),
        (str(marta.id), "choose somebody else"),
        ("9999", "no such person"),
        ("", "choose who gets all of it"),
        ("x", "not a whole number"),
    ):
        answer = builders.post(client, url, {"to": to})
        assert answer.status_code == 422, to
        assert said in answer.text
    assert client.get("/admin/people/9999/handover").status_code == 404


def test_what_changed_since_the_preview_is_shown_again_first(client, database, admin, marta, priya, things):
    url = f"/admin/people/{marta.id}/handover"
    page = builders.post(client, url, {"to": str(priya.id)}).text
    builders.write_playbook(database, marta, "Third visit")
    typed = {"to": str(priya.id), "seen": hidden(page, "seen"), "once": hidden(page, "once")}
    again = builders.post(client, f"{url}/run", typed)
    assert again.status_code == 409
    assert "3 playbooks get Priya Anand" in again.text
    assert owners(database, things)["first"] == marta.id
    typed = typed | {"seen": hidden(again.text, "seen"), "once": hidden(again.text, "once")}
    assert builders.post(client, f"{url}/run", typed).status_code == 303
    assert owners(database, things)["first"] == priya.id


def test_undoing_leaves_what_was_changed_since_and_names_it(client, database, admin, marta, priya, omar, things):
    done = run(client, marta, to=str(priya.id)).location
    with database.writing() as session:
        item = session.get_one(Item, things["first"].id)
        entrust(session, builders.actor_of(database, priya), item.id, TrustInput(omar.id), TrustInput.of(item).seen)
        session.commit()
    builders.post(client, f"{done}/undo")
    assert owners(database, things)["first"] == omar.id
    assert owners(database, things)["second"] == marta.id
    assert "Not undone First visit changed since" in plain(client.get(done).text)


def test_an_act_cannot_be_undone_after_thirty_days_and_is_forgotten(client, database, admin, marta, priya, things):
    done = run(client, marta, to=str(priya.id)).location
    act_id = int(done.rpartition("/")[2])
    with clock.at(clock.now() + timedelta(days=30, minutes=1)), database.writing() as session:
        with pytest.raises(Exception, match="older than 30 days"):
            undo_handover(session, builders.actor_of(database, admin), act_id)
        forget_acts(session)
        session.commit()
    with database.reading() as session:
        assert session.get(BulkAct, act_id) is None
    assert owners(database, things)["first"] == priya.id


def test_of_two_admins_at_once_one_hands_over(database, marta, priya, omar, things):
    admins = [builders.add_person(database, f"Ada {name}", "admin") for name in ("Byron", "King")]
    start, told = Barrier(2, timeout=20), []

    def work(admin, receiver):
        actor = builders.actor_of(database, admin)
        with database.reading() as session:
            held = list_held(session, actor, marta.id)
            receivers = {one.group: receiver.id for one in held}
            seen = mark_of(plan_handover(session, session.get_one(Person, marta.id), held, receivers))
        start.wait()
        with database.writing() as session:
            session.info["listeners"] = LISTENERS
            try:
                hand_over(session, actor, marta.id, receivers, seen)
                session.commit()
            except Moved:
                told.append(receiver.id)

    threads = [Thread(target=work, args=pair) for pair in zip(admins, (priya, omar), strict=True)]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert len(told) == 1
    assert {owners(database, things)[name] for name in ("first", "second", "answer", "draft")} == (
        {priya.id, omar.id} - set(told)
    )


def test_handovers_are_for_admins_alone(client, database, marta, priya, things):
    url = f"/admin/people/{marta.id}/handover"
    assert client.get(url).location.startswith("/login")
    for person in (priya, marta):
        builders.sign_in(client, person)
        assert client.get(url).status_code == client.get("/admin/handovers/1").status_code == 403
        for path in (url, f"{url}/run", "/admin/handovers/1/undo"):
            assert builders.post(client, path, {"to": str(priya.id)}).status_code == 403


def test_disabling_offers_the_handover(client, database, admin, marta, omar, things):
    page = client.get(f"/admin/people/{marta.id}").text
    assert f'href="/admin/people/{marta.id}/handover"' in page
    page = client.get(builders.post(client, f"/admin/people/{marta.id}/disable").location).text
    assert "Owns, verifies or has begun 5 things that nobody looks after now." in page
    assert "Hand over" not in client.get(f"/admin/people/{omar.id}").text
    with database.writing() as session:
        people.enable_person(session, None, session.get_one(Person, marta.id))
        session.commit()


def test_the_screen_costs_few_statements_at_any_size(client, app_database, admin, marta, things):
    for number in range(12):
        builders.write_playbook(app_database, marta, f"Number {number}")
    for path in (f"/admin/people/{marta.id}/handover", f"/admin/people/{marta.id}"):
        with count_statements(app_database) as counted:
            assert client.get(path).status_code == 200
        assert len(counted) <= 8, (path, counted.statements)
