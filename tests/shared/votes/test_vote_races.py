"""Fifty people at once: fifty rows and the number fifty, each time."""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from portal.core.access import Actor
from portal.core.db import Database
from portal.core.errors import TooMany
from portal.features.objections.models import Asked
from portal.shared.items.models import Item
from portal.shared.votes.models import Vote
from portal.shared.votes.operations import AN_HOUR, cast_vote, recount_all, withdraw_vote
from portal.shared.votes.queries import list_drifted
from portal.wiring import LISTENERS
from tests.builders import actor_of, add_person, ask_objection, post_answer

CROWD, ROUNDS = 50, 10


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with a connection for each of the crowd, as if each came to a process of its own."""
    opened = Database(database_url, pool_size=CROWD + 2, listeners=LISTENERS)
    yield opened
    opened.dispose()


@pytest.fixture
def asked(database: Database) -> Asked:
    """An objection."""
    return ask_objection(database, add_person(database))


@pytest.fixture
def crowd(database: Database, asked: Asked) -> list[Actor]:
    """Fifty people who read."""
    return [actor_of(database, add_person(database, f"Vic Voter {number}")) for number in range(CROWD)]


def at_once(work: Callable[[int], None], number: int) -> list[Exception]:
    """Everybody starts together; what went wrong."""
    start, wrong = threading.Barrier(number, timeout=60), []

    def run(one: int) -> None:
        start.wait()
        try:
            work(one)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def act(database: Database, what, actor: Actor, item_id: int) -> None:
    """As a door does it: one unit, repeated whole where the database asks for it."""

    def unit() -> None:
        with database.writing() as session:
            what(session, actor, item_id)
            session.commit()

    database.repeat(unit)


def standing(database: Database, item_id: int) -> tuple[int, int]:
    """Rows, and the number that is shown."""
    with database.reading() as session:
        rows = session.scalar(select(func.count()).where(Vote.item_id == item_id)) or 0
        return rows, session.get_one(Item, item_id).votes


def test_fifty_votes_at_once_are_fifty_rows_and_the_number_fifty(database: Database, asked: Asked, crowd) -> None:
    author = add_person(database, "Andy Author")
    for number in range(ROUNDS):
        answer = post_answer(database, author, asked, f"Answer {number}")
        wrong = at_once(lambda one, item_id=answer.id: act(database, cast_vote, crowd[one], item_id), CROWD)
        assert wrong == []
        assert standing(database, answer.id) == (CROWD, CROWD)


def test_votes_for_two_answers_of_one_objection_do_not_lock_each_other_out(database, asked: Asked, crowd) -> None:
    """Each vote may change which answer is best, and so touches the objection that both belong to."""
    author = add_person(database, "Andy Author")
    answers = [post_answer(database, author, asked, f"Answer {number}").id for number in range(2)]
    for what, left in ((cast_vote, CROWD // 2), (withdraw_vote, 0)):
        wrong = at_once(lambda one, what=what: act(database, what, crowd[one], answers[one % 2]), CROWD)
        assert wrong == []
        assert [standing(database, item_id) for item_id in answers] == [(left, left)] * 2
    with database.reading() as session:
        assert session.get_one(Asked, asked.id).best_answer_id == answers[0]


def test_one_person_who_clicks_wildly_has_at_most_one_vote(database: Database, asked: Asked, crowd) -> None:
    answer = post_answer(database, add_person(database, "Andy Author"), asked)
    clicks = [cast_vote, withdraw_vote] * 8
    for _ in range(3):
        assert at_once(lambda one: act(database, clicks[one], crowd[0], answer.id), len(clicks)) == []
        rows, shown = standing(database, answer.id)
        assert rows == shown <= 1


def test_the_last_place_of_an_hour_is_taken_once(database: Database, asked: Asked, crowd) -> None:
    author = add_person(database, "Andy Author")
    answers = [post_answer(database, author, asked, f"Answer {number}").id for number in range(AN_HOUR + 7)]
    for item_id in answers[: AN_HOUR - 1]:
        act(database, cast_vote, crowd[0], item_id)
    late = answers[AN_HOUR - 1 :]
    wrong = at_once(lambda one: act(database, cast_vote, crowd[0], late[one]), len(late))
    assert [type(error) for error in wrong] == [TooMany] * (len(late) - 1)
    assert sum(standing(database, item_id)[0] for item_id in answers) == AN_HOUR
    assert all(rows == shown for rows, shown in (standing(database, item_id) for item_id in answers))


def test_putting_numbers_right_while_people_vote_leaves_them_right(database: Database, asked: Asked, crowd) -> None:
    answer = post_answer(database, add_person(database, "Andy Author"), asked)

    def repair() -> None:
        with database.writing() as session:
            recount_all(session)
            session.commit()

    def work(one: int) -> None:
        if one % 5 == 0:
            database.repeat(repair)
        else:
            act(database, cast_vote, crowd[one], answer.id)

    assert at_once(work, CROWD) == []
    assert standing(database, answer.id) == (40, 40)
    with database.reading() as session:
        assert list_drifted(session) == []
