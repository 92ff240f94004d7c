"""Votes: a row per person and item, reversible, never for oneself, and a number that is what the rows say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from portal import events
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import Database
from portal.core.errors import Forbidden, NotFound, TooMany
from portal.features.objections.models import Answer, Asked
from portal.shared.items.models import Item
from portal.shared.votes.models import Vote
from portal.shared.votes.operations import A_DAY, AN_HOUR, Voted, cast_vote, recount_all, withdraw_vote
from portal.shared.votes.queries import count_recent, has_voted, list_drifted
from tests.builders import actor_of, add_department, add_person, add_team, ask_objection, post_answer

NOON = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def asked(database: Database) -> Asked:
    """An objection of Dana's."""
    return ask_objection(database, add_person(database))


@pytest.fixture
def author(database: Database):
    """Who answers."""
    return add_person(database, "Andy Author")


@pytest.fixture
def answer(database: Database, asked: Asked, author) -> Answer:
    """An answer of Andy's."""
    return post_answer(database, author, asked)


@pytest.fixture
def voters(database: Database, asked: Asked) -> list[Actor]:
    """Three of the team North, who read."""
    north = add_team(database, "North", add_department(database))
    return [actor_of(database, add_person(database, f"Vic Voter {number}", team=north)) for number in range(3)]


@pytest.fixture
def voter(voters: list[Actor]) -> Actor:
    """One of them."""
    return voters[0]


def act(database: Database, what, actor, item_id: int) -> Voted:
    with database.writing() as session:
        voted = what(session, actor, item_id)
        session.commit()
    return voted


def rows(database: Database, item_id: int) -> int:
    with database.reading() as session:
        counted = session.scalar(select(func.count()).where(Vote.item_id == item_id)) or 0
        assert session.get_one(Item, item_id).votes == counted
    return counted


def test_a_vote_stands_once_however_often_it_is_given(database: Database, answer: Answer, voter) -> None:
    assert [act(database, cast_vote, voter, answer.id) for _ in range(3)] == [Voted(1, True)] * 3
    assert rows(database, answer.id) == 1
    with database.reading() as session:
        assert has_voted(session, voter, answer.id)


def test_a_vote_is_taken_back_and_given_again(database: Database, answer: Answer, voter) -> None:
    act(database, cast_vote, voter, answer.id)
    assert [act(database, withdraw_vote, voter, answer.id) for _ in range(2)] == [Voted(0, False)] * 2
    assert rows(database, answer.id) == 0
    assert act(database, cast_vote, voter, answer.id) == Voted(1, True)


def test_each_change_is_told_once_with_the_team_of_then(database: Database, answer: Answer, voter) -> None:
    happened: list[object] = []
    kinds = (events.VoteTaken, events.VoteWithdrawn)
    database.listeners = {kind: (lambda session, event: happened.append(event),) for kind in kinds}
    for what in (withdraw_vote, cast_vote, cast_vote, withdraw_vote, withdraw_vote):
        act(database, what, voter, answer.id)
    assert happened == [
        events.VoteTaken(answer.id, "answer", voter.person_id, voter.team_id),
        events.VoteWithdrawn(answer.id, "answer", voter.person_id, voter.team_id),
    ]
    assert voter.team_id is not None


def test_nobody_votes_for_their_own_answer(database: Database, answer: Answer, author) -> None:
    for what in (cast_vote, withdraw_vote):
        with pytest.raises(Forbidden):
            act(database, what, actor_of(database, author), answer.id)
    assert rows(database, answer.id) == 0


def test_what_is_asked_takes_no_vote(database: Database, asked: Asked, voter) -> None:
    with pytest.raises(Forbidden):
        act(database, cast_vote, voter, asked.id)


@pytest.mark.parametrize("change", [{"status": "archived"}, {"hidden_at": NOON}, {"status": "draft"}])
def test_what_cannot_be_seen_takes_no_vote(database: Database, answer: Answer, voter, change) -> None:
    with database.writing() as session:
        session.execute(update(Item).where(Item.id == answer.id).values(change))
        session.commit()
    for what in (cast_vote, withdraw_vote):
        with pytest.raises(NotFound):
            act(database, what, voter, answer.id)
    with pytest.raises(NotFound):
        act(database, cast_vote, voter, 999)


def test_what_is_out_of_date_is_read_and_takes_no_vote(database: Database, answer: Answer, voter) -> None:
    with database.writing() as session:
        session.execute(update(Item).where(Item.id == answer.id).values(status="obsolete"))
        session.commit()
    with pytest.raises(Forbidden):
        act(database, cast_vote, voter, answer.id)


@pytest.fixture
def answers(database: Database, asked: Asked, author) -> list[int]:
    """More answers than anybody may vote for in a day."""
    return [post_answer(database, author, asked, f"Answer {number}").id for number in range(A_DAY + 2)]


def test_twenty_votes_an_hour_and_fifty_a_day_stand_for_one_person(
    database: Database, answers: list[int], voter
) -> None:
    for hours, most in ((0, AN_HOUR), (2, AN_HOUR), (4, A_DAY - 2 * AN_HOUR)):
        with clock.at(NOON + timedelta(hours=hours)):
            for _ in range(most):
                act(database, cast_vote, voter, answers.pop())
            with pytest.raises(TooMany, match="50 votes in a day" if hours == 4 else "20 votes in an hour"):
                act(database, cast_vote, voter, answers[0])
            assert rows(database, answers[0]) == 0
    with clock.at(NOON + timedelta(hours=25)), database.reading() as session:
        assert count_recent(session, voter.person_id, 24) == A_DAY - AN_HOUR
        assert count_recent(session, voter.person_id, 1) == 0


def test_at_the_limit_a_repeat_changes_nothing_and_a_withdrawal_frees_a_place(database, answers, voter) -> None:
    with clock.at(NOON):
        for number in answers[:AN_HOUR]:
            act(database, cast_vote, voter, number)
        assert act(database, cast_vote, voter, answers[0]) == Voted(1, True)
        with pytest.raises(TooMany):
            act(database, cast_vote, voter, answers[AN_HOUR])
        act(database, withdraw_vote, voter, answers[0])
        assert act(database, cast_vote, voter, answers[AN_HOUR]) == Voted(1, True)


def test_the_demo_plays_votes_without_a_limit(database: Database, answers: list[int], voter) -> None:
    with clock.at(NOON), database.writing() as session:
        for number in answers:
            cast_vote(session, voter, number, limited=False)
        session.commit()


def test_numbers_that_drifted_are_found_and_put_right(database: Database, answer: Answer, asked: Asked, voter) -> None:
    act(database, cast_vote, voter, answer.id)
    with database.writing() as session:
        session.execute(update(Item).values(votes=7))
        session.commit()
    with database.reading() as session:
        assert sorted(list_drifted(session)) == [(asked.id, 7, 0), (answer.id, 7, 1)]
    with database.writing() as session:
        recount_all(session)
        session.commit()
    with database.reading() as session:
        assert list_drifted(session) == []
    assert rows(database, answer.id) == 1


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=12))
def test_after_any_sequence_the_number_is_the_sum(database: Database, answer: Answer, voters, steps) -> None:
    for voter in voters:
        act(database, withdraw_vote, voter, answer.id)
    standing: set[int] = set()
    for number, is_cast in steps:
        voted = act(database, cast_vote if is_cast else withdraw_vote, voters[number], answer.id)
        (standing.add if is_cast else standing.discard)(number)
        assert voted == Voted(len(standing), is_cast)
    assert rows(database, answer.id) == len(standing)
