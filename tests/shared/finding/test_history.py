"""Searches grow old: nobody's name after two weeks, no row after half a year, and the counts stay right."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import Database
from portal.core.schedule import Scheduled, due_kinds
from portal.shared.finding.history_operations import clear_history, clear_search, settle_searches
from portal.shared.finding.models import SearchMade, SearchTotal, View
from portal.shared.finding.search_operations import Opened, Searched, record_searches
from portal.shared.people.models import Person
from portal.wiring import NIGHTLY, SCHEDULE
from tests import builders

NOW = datetime(2026, 11, 24, 3, 1, tzinfo=UTC)


@pytest.fixture
def people(database: Database) -> list[Person]:
    return [builders.add_person(database, name) for name in ("Dana Ruiz", "Omar Haddad", "Jonas Berg")]


def search(
    database: Database, person: Person, days: float, text: str = "zone 0", found: int = 0, key: str = ""
) -> None:
    """Somebody searched so many days ago, and perhaps opened something."""
    at = NOW - timedelta(days=days)
    with database.writing() as session:
        record_searches(session, [Searched(person.id, text, at, found, "page")])
        if key:
            record_searches(session, [Opened(person.id, text, at + timedelta(seconds=5), key)])
        session.commit()


def settle(database: Database, days: float = 0) -> None:
    with clock.at(NOW + timedelta(days=days)), database.writing() as session:
        settle_searches(session)
        session.commit()


def total(database: Database, normal: str = "0 zone") -> dict[str, int]:
    with database.reading() as session:
        row = session.scalars(select(SearchTotal).where(SearchTotal.normal == normal)).one()
    names = ("searches", "searchers", "without_result", "unopened", "settled")
    return {name: getattr(row, name) for name in names}


def named(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(SearchMade.person_id))) or 0


def test_after_two_weeks_the_person_is_a_count(database: Database, people: list[Person]) -> None:
    dana, omar, jonas = people
    search(database, dana, 20)
    search(database, dana, 16, "zone: 0")
    search(database, omar, 15, found=4)
    search(database, jonas, 13)
    assert total(database)["searches"] == 0
    for _ in range(2):
        settle(database)
        assert total(database) == {"searches": 3, "searchers": 2, "without_result": 2, "unopened": 1, "settled": 0}
        assert named(database) == 1
    settle(database, days=2)
    assert total(database) == {"searches": 4, "searchers": 3, "without_result": 3, "unopened": 1, "settled": 0}
    assert named(database) == 0


def test_who_comes_back_within_two_weeks_is_one_searcher(database: Database, people: list[Person]) -> None:
    for days in (40, 30, 20, 10):
        search(database, people[0], days)
    for days in range(-20, 20, 3):
        settle(database, days)
    assert total(database)["searchers"] == 1
    assert total(database)["searches"] == 4


def test_searchers_before_an_opening_are_settled(database: Database, people: list[Person]) -> None:
    dana, omar, jonas = people
    search(database, dana, 30)
    settle(database, days=-15)
    assert total(database)["settled"] == 0
    search(database, omar, 20, found=2, key="objection:40")
    assert total(database)["settled"] == 1
    search(database, jonas, 18)
    settle(database)
    assert total(database) == {"searches": 3, "searchers": 3, "without_result": 2, "unopened": 0, "settled": 2}


def test_rows_go_after_half_a_year_and_totals_stay(database: Database, people: list[Person]) -> None:
    search(database, people[0], 181)
    search(database, people[1], 179)
    asked = builders.ask_objection(database, people[0])
    with database.writing() as session:
        session.add(View(person_id=people[0].id, item_id=asked.id, at=NOW - timedelta(days=181)))
        session.commit()
    for _ in range(2):
        settle(database)
        with database.reading() as session:
            assert session.scalar(select(func.count(SearchMade.id))) == 1
            assert session.scalar(select(func.count()).select_from(View)) == 0
    settle(database, days=3)
    with database.reading() as session:
        assert session.scalar(select(func.count(SearchMade.id))) == 0
    assert total(database)["searchers"] == 2


def test_beginnings_that_stood_for_a_moment_leave_no_total(database: Database, people: list[Person]) -> None:
    search(database, people[0], 3, "warr")
    with database.writing() as session:
        session.execute(update(SearchMade).values(words="warranty", normal="warranti"))
        session.commit()
    search(database, people[1], 3, "lead time")
    settle(database)
    with database.reading() as session:
        assert session.scalars(select(SearchTotal.normal)).all() == ["lead time"]


def test_cleared_searches_are_nobodys_and_still_counted_once(database: Database, people: list[Person]) -> None:
    dana, omar, _ = people
    search(database, dana, 3)
    search(database, dana, 2, "zone of 0")
    search(database, dana, 1, "warranty")
    search(database, omar, 1)
    actor = builders.actor_of(database, dana)
    with database.writing() as session:
        first = session.scalars(select(SearchMade.id).where(SearchMade.words == "zone of 0")).one()
        others = session.scalars(select(SearchMade.id).where(SearchMade.person_id == omar.id)).one()
        for number in (first, first, others, 9999):
            clear_search(session, actor, number)
        session.commit()
    assert (named(database), total(database)["searchers"]) == (3, 0), "the older one still bears the name"
    for _ in range(2):
        with database.writing() as session:
            clear_history(session, actor)
            session.commit()
    assert named(database) == 1
    assert total(database)["searchers"] == total(database, "warranti")["searchers"] == 1
    assert total(database)["searches"] == 2


def test_job_runs_by_the_clock_once_a_night(app: Flask, app_database: Database) -> None:
    dana = builders.add_person(app_database)
    search(app_database, dana, 20)
    for moment, expected in ((NOW - timedelta(hours=6), []), (NOW, ["empty_bin", "searches", "tidy"]), (NOW, [])):
        with clock.at(moment), app_database.writing() as session:
            assert sorted(due_kinds(session, {kind: SCHEDULE[kind] for kind in NIGHTLY})) == expected
            session.commit()
    with clock.at(NOW):
        builders.drain(app)
    assert named(app_database) == 0
    with app_database.reading() as session:
        assert session.get_one(Scheduled, "searches").next_at > NOW
