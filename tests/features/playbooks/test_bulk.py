"""Many playbooks at once: said before it is done, row by row; skipped where something changed since; undone at will."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.jobs import Job
from portal.features.playbooks.bulk_forms import Seen
from portal.features.playbooks.bulk_operations import change_many
from portal.features.playbooks.bulk_policy import Wanted
from portal.features.playbooks.bulk_queries import list_candidates, mark_of
from portal.features.playbooks.models import Playbook
from portal.shared.items.models import Item
from portal.shared.items.trust_operations import verify_item
from portal.shared.tags.queries import find_tags
from tests import builders
from tests.plugins.statements import count_statements

BULK = "/playbooks/bulk"
TODAY = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def priya(client, database):
    """A manager, signed in."""
    person = builders.add_person(database, "Priya Anand", "manager")
    builders.sign_in(client, person)
    return person


@pytest.fixture
def marta(database):
    return builders.add_person(database, "Marta Klein", "publisher")


@pytest.fixture
def pages(database, priya, marta):
    """Three playbooks of Marta's; the first two were verified 30 and 85 days ago, the third never."""
    made = [builders.write_playbook(database, marta, title, tags=("old",)) for title in ("One", "Two", "Three")]
    for page, days in zip(made, (30, 85), strict=False):
        verify(database, priya, page, TODAY - timedelta(days=days))
    return made


@pytest.fixture(autouse=True)
def held():
    with clock.at(TODAY):
        yield


def verify(database, person, page, moment):
    with clock.at(moment), database.writing() as session:
        verify_item(session, builders.actor_of(database, person), page.id)
        session.commit()


def read(database, page):
    with database.reading() as session:
        return session.get_one(Playbook, page.id)


def tags_of(database, page):
    with database.reading() as session:
        return [tag.name for tag in find_tags(session, [page.id])[page.id]]


def plain(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def preview(client, pages, **typed):
    return builders.post(client, BULK, {"one": [str(page.id) for page in pages], **typed})


def confirm(client, page):
    """Press the button of a preview."""
    typed = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text):
        typed.setdefault(name, []).append(value)
    typed.pop("csrf_token")
    return builders.post(client, f"{BULK}/run", typed)


def change(client, pages, **typed):
    done = confirm(client, preview(client, pages, **typed))
    assert done.status_code == 303, done.text
    return done.location


def test_the_preview_says_row_by_row_what_becomes_of_each_verification(client, database, pages):
    said = plain(preview(client, pages, act="days", days="60").text)
    for words in (
        "One every 90 days → every 60 days verified until 2 May 2026 → until 2 Apr 2026; stays verified",
        "Two every 90 days → every 60 days verified until 8 Mar 2026 → until 6 Feb 2026; becomes stale",
        "Three every 90 days → every 60 days not verified; stays so",
        "3 playbooks: verified every 60 days",
    ):
        assert words in said, words
    assert read(database, pages[0]).verify_days == 90, "nothing is changed yet"


def test_another_interval_moves_the_last_days_and_verifies_nothing(client, database, pages, priya):
    change(client, pages, act="days", days="60")
    assert [read(database, page).verify_by for page in pages] == [date(2026, 4, 2), date(2026, 2, 6), None]
    assert [read(database, page).verified_on for page in pages] == [date(2026, 2, 1), date(2025, 12, 8), None]
    said = plain(preview(client, pages, act="days", days="730").text)
    assert "stale since 6 Feb 2026 → until 8 Dec 2027; counts as verified again, though nobody looked" in said


def test_owner_and_verifier_are_named_and_the_verification_stays(client, database, pages, priya, marta):
    said = plain(preview(client, pages, act="owner", owner=str(priya.id)).text)
    assert "One Marta Klein → Priya Anand verified until 2 May 2026; stays so" in said
    with database.writing() as session:
        session.execute(Job.__table__.delete())
        session.commit()
    change(client, pages, act="owner", owner=str(priya.id))
    change(client, pages[:1], act="verifier", verifier=f"person:{marta.id}")
    first = read(database, pages[0])
    assert (first.owner_id, first.verifier_id, first.verify_by) == (priya.id, marta.id, date(2026, 5, 2))
    with database.reading() as session:
        keys = set(session.scalars(select(Job.key).where(Job.kind == "index")))
    assert {f"playbook:{page.id}" for page in pages} <= keys
    history = client.get(f"/playbooks/{pages[0].id}-one/history").text
    assert "Owner: Marta Klein → Priya Anand." in history


def test_tags_are_added_and_taken_off_but_where_a_next_text_brings_its_own(client, database, pages, marta):
    builders.draft_edit(database, marta, pages[2], "Next words.", tags=("old",))
    page = preview(client, pages, act="tag_added", tag_added="Pricing")
    assert "One old → old, Pricing" in plain(page.text)
    assert "Three a next text waits, which brings its own tags" in plain(page.text)
    done = confirm(client, page).location
    assert [tags_of(database, one) for one in pages] == [["Pricing", "old"], ["Pricing", "old"], ["old"]]
    assert "2 playbooks: tag “Pricing” added" in client.get(done).text
    change(client, pages[:2], act="tag_removed", tag_removed="old")
    assert tags_of(database, pages[0]) == ["Pricing"]
    builders.post(client, f"{done}/undo")
    assert tags_of(database, pages[0]) == ["Pricing"], "its tags changed since"
    assert "Not undone One changed since" in plain(client.get(done).text)


def test_pages_are_archived_and_brought_back_by_undoing(client, database, pages):
    done = change(client, pages[:2], act="archive")
    assert [read(database, page).status for page in pages] == ["archived", "archived", "published"]
    assert "One" not in plain(client.get(BULK).text).partition("Changed lately")[0].partition("Playbook Mark")[2]
    builders.post(client, f"{done}/undo")
    assert {read(database, page).status for page in pages} == {"published"}
    assert read(database, pages[0]).verify_by == date(2026, 5, 2)


def test_what_changed_since_the_preview_is_left_out_and_named(client, database, pages, priya, marta):
    shown = preview(client, pages, act="days", days="60")
    builders.edit_playbook(database, marta, pages[0], "Other words.")
    verify(database, priya, pages[1], TODAY)
    done = plain(client.get(confirm(client, shown).location).text)
    assert "Left out One changed since you looked Two changed since you looked" in done
    assert "1 playbook: verified every 60 days" in done
    assert [read(database, page).verify_days for page in pages] == [90, 90, 60]


def test_undoing_gives_back_what_nobody_changed_since_once_and_within_thirty_days(client, database, pages, priya):
    done = change(client, pages, act="days", days="60")
    verify(database, priya, pages[0], TODAY)
    builders.post(client, f"{done}/undo")
    assert [read(database, page).verify_days for page in pages] == [60, 90, 90]
    assert "Not undone One changed since" in plain(client.get(done).text)
    builders.post(client, f"{done}/undo")
    assert "was undone already" in client.get(done).text
    late = change(client, pages[1:], act="days", days="30")
    with clock.at(TODAY + timedelta(days=31)):
        builders.sign_in(client, priya)
        assert ">Undo</button>" not in client.get(late).text
        builders.post(client, f"{late}/undo")
        assert "older than 30 days" in client.get(late).text
    assert read(database, pages[1]).verify_days == 30


def test_all_found_under_a_filter_are_taken_and_no_other(client, database, pages, priya):
    page = builders.post(client, BULK, {"all": "yes", "is": "due", "act": "days", "days": "30"})
    assert "1 playbook: verified every 30 days" in page.text
    assert "Two" in page.text
    everything = ["Two", "One", "Three"]
    for mark, titles in {"stale": [], "due": ["Two"], "verified": ["Two", "One"], "unverified": ["Three"],
                         "unowned": [], "": everything, "nonsense": everything}.items():  # fmt: skip
        shown = client.get(BULK, query_string={"is": mark}).text
        assert re.findall(r"Choose </span>(\w+)", shown) == titles, mark


def test_more_than_five_hundred_are_refused_before_anything_is_done(client, database, pages, marta, monkeypatch):
    monkeypatch.setattr("portal.features.playbooks.bulk_operations.MOST_AT_ONCE", 2)
    monkeypatch.setattr("portal.features.playbooks.bulk_views.MOST_AT_ONCE", 2)
    for typed in ({"all": "yes"}, {"one": [str(page.id) for page in pages]}):
        answer = builders.post(client, BULK, typed | {"act": "days", "days": "30"})
        assert answer.status_code == 422
        assert "These are more than 2 playbooks" in answer.text


@pytest.mark.parametrize(("typed", "message"), [
    ({}, "What to change: choose one."),
    ({"act": "explode"}, "is not one of the choices"),
    ({"act": "days", "days": "6"}, "Days: between 7 and 730, not 6."),
    ({"act": "days", "days": "731"}, "Days: between 7 and 730, not 731."),
    ({"act": "owner"}, "Owner: choose somebody."),
    ({"act": "owner", "owner": "9999"}, "Owner: there is no such person."),
    ({"act": "verifier", "verifier": "team:9999"}, "Verifier: there is no such team."),
    ({"act": "verifier", "verifier": "x"}, "choose one of the people or teams"),
    ({"act": "tag_added", "tag_added": "!!!"}, "Tag: it needs a Latin letter or digit."),
])  # fmt: skip
def test_what_cannot_be_taken_comes_back_with_what_was_chosen(client, pages, typed, message):
    answer = preview(client, pages[:1], **typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{pages[0].id}" checked' in answer.text
    assert builders.post(client, f"{BULK}/run", typed).status_code == 422


def test_nothing_chosen_and_who_has_left_are_told(client, database, pages):
    gone = builders.add_person(database, "Gone Girl", state="disabled")
    assert "Choose at least one playbook." in builders.post(client, BULK, {"act": "archive"}).text
    assert "Gone Girl is disabled" in preview(client, pages, act="owner", owner=str(gone.id)).text
    assert "it is so already" in preview(client, pages, act="days", days="90").text


def test_playbooks_of_others_are_not_touched_and_readers_alone_are_named(client, database, pages, priya):
    legal = builders.add_department(database, "Legal")
    lea = builders.add_person(database, "Lea Law", "manager", department=legal)
    secret = builders.write_playbook(database, lea, "Secret", audience=(f"dep:{legal.id}",))
    page = preview(client, [*pages, secret], act="days", days="60")
    assert "Secret" not in page.text
    builders.post(client, f"{BULK}/run", {"act": "archive", "row": f"{secret.id}.0123", "once": "k"})
    assert read(database, secret).status == "published"
    builders.sign_in(client, lea)
    assert "Secret Priya Anand may not read it" in plain(
        preview(client, [secret], act="owner", owner=str(priya.id)).text
    )


def test_acts_on_many_are_for_managers_alone(client, database, app, pages, marta):
    ada, dana = builders.add_person(database, "Ada Byron", "admin"), builders.add_person(database)
    for person in (marta, ada, dana):
        builders.sign_in(client, person)
        assert client.get(BULK).status_code == client.get(f"{BULK}/1").status_code == 403
        for path in (BULK, f"{BULK}/run", f"{BULK}/1/undo"):
            assert builders.post(client, path, {"act": "archive"}).status_code == 403
        assert "Change several" not in client.get("/playbooks").text
    assert app.test_client().get(BULK).location.startswith("/login")


def test_the_list_leads_to_it_with_its_filters_and_it_tells_what_was_done_lately(client, pages):
    assert f'href="{BULK}?tag=old"' in client.get("/playbooks?tag=old").text
    done = change(client, pages, act="days", days="60")
    page = client.get(BULK).text
    assert f'href="{done}">3 playbooks: verified every 60 days</a>' in page


def test_the_same_form_sent_twice_is_one_act(client, database, pages):
    shown = preview(client, pages, act="days", days="60")
    assert confirm(client, shown).location == confirm(client, shown).location == f"{BULK}/1"
    assert client.get(f"{BULK}/2").status_code == 404


def test_of_two_at_once_the_second_leaves_out_what_the_first_changed(database, pages, priya):
    actor = builders.actor_of(database, priya)
    with database.reading() as session:
        found = list_candidates(session, actor, [page.id for page in pages], Wanted("days"))
        rows = [Seen(one.playbook.id, mark_of(one)) for one in found]
    start, left = Barrier(2, timeout=20), []

    def work(days):
        start.wait()
        with clock.at(TODAY), database.writing() as session:
            act = change_many(session, actor, Wanted("days", days=days), rows)
            left.append(len(act.left_out))
            session.commit()

    with ThreadPoolExecutor() as both:
        list(both.map(work, (30, 60)))
    assert sorted(left) == [0, 3]
    assert len({read(database, page).verify_days for page in pages}) == 1


def test_pages_of_many_cost_few_statements_at_any_size(client, database, app_database, pages, priya, marta):
    done = change(client, pages, act="days", days="60")
    with database.writing() as session:
        session.get_one(Item, pages[0].id).verifier_id = marta.id
        session.commit()
    for number in range(30):
        builders.write_playbook(database, marta, f"Number {number}", tags=(f"t{number}",))
    for path in (BULK, f"{BULK}?is=unowned&tag=old", done):
        with count_statements(app_database) as counted:
            assert client.get(path).status_code == 200
        assert len(counted) <= 8, (path, counted.statements)
    with count_statements(app_database) as counted:
        assert builders.post(client, BULK, {"all": "yes", "act": "owner", "owner": str(priya.id)}).status_code == 200
    assert len(counted) <= 8, counted.statements
