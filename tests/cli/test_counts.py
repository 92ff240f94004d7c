"""`portal counts`: a number that drifted from its rows is named, and repaired."""

from sqlalchemy import select, update

from portal.core.db import Database
from portal.core.jobs import Job
from portal.features.objections import operations
from portal.features.objections.forms import AnswerInput, AskedInput
from portal.features.objections.models import Answer, Asked
from portal.shared.items.models import Item
from portal.shared.people.queries import find_actor
from portal.shared.votes.operations import cast_vote
from tests.builders import add_person
from tests.cli.conftest import Portal


def ask_with_two_answers(database: Database) -> tuple[int, int, int]:
    """An objection, its best answer with one vote, and another answer."""
    people = [add_person(database, name) for name in ("Ann Asker", "Ben Best", "Cem Other")]
    with database.writing() as session:
        asker, best, other = (find_actor(session, one.id) for one in people)
        assert asker is not None
        assert best is not None
        assert other is not None
        asked = operations.ask(session, asker, "objection", operations.prepare_asked(AskedInput("Too dear")))
        answers = [
            operations.post_answer(session, actor, asked.id, operations.prepare_answer(AnswerInput(say)))
            for actor, say in ((other, "It is what it is."), (best, "What does an hour cost you?"))
        ]
        cast_vote(session, asker, answers[1].id)
        session.commit()
        return asked.id, answers[1].id, answers[0].id


def test_numbers_made_by_operations_are_what_their_rows_say(portal: Portal, database: Database) -> None:
    ask_with_two_answers(database)
    said = portal("counts", "check")
    assert (said.exit_code, said.stdout) == (0, "Every number is what its rows say.\n")


def test_drifted_numbers_are_named_and_repaired(portal: Portal, database: Database) -> None:
    asked_id, best_id, other_id = ask_with_two_answers(database)
    with database.writing() as session:
        session.execute(update(Item.__table__).where(Item.id == other_id).values(votes=7))
        session.execute(
            update(Asked.__table__).where(Asked.id == asked_id).values(best_answer_id=other_id, answer_count=9)
        )
        session.execute(Job.__table__.delete())
        session.commit()
    drifted = portal("counts", "check")
    assert drifted.exit_code == 1
    assert f"Item {other_id} shows 7 votes and has 0." in drifted.stdout
    assert f"Item {asked_id} shows answer {other_id} of 9 as the best" in drifted.stdout
    assert portal("counts", "repair").exit_code == 0
    assert portal("counts", "check").exit_code == 0
    with database.reading() as session:
        asked = session.scalars(select(Asked)).one()
        assert (asked.best_answer_id, asked.answer_count) == (best_id, 2)
        assert session.scalars(select(Answer.votes).order_by(Answer.id)).all() == [0, 1]
        assert session.scalars(select(Job.key)).all() == [f"objection:{asked_id}"], "it is found by its best answer"
