"""`portal search`: build, compare, ask as somebody, in the shape that scripts read."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.core.db import Database
from portal.features.objections import operations
from portal.features.objections.forms import AnswerInput, AskedInput
from portal.shared.people.models import Person
from portal.shared.people.queries import find_actor
from tests.builders import add_person
from tests.cli.conftest import Portal

SAY = "What does one stopped filler cost you an hour?"


@pytest.fixture
def asker(database: Database) -> Person:
    return add_person(database)


@pytest.fixture
def ask(database: Database, asker: Person) -> Callable[..., int]:
    def asked(title: str, audience: tuple[str, ...] = ()) -> int:
        with database.writing() as session:
            actor = find_actor(session, asker.id)
            assert actor is not None
            given = AskedInput(title=title, category="price", audience=audience)
            row = operations.ask(session, actor, "objection", operations.prepare_asked(given))
            answer = operations.prepare_answer(AnswerInput(SAY, internal=("The floor is eleven percent",)))
            operations.post_answer(session, actor, row.id, answer)
            session.commit()
            return row.id

    return asked


def test_query_prints_one_answer_in_the_agreed_shape(portal: Portal, ask: Callable[..., int], asker: Person) -> None:
    asked_id = ask("You are too expensive")
    assert portal("search", "build").exit_code == 0
    said = portal("search", "query", "too expensive", "--as", asker.email, "--json", "--limit", "5")
    assert said.exit_code == 0
    found = json.loads(said.stdout)
    assert set(found) == {"total", "took_ms", "hits"}
    assert found["total"] == 1
    (hit,) = found["hits"]
    assert set(hit) == {"kind", "id", "title", "url", "score", "say_this", "category", "snippet"}
    assert (hit["kind"], hit["id"], hit["title"]) == ("objection", asked_id, "You are too expensive")
    assert hit["url"] == f"/objections/{asked_id}-you-are-too-expensive"
    assert hit["say_this"] == SAY
    assert hit["score"] > 0
    assert "eleven" not in hit["snippet"]


def test_a_file_of_queries_gives_one_line_each(
    portal: Portal, ask: Callable[..., int], asker: Person, tmp_path: Path
) -> None:
    ask("You are too expensive")
    portal("search", "build")
    queries = tmp_path / "queries.txt"
    queries.write_text("too expensive\n\nüber 😀\n", "utf-8")
    said = portal("search", "query", "--file", str(queries), "--as", asker.email, "--json")
    found = [json.loads(line) for line in said.stdout.splitlines()]
    assert [one["total"] for one in found] == [1, 0, 0]


def test_nobody_finds_what_they_may_not_see(
    portal: Portal, ask: Callable[..., int], asker: Person, database: Database
) -> None:
    stranger = add_person(database, "Sam Stranger")
    ask("You are too expensive", (f"person:{asker.id}",))
    portal("search", "build")
    totals = [
        json.loads(portal("search", "query", "expensive", "--as", mail, "--json").stdout)["total"]
        for mail in (asker.email, stranger.email)
    ]
    assert totals == [1, 0]


def test_check_names_what_the_index_lacks_and_build_mends_it(
    portal: Portal, ask: Callable[..., int], asker: Person
) -> None:
    missing = portal("search", "check")
    assert missing.exit_code == 1
    assert "`portal search build`" in missing.stderr
    assert portal("search", "build").exit_code == 0
    assert portal("search", "check").exit_code == 0
    asked_id = ask("We have no budget")
    behind = portal("search", "check")
    assert behind.exit_code == 1
    assert f"The index lacks objection:{asked_id}." in behind.stdout
    assert "Waiting to be indexed: 2" in portal("search", "status").stdout
    assert portal("search", "build").exit_code == 0
    assert portal("search", "check").exit_code == 0


def test_without_an_index_titles_answer_with_a_note(portal: Portal, ask: Callable[..., int], asker: Person) -> None:
    number = ask("Too expensive by far")
    said = portal("search", "query", "expensive", "--as", asker.email, "--json")
    assert said.exit_code == 0
    assert said.stderr == "The search index is being built. Until it stands, only titles are searched.\n"
    assert [hit["id"] for hit in json.loads(said.stdout)["hits"]] == [number]


def test_query_is_refused_in_words(portal: Portal, asker: Person) -> None:
    nobody = portal("search", "query", "words", "--as", "nobody@example.com")
    assert nobody.exit_code == 1
    assert nobody.stderr == "Nobody active here has the mail address nobody@example.com.\n"
    assert portal("search", "query", "words").exit_code == 2
