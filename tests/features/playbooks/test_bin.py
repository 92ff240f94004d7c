"""The bin: what is put there is gone, comes back as it was, and is deleted after thirty days by the worker."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.errors import NotFound
from portal.core.jobs import enqueue
from portal.features.playbooks import shelf_operations as shelf
from portal.features.playbooks.forms import ObsoleteInput
from portal.features.playbooks.models import Playbook
from portal.shared.items.models import BinEntry, Item, ItemMove, Revision
from portal.shared.items.operations import hide_item
from portal.wiring import LISTENERS, SCHEDULE
from tests import builders

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the clocks change in the night after it


@pytest.fixture
def priya(database):
    """A manager."""
    return builders.add_person(database, "Priya Shah", "manager")


@pytest.fixture
def pages(database, priya):
    """Three published pages."""
    return [builders.write_playbook(database, priya, title, f"Words of {title}.") for title in ("One", "Two", "Three")]


def address(playbook, rest=""):
    return f"/playbooks/{playbook.id}-{playbook.slug}{rest}"


def run(database, act, *given):
    with database.writing() as session:
        session.info["listeners"] = LISTENERS
        result = act(session, *given)
        session.commit()
        return result


def test_what_is_in_the_bin_is_gone_for_everybody_and_comes_back_as_it_was(client, database, priya, pages):
    builders.sign_in(client, priya)
    assert "In the bin." in builders.post(client, address(pages[0], "/moves/bin"), follow_redirects=True).text
    assert client.get(address(pages[0])).status_code == 404
    page = client.get("/playbooks/bin").text
    assert "One" in page
    assert "29 days left" in page
    assert builders.post(client, address(pages[0], "/moves/restore")).location == "/playbooks/bin"
    assert client.get(address(pages[0])).status_code == 200
    assert "The bin is empty" in client.get("/playbooks/bin").text
    assert builders.post(client, address(pages[0], "/moves/restore")).status_code == 404
    history = client.get(address(pages[0], "/history")).text
    assert history.index("took it out of the bin") < history.index("put it in the bin")


def test_the_bin_shows_others_nothing(client, database, priya, pages):
    marta = builders.add_person(database, "Marta Klein", "publisher")
    draft = builders.draft_playbook(database, marta, "Thrown away")
    run(database, shelf.put_in_bin, builders.actor_of(database, marta), draft.id)
    run(database, shelf.put_in_bin, builders.actor_of(database, priya), pages[0].id)
    shown = {}
    for name, role in (("Marta Klein", ""), ("Rita Rep", "rep"), ("Ada Admin", "admin")):
        person = builders.add_person(database, name, role) if role else marta
        builders.sign_in(client, person)
        page = client.get("/playbooks/bin").text
        shown[name] = [title for title in ("Thrown away", "One") if f"<b>{title}</b>" in page]
        if role != "admin":
            assert builders.post(client, address(pages[0], "/moves/restore")).status_code == 403
    assert shown == {"Marta Klein": ["Thrown away"], "Rita Rep": [], "Ada Admin": ["Thrown away", "One"]}


def test_the_bin_is_emptied_after_thirty_days_also_where_the_clocks_change(database, priya, pages):
    one, two, three = pages
    actor = builders.actor_of(database, priya)
    run(database, shelf.make_obsolete, actor, three.id, ObsoleteInput(one.id, ""))
    with clock.at(NOON):
        run(database, shelf.put_in_bin, actor, one.id)
    with clock.at(NOON + timedelta(days=1)):
        run(database, shelf.put_in_bin, actor, two.id)
    hidden = builders.write_playbook(database, priya, "Hidden for another reason")
    run(database, hide_item, actor, hidden.id)
    for days, left in ((29.9, 4), (30, 3), (30.5, 3)):
        with clock.at(NOON + timedelta(days=days)):
            run(database, shelf.empty_bin)
        with database.reading() as session:
            assert len(session.scalars(select(Item.id)).all()) == left, days
    with database.reading() as session:
        follower = session.get_one(Playbook, three.id)
        assert (follower.successor_id, follower.obsolete_reason) == (None, "Its successor was deleted.")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "deleted from the bin")).one()
        assert entry.subject == f"playbook {one.id}: One"
        assert session.scalars(select(BinEntry.item_id)).all() == [two.id]
        assert not session.scalars(select(Revision).where(Revision.item_id == one.id)).all()
        assert not session.scalars(select(ItemMove).where(ItemMove.item_id == one.id)).all()
        assert session.get(Item, hidden.id) is not None
    with pytest.raises(NotFound):
        run(database, shelf.restore, actor, one.id)


def test_the_bin_is_emptied_every_night_by_the_worker(app, database, priya, pages):
    assert SCHEDULE[shelf.EMPTYING].next_after(NOON) == NOON.replace(day=29, hour=3)
    with clock.at(NOON - timedelta(days=400)):
        run(database, shelf.put_in_bin, builders.actor_of(database, priya), pages[0].id)
    with database.writing() as session:
        enqueue(session, shelf.EMPTYING)
        session.commit()
    builders.drain(app)
    with database.reading() as session:
        assert session.get(Item, pages[0].id) is None
