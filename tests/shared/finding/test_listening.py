"""Whatever happens to a thing asks for it to be indexed again, and an answer for what it answers."""

import pytest
from sqlalchemy import select

from portal import events, wiring
from portal.core.bus import publish
from portal.core.db import Database
from portal.core.jobs import Job
from tests.builders import add_person, ask_objection, post_answer, write_playbook


def asked_for(database: Database, *happened: object) -> list[str]:
    with database.writing() as session:
        session.execute(Job.__table__.delete())
        for event in happened:
            publish(session, event)
        session.commit()
    with database.reading() as session:
        return list(session.scalars(select(Job.key).where(Job.kind == "index").order_by(Job.key)))


@pytest.mark.parametrize(
    "kind", [events.ItemPublished, events.ItemEdited, events.ItemVerified, events.ItemHidden, events.ItemRestored]
)
def test_a_change_of_a_playbook_indexes_it(database: Database, kind: type[events.ItemEvent]) -> None:
    manager = add_person(database, "Mara Manager", "manager")
    playbook = write_playbook(database, manager)
    assert asked_for(database, kind(playbook.id, "playbook", manager.id)) == [f"playbook:{playbook.id}"]


@pytest.mark.parametrize("kind", [events.ItemEdited, events.ItemVerified, events.ItemHidden, events.ItemRestored])
def test_a_change_of_an_answer_indexes_what_was_asked(database: Database, kind: type[events.ItemEvent]) -> None:
    dana = add_person(database)
    asked = ask_objection(database, dana, kind="question")
    answer = post_answer(database, dana, asked)
    assert asked_for(database, kind(answer.id, "answer", dana.id)) == [f"question:{asked.id}"]


def test_a_vote_for_an_answer_indexes_what_was_asked(database: Database) -> None:
    dana = add_person(database)
    asked = ask_objection(database, dana)
    answer = post_answer(database, dana, asked)
    for kind in (events.VoteTaken, events.VoteWithdrawn):
        assert asked_for(database, kind(answer.id, "answer", dana.id, None)) == [f"objection:{asked.id}"]
        assert asked_for(database, kind(asked.id, "objection", dana.id, None)) == [f"objection:{asked.id}"]


def test_answers_people_and_tags_index_what_is_found_by_them(database: Database) -> None:
    for kind in (events.AnswerPosted, events.AnswerAccepted, events.AnswerUnaccepted):
        assert asked_for(database, kind(43, 40, "objection", 1)) == ["objection:40"]
    assert asked_for(database, events.PersonChanged(7)) == ["person:7"]
    assert asked_for(database, events.TagChanged(3)) == ["tag:3"]


def test_every_kind_that_can_be_asked_for_has_a_source(database: Database) -> None:
    sources = {source.kind for source in wiring.DOCUMENTS}
    dana = add_person(database, "Mara Manager", "manager")
    asked, playbook = ask_objection(database, dana, tags=("Price",)), write_playbook(database, dana)
    post_answer(database, dana, asked)
    with database.reading() as session:
        keys = list(session.scalars(select(Job.key).where(Job.kind == "index")))
    assert {f"playbook:{playbook.id}", f"objection:{asked.id}", f"person:{dana.id}"} <= set(keys)
    assert {key.partition(":")[0] for key in keys} <= sources
