"""Pages that end: obsolete with a successor or a reason, no circles; and the archive."""

import threading

import pytest

from portal.core.db import Database
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.features.playbooks import shelf_operations as shelf
from portal.features.playbooks.forms import ObsoleteInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.queries import find_last_successor
from portal.shared.finding.finder import Finder
from portal.shared.finding.syntax import read
from portal.wiring import LISTENERS
from tests import builders
from tests.plugins.statements import count_statements


@pytest.fixture
def priya(database):
    """A manager."""
    return builders.add_person(database, "Priya Shah", "manager")


@pytest.fixture
def pages(database, priya):
    """Three published pages."""
    return [builders.write_playbook(database, priya, title, f"Words of {title}.") for title in ("One", "Two", "Three")]


@pytest.fixture
def rep(client, database):
    """A rep, signed in."""
    person = builders.add_person(database)
    builders.sign_in(client, person)
    return person


def address(playbook, rest=""):
    return f"/playbooks/{playbook.id}-{playbook.slug}{rest}"


def run(database, act, *given):
    with database.writing() as session:
        session.info["listeners"] = LISTENERS
        result = act(session, *given)
        session.commit()
        return result


def replaced(database, priya, old, new, reason=""):
    given = ObsoleteInput(new.id if new else 0, reason)
    return run(database, shelf.make_obsolete, builders.actor_of(database, priya), old.id, given)


def status(database, playbook):
    with database.reading() as session:
        return session.get_one(Playbook, playbook.id).status


def test_old_addresses_and_links_lead_to_the_last_successor_with_a_banner(client, database, priya, pages, rep):
    one, two, three = pages
    replaced(database, priya, one, two)
    replaced(database, priya, two, three)
    answer = client.get(address(one))
    assert (answer.status_code, answer.location) == (302, f"{address(three)}?from={one.id}")
    page = client.get(answer.location).text
    assert f'This replaces <a class="link" href="{address(one)}?old=yes">One</a>, which is obsolete.' in page
    old = client.get(address(one, "?old=yes")).text
    assert "Words of One." in old
    assert f'Read <a class="link" href="{address(three)}">Three</a> instead.' in old
    assert client.get(f"/playbooks/{one.id}-any-old-words").status_code == 301


def test_hits_of_an_obsolete_page_say_so_and_lead_on(client, app, database, priya, pages, rep):
    replaced(database, priya, pages[0], pages[1])
    builders.drain(app)
    finder = app.extensions["fieldhouse"][Finder]
    finder.index.refresh()
    with database.reading() as session:
        (row,) = finder.search(session, builders.actor_of(database, rep), read("is:obsolete")).rows
    assert (row.mark, row.mark_text) == ("obsolete", "Obsolete, leads to its successor")
    assert client.get(row.url).location.startswith(address(pages[1]))
    assert ">One</a>" not in client.get("/playbooks").text


def test_a_banner_cannot_be_made_up_by_an_address(client, database, priya, pages, rep):
    for came in (pages[1].id, 999, "x", "9" * 30):
        assert "This replaces" not in client.get(address(pages[0], f"?from={came}")).text


def test_a_page_without_successor_stays_readable_and_says_why(client, database, priya, pages, rep):
    replaced(database, priya, pages[0], None, "The pump is no longer sold.")
    page = client.get(address(pages[0]))
    assert page.status_code == 200
    assert "The pump is no longer sold." in page.text
    assert "Edit</a>" not in page.text


def test_obsolete_needs_a_successor_or_a_reason(client, database, priya, pages):
    builders.sign_in(client, priya)
    url = address(pages[0], "/obsolete")
    assert client.get(url).status_code == 200
    for typed, message in (
        ({}, "Name the playbook that replaces this one"),
        ({"successor": "the new one"}, "write the number of a playbook, or paste its address"),
        ({"successor": "999"}, "there is no playbook 999 that you may read"),
        ({"successor": str(pages[0].id)}, "a playbook cannot replace itself"),
        ({"reason": "x" * 301}, "Why: at most 300 characters"),
    ):
        answer = builders.post(client, url, typed)
        assert answer.status_code == 422, typed
        assert message in answer.text
    assert status(database, pages[0]) == "published"
    for typed in (str(pages[1].id), f"http://localhost{address(pages[1], '?from=3#h-x')}", address(pages[1])):
        assert builders.post(client, url, {"successor": typed}).status_code == 303
        assert client.get(address(pages[0])).location.startswith(address(pages[1]))
        builders.post(client, address(pages[0], "/moves/bring_back"))
    with pytest.raises(Invalid):
        replaced(database, priya, pages[0], None)


def test_a_draft_or_a_page_of_others_is_no_successor(database, priya, pages):
    draft = builders.draft_playbook(database, priya, "Not yet")
    secret = builders.write_playbook(database, builders.add_person(database, "P Q", "publisher"), audience=("team:9",))
    for other, message in ((draft, "is not published"), (secret, "there is no playbook")):
        with pytest.raises(Invalid, match=message):
            replaced(database, priya, pages[0], other)


def test_a_circle_of_successors_is_refused_with_a_clear_message(database, priya, pages):
    one, two, three = pages
    replaced(database, priya, one, two)
    replaced(database, priya, two, three)
    with pytest.raises(Invalid, match="“One” leads back to this page, which would make a circle"):
        replaced(database, priya, three, one)
    assert status(database, three) == "published"


def test_a_circle_closed_from_all_ends_at_once_is_refused_too(database_url, database, priya):
    pages = [builders.write_playbook(database, priya, f"Page {number}") for number in range(4)]
    own, start, refused = Database(database_url, pool_size=6, listeners=LISTENERS), threading.Barrier(4, timeout=20), []

    def close(number):
        start.wait()
        try:
            own.repeat(lambda: replaced(own, priya, pages[number], pages[(number + 1) % 4]))
        except Invalid as invalid:
            refused.append(str(invalid))

    threads = [threading.Thread(target=close, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    own.dispose()
    assert len(refused) == 1
    assert "circle" in refused[0]
    reader = builders.actor_of(database, priya)
    with database.reading() as session:
        assert [status(database, one) for one in pages].count("published") == 1
        ends = {find_last_successor(session, reader, one.id) for one in pages if status(database, one) == "obsolete"}
    assert len(ends) == 1


def test_forwarding_stops_before_what_the_reader_may_not_see(client, database, priya, pages, rep):
    one, two, _ = pages
    secret = builders.write_playbook(database, priya, "Secret", audience=(f"person:{priya.id}",))
    replaced(database, priya, one, two)
    replaced(database, priya, two, secret)
    assert client.get(address(one)).location == f"{address(two)}?from={one.id}"
    page = client.get(address(two, "?old=yes")).text
    assert "Secret" not in page
    builders.sign_in(client, priya)
    assert client.get(address(one)).location.startswith(address(secret))


def test_archived_pages_stand_in_no_list_and_come_back(client, app, database, priya, pages, rep):
    run(database, shelf.archive, builders.actor_of(database, priya), pages[0].id)
    builders.drain(app)
    finder = app.extensions["fieldhouse"][Finder]
    finder.index.refresh()
    assert client.get(address(pages[0])).status_code == 404
    assert ">One</a>" not in client.get("/playbooks").text
    with database.reading() as session:
        assert finder.search(session, builders.actor_of(database, priya), read("One")).total == 0
    builders.sign_in(client, priya)
    assert ">One</a>" in client.get("/playbooks/archive").text
    assert "Archived: it stands in no list" in client.get(address(pages[0])).text
    builders.post(client, address(pages[0], "/moves/bring_back"))
    builders.drain(app)
    finder.index.refresh()
    with database.reading() as session:
        assert finder.search(session, builders.actor_of(database, rep), read("One")).total == 1


def test_an_edit_of_what_is_obsolete_or_archived_is_refused(client, database, priya, pages):
    builders.sign_in(client, priya)
    replaced(database, priya, pages[0], None, "Gone")
    builders.post(client, address(pages[1], "/moves/archive"))
    for old in pages[:2]:
        form = {"title": "T", "text": "X", "stage": "", "tags": "", "version": "1"}
        assert client.get(address(old, "/edit")).status_code == 403
        assert builders.post(client, address(old, "/edit"), form).status_code == 403
        assert builders.post(client, address(old, "/history/1/restore"), {"version": "1"}).status_code == 403


def test_who_is_no_manager_archives_and_bins_nothing(database, pages):
    marta = builders.actor_of(database, builders.add_person(database, "Marta Klein", "publisher"))
    for act in (shelf.archive, shelf.put_in_bin):
        with pytest.raises(Forbidden):
            run(database, act, marta, pages[0].id)
    with pytest.raises(Conflict, match="this is published now"):
        run(database, shelf.bring_back, marta, pages[0].id)


def test_a_page_that_forwards_costs_few_statements(client, database, app_database, priya, pages, rep):
    replaced(database, priya, pages[0], pages[1])
    for path in (address(pages[0]), address(pages[0], "?old=yes"), address(pages[1])):
        with count_statements(app_database) as counted:
            client.get(path)
        assert len(counted) <= 8, (path, counted.statements)
