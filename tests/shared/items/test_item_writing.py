"""Making, revising, verifying and hiding: what every kind of item shares."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import events
from portal.core import clock
from portal.core.db import Database
from portal.core.errors import Forbidden, NotFound
from portal.features.objections.forms import AskedInput
from portal.features.objections.operations import edit_asked, prepare_asked
from portal.shared.items.models import Item, ItemAudience, ItemLink, Revision
from portal.shared.items.operations import (
    Overtaken,
    hide_item,
    lock_item,
    refuse_unknown,
    restore_item,
)
from portal.shared.items.queries import find_item, find_revision, list_audiences, list_revisions
from portal.shared.items.trust_operations import verify_item
from tests.builders import actor_of, add_person, ask_objection

NOON = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def heard(database: Database) -> list[object]:
    """Every event of this test, in its order."""
    happened: list[object] = []
    kinds = (events.ObjectionAsked, events.ItemEdited, events.ItemVerified, events.ItemHidden, events.ItemRestored)
    database.listeners = {kind: (lambda session, event: happened.append(event),) for kind in kinds}
    return happened


def item(database: Database, item_id: int) -> Item:
    with database.reading() as session:
        return session.get_one(Item, item_id)


def edit(database: Database, person, item_id: int, version: int, title: str, text: str = "") -> None:
    actor, prepared = actor_of(database, person), prepare_asked(AskedInput(title=title, text=text, reason="clearer"))
    with database.writing() as session:
        edit_asked(session, actor, item_id, prepared, version)
        session.commit()


def write(database: Database, act, *given) -> None:
    with database.writing() as session:
        act(session, *given)
        session.commit()


def test_a_new_item_has_a_first_revision_and_is_for_everybody(database: Database) -> None:
    dana = add_person(database)
    with clock.at(NOON):
        asked = ask_objection(database, dana, "Too expensive", text="They *say* so.")
    made = item(database, asked.id)
    assert (made.version, made.votes, made.slug, made.created_at, made.updated_at) == (
        1,
        0,
        "too-expensive",
        NOON,
        NOON,
    )
    assert "<em>say</em>" in made.html
    with database.reading() as session:
        (revision,) = list_revisions(session, asked.id)
        assert (revision.version, revision.base_version, revision.state, revision.author.id) == (
            1,
            0,
            "published",
            dana.id,
        )
        assert made.published_revision_id == revision.id
        assert list_audiences(session, [asked.id]) == {asked.id: ("all",)}


def test_a_new_item_may_be_for_some_alone(database: Database) -> None:
    asked = ask_objection(database, add_person(database), audience=("team:2", "dep:3", "team:2"))
    with database.reading() as session:
        assert session.scalars(select(ItemAudience.audience).order_by(ItemAudience.audience)).all() == [
            "dep:3",
            "team:2",
        ]
        assert list_audiences(session, [asked.id, 999]) == {asked.id: ("dep:3", "team:2")}


def test_each_edit_is_a_revision_and_the_old_words_stay(database: Database, heard: list[object]) -> None:
    dana, mara = add_person(database), add_person(database, "Mara Manager", "manager")
    asked = ask_objection(database, dana, "Too dear")
    with clock.at(NOON):
        edit(database, mara, asked.id, 1, "Too expensive")
    assert (item(database, asked.id).version, item(database, asked.id).updated_at) == (2, NOON)
    with database.reading() as session:
        listed = list_revisions(session, asked.id)
        assert [(one.version, one.base_version, one.author_id, one.reason) for one in listed] == [
            (2, 1, mara.id, "clearer"), (1, 0, dana.id, ""),
        ]  # fmt: skip
        first, second, none = (find_revision(session, asked.id, version) for version in (1, 2, 3))
    assert first is not None
    assert second is not None
    assert (first.content["title"], second.content["title"], none) == ("Too dear", "Too expensive", None)
    assert item(database, asked.id).published_revision_id == second.id
    assert heard == [
        events.ObjectionAsked(asked.id, "objection", dana.id),
        events.ItemEdited(asked.id, "objection", mara.id),
    ]


def test_an_edit_of_an_older_text_is_refused_and_changes_nothing(database: Database) -> None:
    dana = add_person(database)
    asked = ask_objection(database, dana, "One")
    edit(database, dana, asked.id, 1, "Two")
    for old in (0, 1, 3):
        with pytest.raises(Overtaken) as caught:
            edit(database, dana, asked.id, old, "Three")
        assert caught.value.current == 2
    assert item(database, asked.id).title == "Two"


def test_links_follow_the_text_to_items_that_are_there(database: Database) -> None:
    dana = add_person(database)
    one, other = (ask_objection(database, dana, title) for title in ("One", "Other"))
    text = f"See [[{one.id}]], [[{one.id}]] and [[{other.id}]]; [[999]] and [[{9 * 10**15}]] are none."
    third = ask_objection(database, dana, "Third", text=text)

    def targets() -> list[int]:
        with database.reading() as session:
            links = select(ItemLink.target_id).where(ItemLink.source_id == third.id)
            return list(session.scalars(links.order_by(ItemLink.target_id)))

    assert targets() == [one.id, other.id]
    edit(database, dana, third.id, 1, "Third", f"See [[{other.id}]] and [[{third.id}]] itself.")
    assert targets() == [other.id]
    edit(database, dana, third.id, 2, "Third", "See nothing.")
    assert targets() == []


def test_a_hidden_item_is_gone_for_everybody_and_comes_back_whole(database: Database, heard: list[object]) -> None:
    dana, mara = add_person(database), add_person(database, "Mara Manager", "manager")
    asked, manager = ask_objection(database, dana), actor_of(database, mara)

    def seen() -> list[bool]:
        with database.reading() as session:
            return [find_item(session, actor_of(database, one), asked.id) is not None for one in (dana, mara)]

    write(database, hide_item, manager, asked.id)
    assert seen() == [False, False]
    write(database, restore_item, manager, asked.id)
    assert seen() == [True, True]
    assert heard[1:] == [
        events.ItemHidden(asked.id, "objection", mara.id), events.ItemRestored(asked.id, "objection", mara.id),
    ]  # fmt: skip


def test_only_managers_and_admins_take_what_is_published_from_view(database: Database) -> None:
    dana = add_person(database)
    asked = ask_objection(database, dana)
    for act in (hide_item, restore_item):
        with pytest.raises(Forbidden):
            write(database, act, actor_of(database, dana), asked.id)
    write(database, hide_item, actor_of(database, add_person(database, "Ada Admin", "admin")), asked.id)


def test_somebody_vouches_until_a_day(database: Database, heard: list[object]) -> None:
    mara = add_person(database, "Mara Manager", "manager")
    asked = ask_objection(database, mara)
    assert item(database, asked.id).mark_on(date(2026, 3, 30)) == ""
    with clock.at(NOON):
        write(database, verify_item, actor_of(database, mara), asked.id)
    verified = item(database, asked.id)
    assert (verified.verified_on, verified.verify_by) == (date(2026, 3, 30), date(2026, 6, 28))
    assert verified.verified_by_id == mara.id
    assert verified.version == 1
    assert [verified.mark_on(verified.verify_by + timedelta(days=days)) for days in (-15, -14, 0, 1)] == [
        "verified", "due", "due", "stale",
    ]  # fmt: skip
    assert heard[1:] == [events.ItemVerified(asked.id, "objection", mara.id)]


def test_a_verification_counts_from_the_day_that_it_is_for_the_company(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara = add_person(database, "Mara Manager", "manager")
    asked = ask_objection(database, mara)
    monkeypatch.setattr(clock._Company, "zone", ZoneInfo("Pacific/Auckland"))
    with database.writing() as session:
        session.get_one(Item, asked.id).verify_days = 30
        session.commit()
    with clock.at(datetime(2026, 3, 29, 23, 0, tzinfo=UTC)):
        write(database, verify_item, actor_of(database, mara), asked.id)
        assert item(database, asked.id).mark_on(clock.today()) == "verified"
    assert item(database, asked.id).verify_by == date(2026, 4, 29)


def test_a_row_that_is_gone_cannot_be_locked(database: Database) -> None:
    with database.writing() as session, pytest.raises(NotFound):
        lock_item(session, 12345)


@pytest.mark.parametrize("backend", [pytest.param("postgres", marks=pytest.mark.needs_postgres)])
def test_a_locked_row_is_read_anew_after_waiting(backend, database: Database) -> None:
    dana = add_person(database)
    asked = ask_objection(database, dana, "One")
    with database.writing() as session:
        stale = session.get_one(Item, asked.id)
        edit(database, dana, asked.id, 1, "Two")
        assert (stale.title, stale.version) == ("One", 1)
        assert lock_item(session, asked.id) is stale
        assert (stale.title, stale.version) == ("Two", 2)


def test_a_kind_without_the_act_is_not_found() -> None:
    with pytest.raises(NotFound, match="A contact has no such act"):
        refuse_unknown("contact")


def test_revisions_of_an_item_bear_each_version_once(database: Database) -> None:
    asked = ask_objection(database, add_person(database))
    with database.reading() as session:
        assert len(session.scalars(select(Revision).where(Revision.item_id == asked.id)).all()) == 1
