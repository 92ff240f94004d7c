"""Many edit the same text at once: one wins, the others are told, and nothing is lost."""

import threading

import pytest

from portal.core.db import Database
from portal.features.objections.forms import AnswerInput, AskedInput
from portal.features.objections.models import Answer, Asked
from portal.features.objections.operations import (
    choose_answer,
    edit_answer,
    edit_asked,
    prepare_answer,
    prepare_asked,
)
from portal.shared.items.models import Item
from portal.shared.items.operations import Overtaken, lock_visible
from portal.shared.items.queries import list_revisions
from portal.wiring import LISTENERS
from tests.builders import actor_of, add_person, ask_objection, post_answer

WRITERS = 20


@pytest.fixture
def database(database_url: str) -> Database:
    """A database with a connection for each writer, as processes would have."""
    opened = Database(database_url, pool_size=WRITERS + 2, listeners=LISTENERS)
    yield opened
    opened.dispose()


def race(work) -> tuple[list[int], list[int]]:
    """Everybody starts at once; who won, and which version the others were told."""
    start, won, told = threading.Barrier(WRITERS, timeout=20), [], []

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
            won.append(number)
        except Overtaken as overtaken:
            told.append(overtaken.current)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return won, told


def test_of_twenty_edits_of_one_version_exactly_one_wins(database: Database) -> None:
    dana = add_person(database)
    asked, actor = ask_objection(database, dana, "Version 1"), actor_of(database, dana)
    for version in range(1, 4):

        def work(number: int, version: int = version) -> None:
            prepared = prepare_asked(AskedInput(title=f"By {number}"))

            def unit() -> None:
                with database.writing() as session:
                    edit_asked(session, actor, asked.id, prepared, version)
                    session.commit()

            database.repeat(unit)

        won, told = race(work)
        assert len(won) == 1
        assert told == [version + 1] * (WRITERS - 1)
        with database.reading() as session:
            assert session.get_one(Item, asked.id).title == f"By {won[0]}"
            assert [one.version for one in list_revisions(session, asked.id)] == list(range(version + 1, 0, -1))


def test_edits_of_an_answer_race_the_same_way_though_they_touch_what_was_asked(database: Database) -> None:
    dana = add_person(database)
    asked = ask_objection(database, dana)
    answers = [post_answer(database, dana, asked, f"Answer {number}") for number in range(2)]
    actor = actor_of(database, dana)

    def work(number: int) -> None:
        prepared = prepare_answer(AnswerInput(say=f"By {number}"))

        def unit() -> None:
            with database.writing() as session:
                edit_answer(session, actor, answers[number % 2].id, prepared, 1)
                session.commit()

        database.repeat(unit)

    won, told = race(work)
    assert sorted(number % 2 for number in won) == [0, 1]
    assert told == [2] * (WRITERS - 2)
    with database.reading() as session:
        assert {session.get_one(Answer, one.id).version for one in answers} == {2}


def test_who_waited_for_an_item_sees_all_that_the_one_before_wrote(database: Database) -> None:
    dana = add_person(database)
    asked, actor = ask_objection(database, dana), actor_of(database, dana)
    answer = post_answer(database, dana, asked, "Answer")
    seen, waiting = list[int | None](), threading.Event()

    def look() -> None:
        with database.writing() as session:
            waiting.set()
            seen.append(lock_visible(session, actor, Asked, asked.id).chosen_answer_id)

    second = threading.Thread(target=look)
    with database.writing() as session:
        choose_answer(session, actor, asked.id, answer.id)
        second.start()
        assert waiting.wait(10)
        second.join(0.5)  # long enough to come to the lock; who is slower has only less to see
        assert not seen
        session.commit()
    second.join()
    assert seen == [answer.id]
