"""What readers see of trust: verified, due soon, stale, without an owner; on pages, in rows, in searches, by day."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.core import clock
from portal.core.jobs import Job
from portal.shared.finding.finder import Finder
from portal.shared.finding.syntax import read as read_query
from portal.shared.items.models import DUE_DAYS, Item
from portal.shared.items.pages import mark_text
from portal.shared.people import operations as people
from portal.shared.people.models import Person
from tests import builders
from tests.features.trust.conftest import NOON, disable, name, verify
from tests.plugins.statements import count_statements

LAST = date(2026, 6, 1)
"""The last day of what was verified at NOON for 90 days."""


@pytest.fixture
def pages(database, priya, marta, dana):
    """A playbook and an answer, both verified at NOON."""
    playbook = builders.write_playbook(database, marta, "Meters and floats", "Bring a meter.")
    asked = builders.ask_objection(database, dana, "Meters are too dear")
    answer = builders.post_answer(database, dana, asked, "What does a stop cost?")
    for item in (playbook, answer):
        verify(database, priya, item)
    return playbook, asked


@pytest.fixture
def find(app, database, priya, pages):
    """Titles, marks and the counts of states of a search, as Priya has them on a day."""
    builders.drain(app)
    finder = app.extensions["fieldhouse"][Finder]
    finder.index.refresh()

    def ask(query, day=LAST):
        with clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)), database.reading() as session:
            found = finder.search(session, builders.actor_of(database, priya), read_query(query))
        states = {one.name: one.count for group in found.facets if group.title == "State" for one in group.choices}
        return sorted((row.title, row.mark, row.is_unowned) for row in found.rows), states

    return ask


def both(mark, is_unowned=False):
    return [("Meters and floats", mark, is_unowned), ("Meters are too dear", mark, is_unowned)]


def test_the_mark_goes_from_verified_over_due_to_stale_by_the_day():
    item = Item(verified_on=NOON.date(), verify_by=LAST)
    marks = {days: item.mark_on(LAST + timedelta(days=days)) for days in (-DUE_DAYS - 1, -DUE_DAYS, 0, 1)}
    assert marks == {-15: "verified", -14: "due", 0: "due", 1: "stale"}
    assert [mark_text(item, LAST + timedelta(days=days)) for days in (-20, 0, 1)] == [
        "Verified until 1 Jun", "Verified, due 1 Jun", "Stale since 1 Jun",
    ]  # fmt: skip
    assert Item().mark_on(LAST) == mark_text(Item(), LAST) == ""


def test_what_turns_stale_at_midnight_is_found_as_stale_without_a_write_to_the_index(find):
    early, due, late = LAST - timedelta(days=15), LAST, LAST + timedelta(days=1)
    assert find("meters is:verified", early) == (both("verified"), {"Verified": 2})
    assert find("meters is:due", early)[0] == []
    assert find("meters is:due", due) == (both("due"), {"Verified": 2, "Due soon": 2})
    assert find("meters is:verified", due)[0] == both("due"), "what is due soon is still verified"
    assert find("meters is:stale", due)[0] == []
    assert find("meters is:stale", late) == (both("stale"), {"Stale": 2})
    assert find("meters is:verified is:stale", late)[0] == both("stale")
    assert find("meters is:verified", late)[0] == []
    assert find("meters is:due type:playbook", due)[0] == both("due")[:1]


def test_midnight_is_the_company_s(find, monkeypatch):
    monkeypatch.setattr(clock._Company, "zone", ZoneInfo("Pacific/Auckland"))
    assert find("meters is:stale", LAST)[0] == both("stale"), "noon in London is the next day in Auckland"


def test_what_somebody_owned_who_left_is_without_an_owner_until_they_are_back(app, database, find, marta, dana, priya):
    assert find("is:unowned")[0] == []
    for person in (marta, dana):
        disable(database, person)
    builders.drain(app)
    app.extensions["fieldhouse"][Finder].index.refresh()
    rows, states = find("meters is:unowned")
    assert rows == both("due", is_unowned=True)
    assert states["No owner"] == 2
    with database.writing() as session:
        people.enable_person(session, None, session.get_one(Person, marta.id))
        session.commit()
    builders.drain(app)
    app.extensions["fieldhouse"][Finder].index.refresh()
    assert [title for title, *_ in find("is:unowned")[0]] == ["Meters are too dear"]


def test_another_owner_and_another_interval_are_found_without_more(app, database, find, pages, marta, priya):
    disable(database, marta)
    name(database, priya, pages[0], owner_id=priya.id, days=7)
    builders.drain(app)
    app.extensions["fieldhouse"][Finder].index.refresh()
    assert find("floats", date(2026, 3, 11))[0] == [("Meters and floats", "stale", False)]


def test_an_obsolete_page_is_neither_stale_nor_without_an_owner(app, database, client, find, pages, priya, marta):
    builders.sign_in(client, priya)
    address = f"/playbooks/{pages[0].id}-{pages[0].slug}"
    assert builders.post(client, f"{address}/obsolete", {"reason": "No longer sold."}).status_code == 303
    disable(database, marta)
    builders.drain(app)
    app.extensions["fieldhouse"][Finder].index.refresh()
    late = LAST + timedelta(days=1)
    assert find("floats is:obsolete", late)[0] == [("Meters and floats", "obsolete", False)]
    assert find("floats is:stale", late)[0] == find("floats is:unowned", late)[0] == []


def test_pages_and_lists_show_the_marks_in_words_beside_a_sign(client, database, app_database, pages, marta, dana):
    for person in (marta, dana):
        disable(database, person)
    builders.sign_in(client, builders.add_person(database, "Omar Haddad"))
    playbook, asked = pages
    paths = (f"/playbooks/{playbook.id}-{playbook.slug}", "/playbooks", f"/objections/{asked.id}-{asked.slug}",
             "/objections")  # fmt: skip
    for path in paths:
        with count_statements(app_database) as counted:
            page = client.get(path).text
        assert re.search(r'<span class="stale">Stale since 1 Jun', page), path
        assert '<span class="unowned">No owner</span>' in page, path
        reads = [one for one in counted.statements if one.startswith(("SELECT", "WITH"))]
        assert len(reads) <= 8, (path, reads)  # what was opened is written down beside it, by a thread of its own


def test_the_states_are_offered_while_typing(client, database, app, find, priya):
    builders.sign_in(client, priya)
    page = client.get("/search/suggest", query_string={"q": "is:"}).text
    assert "is:stale" in page
    assert "is:nothing" not in page
    assert "There is no state" in client.get("/search", query_string={"q": "is:nothing"}).text
    assert "is:due" in client.get("/search", query_string={"q": "is:nothing"}).text
    assert "is:unowned" in client.get("/search", query_string={"q": "is:nothing"}).text


def test_whoever_changes_only_a_name_has_nothing_indexed_anew(database, marta, pages):
    with database.writing() as session:
        session.execute(Job.__table__.delete())
        person = session.get_one(Person, marta.id)
        people.sign_out_person(session, None, person)
        session.commit()
    with database.reading() as session:
        assert not session.query(Job).filter(Job.kind == "index").count()
