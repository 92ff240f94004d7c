"""Tags and vocabularies: one tag a name, one word a place, nothing lost when a word is retired."""

import threading

import pytest
from sqlalchemy import func, select

from portal.core.audit import AuditEntry
from portal.core.db import Database
from portal.core.errors import Invalid, NotFound
from portal.core.jobs import Job
from portal.shared.tags.models import VOCABULARIES, ItemTag, Tag, Term
from portal.shared.tags.operations import add_term, change_term, find_or_add_tag, move_term, set_tags
from portal.shared.tags.queries import find_tags, list_tags, list_terms
from tests.builders import add_person, ask_objection


@pytest.fixture
def item_id(database: Database) -> int:
    """Something that bears tags."""
    return ask_objection(database, add_person(database)).id


def tag(database: Database, item_id: int, *names: str) -> list[str]:
    with database.writing() as session:
        set_tags(session, item_id, names)
        session.commit()
    with database.reading() as session:
        return [one.name for one in find_tags(session, [item_id]).get(item_id, [])]


def terms(database: Database, vocabulary: str = "stage", *, with_retired: bool = False) -> list[str]:
    with database.reading() as session:
        return [term.name for term in list_terms(session, vocabulary, with_retired=with_retired)]


def add(database: Database, *names: str) -> list[int]:
    with database.writing() as session:
        ids = [add_term(session, None, "stage", name).id for name in names]
        session.commit()
    return ids


def asked_for(database: Database) -> set[str]:
    with database.reading() as session:
        return {job.key for job in session.scalars(select(Job)) if job.key.startswith("tag:")}


def test_an_item_bears_exactly_the_tags_it_is_given(database: Database, item_id: int) -> None:
    assert tag(database, item_id, "Price", "Big deals") == ["Big deals", "Price"]
    assert tag(database, item_id, "Price", "Timing") == ["Price", "Timing"]
    assert tag(database, item_id) == []
    with database.reading() as session:
        assert [one.name for one in list_tags(session)] == ["Big deals", "Price", "Timing"]


def test_a_tag_is_the_same_in_upper_case_and_given_twice(database: Database, item_id: int) -> None:
    tag(database, item_id, "Price")
    assert tag(database, item_id, "PRICE", "price", "Price!") == ["Price"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ItemTag)) == 1


@pytest.mark.parametrize("name", ["", "!!!", "日本語", " "])
def test_a_tag_without_a_letter_for_its_address_is_refused(database: Database, item_id: int, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        tag(database, item_id, "Good", name)
    assert "tags" in caught.value.errors
    with database.reading() as session:
        assert list_tags(session) == []


def test_a_long_name_is_cut_and_found_again(database: Database) -> None:
    name = "word " * 40
    for _ in range(2):
        with database.writing() as session:
            made = find_or_add_tag(session, name, "topic")
            assert len(made.name) <= 80
            session.commit()
    with database.reading() as session:
        assert len(list_tags(session)) == 1


def test_tags_that_come_or_go_are_indexed_again_and_others_not(database: Database, item_id: int) -> None:
    tag(database, item_id, "Stays", "Goes")
    with database.writing() as session:
        session.execute(Job.__table__.delete())
        session.commit()
    tag(database, item_id, "Stays", "Comes")
    with database.reading() as session:
        ids = {one.name: one.id for one in list_tags(session)}
    assert asked_for(database) == {f"tag:{ids['Goes']}", f"tag:{ids['Comes']}"}


def test_the_same_new_tag_at_once_is_one_tag(database: Database) -> None:
    person = add_person(database)
    items = [ask_objection(database, person, f"Objection {number}").id for number in range(8)]
    start, wrong = threading.Barrier(len(items), timeout=20), []

    def work(item_id: int) -> None:
        def unit() -> None:
            with database.writing() as session:
                set_tags(session, item_id, ["Brand new", "Other"] if item_id % 2 else ["Other", "Brand new"])
                session.commit()

        start.wait()
        try:
            database.repeat(unit)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(item_id,)) for item_id in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    with database.reading() as session:
        assert [one.name for one in list_tags(session)] == ["Brand new", "Other"]
        assert session.scalar(select(func.count()).select_from(ItemTag)) == 16


def test_words_stand_in_the_order_in_which_they_came(database: Database) -> None:
    add(database, "Prospecting", "Discovery", "Closing")
    assert terms(database) == ["Prospecting", "Discovery", "Closing"]
    assert terms(database, "category") == []


@pytest.mark.parametrize("name", ["Discovery", "discovery", "DISCOVERY!", "", "日本語"])
def test_a_word_that_is_there_or_has_no_letter_is_refused(database: Database, name: str) -> None:
    add(database, "Discovery")
    with pytest.raises(Invalid):
        add(database, name)
    assert terms(database) == ["Discovery"]


def test_a_retired_word_is_offered_no_more_and_stays_readable(database: Database) -> None:
    first, _ = add(database, "Prospecting", "Discovery")
    with database.writing() as session:
        change_term(session, None, first, name="Finding buyers", is_retired=True)
        session.commit()
    assert terms(database) == ["Discovery"]
    assert terms(database, with_retired=True) == ["Finding buyers", "Discovery"]
    with database.reading() as session:
        assert session.get_one(Term, first).slug == "prospecting"


def test_a_word_cannot_take_the_name_of_another(database: Database) -> None:
    first, _ = add(database, "Prospecting", "Discovery")
    with database.writing() as session, pytest.raises(Invalid):
        change_term(session, None, first, name="discovery", is_retired=False)
    with database.writing() as session:
        change_term(session, None, first, name="PROSPECTING", is_retired=False)
        session.commit()
    assert terms(database) == ["PROSPECTING", "Discovery"]


def test_a_word_moves_up_and_down_and_stops_at_the_ends(database: Database) -> None:
    ids = add(database, "One", "Two", "Three")
    for term_id, steps, order in (
        (ids[2], -1, ["One", "Three", "Two"]),
        (ids[2], -1, ["Three", "One", "Two"]),
        (ids[2], -1, ["Three", "One", "Two"]),
        (ids[2], 1, ["One", "Three", "Two"]),
        (ids[1], 1, ["One", "Three", "Two"]),
    ):
        with database.writing() as session:
            move_term(session, None, term_id, steps)
            session.commit()
        assert terms(database) == order


def test_a_word_that_is_not_there_is_not_found(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(NotFound):
            change_term(session, None, 999, name="x", is_retired=False)
        with pytest.raises(NotFound):
            move_term(session, None, 999, 1)


def test_every_change_of_a_vocabulary_is_noted(database: Database) -> None:
    person = add_person(database)
    with database.writing() as session:
        term = add_term(session, person.id, "stage", "Discovery")
        change_term(session, person.id, term.id, name="Discovering", is_retired=False)
        session.commit()
    with database.reading() as session:
        noted = session.execute(
            select(AuditEntry.actor_id, AuditEntry.subject)
            .where(AuditEntry.act == "vocabulary changed")
            .order_by(AuditEntry.id)
        ).all()
    assert [tuple(row) for row in noted] == [(person.id, "stage: Discovery")] * 2


def test_tags_of_nothing_are_none(database: Database) -> None:
    with database.reading() as session:
        assert find_tags(session, []) == {}
        assert session.scalars(select(Tag)).all() == []
    assert VOCABULARIES == ("stage", "category", "tag_kind")
