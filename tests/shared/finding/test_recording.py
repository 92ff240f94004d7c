"""What was searched and opened, as it is written down: one typing is one search, and an opened thing closes a gap."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core.db import Database
from portal.shared.finding.models import SearchMade, SearchTotal, View
from portal.shared.finding.search_operations import (
    AskPressed,
    Opened,
    Searched,
    SearchNote,
    Viewed,
    record_asked,
    record_searches,
    record_views,
)
from portal.shared.people.models import Person
from tests import builders

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def dana(database: Database) -> Person:
    return builders.add_person(database)


def typed(person: Person, text: str, seconds: float, found: int = 3, origin: str = "suggest") -> Searched:
    return Searched(person.id, text, NOON + timedelta(seconds=seconds), found, origin)


def opened(person: Person, text: str, seconds: float, key: str = "objection:40") -> Opened:
    return Opened(person.id, text, NOON + timedelta(seconds=seconds), key)


def record(database: Database, *notes: SearchNote) -> None:
    with database.writing() as session:
        record_searches(session, notes)
        session.commit()


def made(database: Database) -> list[tuple[str, int, str, str | None]]:
    with database.reading() as session:
        rows = session.scalars(select(SearchMade).order_by(SearchMade.id))
        return [(row.words, row.found, row.origin, row.opened) for row in rows]


def keystrokes(person: Person, text: str, start: float = 0) -> list[Searched]:
    return [typed(person, text[:length], start + length / 4, found=40 - length) for length in range(2, len(text) + 1)]


@pytest.mark.parametrize("batches", [1, 3, 12])
def test_keystrokes_of_one_typing_are_one_search(database: Database, dana: Person, batches: int) -> None:
    notes = keystrokes(dana, "too expensive")
    for first in range(0, len(notes), -(-len(notes) // batches)):
        record(database, *notes[first : first + -(-len(notes) // batches)])
    assert made(database) == [("too expensive", 27, "suggest", None)]


def test_enter_after_typing_makes_it_a_search_of_the_page(database: Database, dana: Person) -> None:
    record(database, *keystrokes(dana, "too dear"), typed(dana, "too dear", 9, 5, "page"))
    record(database, typed(dana, "too dear", 600, 6, "page"))
    assert made(database) == [("too dear", 6, "page", None)]


def test_letters_taken_away_do_not_shorten_the_search(database: Database, dana: Person) -> None:
    record(database, *keystrokes(dana, "too dear"), *reversed(keystrokes(dana, "too dear")), typed(dana, "to", 9))
    assert made(database) == [("too dear", 32, "suggest", None)]


def test_a_mended_slip_is_the_same_search_and_other_words_are_another(database: Database, dana: Person) -> None:
    record(database, *keystrokes(dana, "discuont"), typed(dana, "disco", 4), typed(dana, "discount", 6))
    assert [words for words, *_ in made(database)] == ["discount"]
    record(database, *keystrokes(dana, "warranty", 20))
    assert [words for words, *_ in made(database)] == ["discount", "warranty"]
    record(database, typed(dana, "warranty pumps", 600), typed(dana, "warranty pumps dairy", 1200))
    assert len(made(database)) == 4, "minutes later it is another typing"


def test_what_was_sent_is_a_search_of_its_own_and_another_figure_another_thing(
    database: Database, dana: Person
) -> None:
    record(
        database, typed(dana, "too dear", 1, origin="page"), typed(dana, "too de", 5), typed(dana, "too dear dairy", 9)
    )
    record(database, *keystrokes(dana, "x-200", 20), *keystrokes(dana, "x-300", 23))
    assert [words for words, *_ in made(database)] == ["too dear", "too dear dairy", "x-200", "x-300"]


def test_notes_that_other_processes_wrote_late_change_nothing(database: Database, dana: Person) -> None:
    notes = keystrokes(dana, "too expensive")
    record(database, *notes[1::2])
    record(database, *notes[::2])
    assert [words for words, *_ in made(database)] == ["too expensive"]


def test_two_people_who_type_the_same_are_two_searches(database: Database, dana: Person) -> None:
    omar = builders.add_person(database, "Omar Haddad")
    record(database, *keystrokes(dana, "too dear"), *keystrokes(omar, "dear too"))
    assert len(made(database)) == 2
    with database.reading() as session:
        total = session.scalars(select(SearchTotal).where(SearchTotal.normal == "dear too")).one()
    assert total.words == "dear too"
    assert total.last_found == 32


def test_what_was_opened_stands_on_its_search_and_on_the_normal_form(database: Database, dana: Person) -> None:
    record(database, *keystrokes(dana, "too dear"), opened(dana, "too dear", 5))
    assert made(database) == [("too dear", 32, "suggest", "objection:40")]
    with database.reading() as session:
        assert session.scalars(select(SearchTotal.opened_at).where(SearchTotal.normal == "dear too")).one()
    record(database, *keystrokes(dana, "warranty", 10))
    assert made(database)[0][3] == "objection:40", "a search that led somewhere is over"


def test_a_click_that_arrives_before_its_search_is_joined_to_it(database: Database, dana: Person) -> None:
    record(database, opened(dana, "too dear", 2))
    record(database, typed(dana, "too dear", 1, 7, "page"))
    assert made(database) == [("too dear", 7, "page", "objection:40")]


def test_operators_are_kept_and_do_not_count_as_words(database: Database, dana: Person) -> None:
    record(database, typed(dana, "too dear stage:negotiation -cheap", 1), typed(dana, "is:unanswered", 50))
    with database.reading() as session:
        rows = session.scalars(select(SearchMade).order_by(SearchMade.id)).all()
        assert [(row.words, row.normal) for row in rows] == [
            ("too dear stage:negotiation -cheap", "dear too"),
            ("is:unanswered", ""),
        ]
        assert session.scalars(select(SearchTotal.normal)).all() == ["dear too"]


def test_a_person_who_is_gone_meanwhile_leaves_no_search(database: Database, dana: Person) -> None:
    record(database, Searched(dana.id + 99, "too dear", NOON, 1, "page"), typed(dana, "warranty", 1))
    assert [words for words, *_ in made(database)] == ["warranty"]


def test_last_view_of_an_item_is_kept_once(database: Database, dana: Person) -> None:
    asked = builders.ask_objection(database, dana)
    notes = [Viewed(dana.id, asked.id, NOON + timedelta(hours=hour)) for hour in (2, 5, 1)]
    for _ in range(2):
        with database.writing() as session:
            record_views(session, [*notes, Viewed(dana.id, asked.id + 99, NOON), Viewed(dana.id + 99, asked.id, NOON)])
            session.commit()
    with database.reading() as session:
        assert session.scalars(select(View.at)).all() == [NOON + timedelta(hours=5)]


def test_pressing_ask_is_counted_for_the_normal_form(database: Database, dana: Person) -> None:
    with database.writing() as session:
        record_asked(session, [AskPressed("Too dear?", NOON), AskPressed("dear, too", NOON), AskPressed("…", NOON)])
        session.commit()
    with database.reading() as session:
        total = session.scalars(select(SearchTotal)).one()
    assert (total.normal, total.asked, total.asked_at) == ("dear too", 2, NOON)
