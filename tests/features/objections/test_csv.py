"""Objections in and out as CSV: a row whole or not at all; a second run changes nothing; a round trip loses nothing."""

import pytest
from sqlalchemy import delete, func, select

from portal.core import csvfiles
from portal.features.objections.exporting import COLUMNS, export_objections
from portal.features.objections.importing import OPTIONAL, REQUIRED, Importer
from portal.features.objections.models import Answer, Asked
from tests import builders

HEADER = "title;category;variants;say;proof;internal;asked_by;answered_by\n"
ROW = "Too dear;price;way too dear;Ask what an hour costs;Two stops | Case study;Floor is 4 %;{dana};{omar}\n"


@pytest.fixture
def people(database):
    """Dana and Omar, and a few vocabularies."""
    builders.add_vocabularies(database)
    return builders.add_person(database), builders.add_person(database, "Omar Haddad")


def take(database, content):
    """Import as the command does: a transaction a row."""
    importer, outcomes = Importer(), []
    for row in csvfiles.read(content, required=REQUIRED, optional=OPTIONAL):
        with database.writing() as session:
            entries = importer.take(session, row)
            if not any(one.outcome == "error" for one in entries):
                session.commit()
        outcomes += entries
    return outcomes


def export(database, person):
    """The file as this person may have it."""
    actor = builders.actor_of(database, person)
    with database.reading() as session:
        return export_objections(session, actor)


def filled(people, text):
    """The text with the two mail addresses in it."""
    return text.format(dana=people[0].email, omar=people[1].email).encode()


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_a_row_makes_an_objection_and_its_answer(database, people, start):
    outcomes = take(database, start + filled(people, HEADER + ROW))
    assert [one.outcome for one in outcomes] == ["created"]
    with database.reading() as session:
        asked, answer = session.scalars(select(Asked)).one(), session.scalars(select(Answer)).one()
    assert (asked.title, asked.category, asked.variants) == ("Too dear", "price", ["way too dear"])
    assert (answer.say, answer.internal, answer.author_id) == ("Ask what an hour costs", ["Floor is 4 %"], people[1].id)
    assert answer.proof == [{"claim": "Two stops", "source": "Case study"}]


def test_second_run_changes_nothing(database, people):
    content = filled(people, HEADER + ROW)
    take(database, content)
    assert [one.outcome for one in take(database, content)] == ["unchanged"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 1
        assert session.scalars(select(Asked.version)).one() == 1


def test_wrong_cells_are_named_by_row_and_column_and_nothing_of_the_row_is_written(database, people):
    content = filled(
        people, HEADER + ROW + "Too slow;magic;;;;;{dana};{omar}\nToo big;price;;Say;no source;;{dana};x@y.z\n"
    )
    outcomes = take(database, content)
    errors = [(one.where, one.column) for one in outcomes if one.outcome == "error"]
    assert errors == [("row 3", "category"), ("row 4", "proof")]
    with database.reading() as session:
        assert session.scalars(select(Asked.title)).all() == ["Too dear"]


def test_unknown_mail_address_is_named(database, people):
    outcomes = take(database, filled(people, HEADER + "Too dear;price;;;;;nobody@example.com;\n"))
    assert [(one.outcome, one.column) for one in outcomes] == [("error", "asked_by")]


def test_round_trip_into_an_empty_database_loses_nothing(database, people):
    dana, omar = people
    asked = builders.ask_objection(
        database, dana, "=SUM(1) is too dear", category="price", variants=("a", "b"), text="# So"
    )
    builders.post_answer(database, omar, asked, 'Say, this; "here"', why="Line one\nline two", internal=("=secret",))
    question = builders.ask_objection(database, omar, "Who signs?", kind="question", tags=("dairy", "pricing"))
    builders.choose(database, dana, asked, builders.post_answer(database, omar, asked, "Or this"))
    first = export(database, dana)
    with database.writing() as session:
        session.execute(delete(Asked.metadata.tables["item"]))
        session.commit()
    assert {one.outcome for one in take(database, first)} == {"created"}
    second = export(database, dana)
    assert second == first
    assert question.title.encode() in second
    assert {one.outcome for one in take(database, second)} == {"unchanged"}


def test_export_holds_only_what_one_may_see(database, people):
    dana, omar = people
    builders.ask_objection(database, dana, "Quokka", audience=(f"person:{dana.id}",))
    assert b"Quokka" in export(database, dana)
    assert b"Quokka" not in export(database, omar)


def test_internal_lines_stand_in_their_own_column(database, people):
    take(database, filled(people, HEADER + ROW))
    rows = csvfiles.read(export(database, people[0]), required=COLUMNS)
    assert [row.cells["internal"] for row in rows] == ["Floor is 4 %"]
