"""Who has the form of an item open is said to those who may open it too, for as long as it is open."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.shared.drafts.models import Editing
from portal.shared.drafts.queries import STAYS
from portal.shared.items.queries import url_of
from tests import builders
from tests.features.drafts.conftest import KINDS

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
SAYS = "has been editing this since"


@pytest.fixture
def browser_of(app):
    """A browser of its own for each person."""

    def open_browser(person):
        client = app.test_client()
        builders.sign_in(client, person)
        return client

    return open_browser


def beat(client, item, **more):
    return builders.post(client, f"/items/{item.id}/editing", more, headers={"HX-Request": "true"})


@pytest.mark.parametrize("kind", KINDS)
def test_others_at_the_same_form_hear_of_each_other(browser_of, written, dana, priya, kind):
    item, form = getattr(written, kind), written.form_of(kind)
    first, second = browser_of(dana), browser_of(priya)
    with clock.at(clock.now()) as began:
        assert SAYS not in first.get(form).text
        assert beat(first, item).text.strip() == ""
        assert SAYS not in first.get(form).text
        page = second.get(form).text
        assert "Dana Ruiz" in page
        assert SAYS in page
        heard = beat(second, item)
    assert (heard.status_code, "Dana Ruiz" in heard.text, "<h1" in heard.text) == (200, True, False)
    with clock.at(began + timedelta(seconds=15)):
        assert "Priya Shah" in beat(first, item).text
        assert beat(second, item, ends="yes").status_code == 204
        assert beat(first, item).text.strip() == ""
    reading = url_of(item.kind, item.id, item.slug) if kind != "answer" else f"/objections/{written.objection.id}-x"
    assert SAYS not in second.get(reading, follow_redirects=True).text


def test_it_ends_by_itself_and_begins_anew(browser_of, database, written, dana, priya):
    item, first, second = written.playbook, browser_of(dana), browser_of(priya)

    def since():
        with database.reading() as session:
            return session.scalars(select(Editing.since).where(Editing.person_id == dana.id)).one()

    began = clock.now()
    for seconds, expected in ((0, 0), (15, 0), (30, 0), (70, 0), (120, 120)):
        with clock.at(began + timedelta(seconds=seconds)) as now:
            beat(first, item)
            assert since() == began + timedelta(seconds=expected), seconds
    with clock.at(now + STAYS - timedelta(seconds=1)):
        assert "Dana Ruiz" in beat(second, item).text
    with clock.at(now + STAYS):
        assert "Dana Ruiz" not in beat(second, item).text
        assert SAYS not in second.get(written.form_of("playbook")).text


def test_saving_is_never_in_the_way_of_anybody(browser_of, written, dana, priya):
    first, second = browser_of(dana), browser_of(priya)
    beat(first, written.playbook)
    form = {"title": "By Priya", "text": "Text", "version": "1"}
    assert builders.post(second, written.form_of("playbook"), form).status_code == 303


def test_only_who_may_edit_says_it_or_hears_it(client, browser_of, written, dana, priya, omar, hide):
    item = written.playbook
    assert beat(client, item).status_code == 401
    reader = browser_of(omar)
    assert beat(reader, item).status_code == 403
    assert reader.post(f"/items/{item.id}/editing").status_code == 400
    assert reader.get(f"/items/{item.id}/editing").status_code == 405
    writer = browser_of(dana)
    assert builders.post(writer, "/items/99999/editing").status_code == 404
    for hidden, also in ((written.playbook, None), (written.objection, written.answer)):
        assert beat(writer, hidden).status_code == 200
        hide(hidden)
        assert beat(writer, hidden).status_code == 404
        assert also is None or beat(writer, also).status_code == 404
        assert beat(writer, hidden, ends="yes").status_code == 204


def test_what_has_ended_is_edited_by_nobody(browser_of, database, written, dana, priya):
    curator = browser_of(priya)
    archived = builders.post(curator, f"/playbooks/{written.playbook.id}-x/moves/archive", {"version": "1"})
    assert archived.status_code in (303, 404)
    with database.writing() as session:
        session.get_one(type(written.playbook), written.playbook.id).status = "archived"
        session.commit()
    assert beat(curator, written.playbook).status_code == 403


def test_an_item_for_others_is_not_there(browser_of, database, dana, priya):
    department = builders.add_department(database, "Marketing")
    secret = builders.write_playbook(database, dana, "Secret", audience=(f"dep:{department.id}",))
    assert beat(browser_of(priya), secret).status_code == 404


def test_nobody_is_named_while_the_screen_is_shared(browser_of, written, dana, priya):
    first, second = browser_of(dana), browser_of(priya)
    beat(first, written.playbook)
    builders.post(second, "/screen", {"shared": "yes"})
    assert beat(second, written.playbook).text.strip() == ""
    assert "Dana" not in second.get(written.form_of("playbook")).text
