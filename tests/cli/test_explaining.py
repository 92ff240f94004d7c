"""`portal search explain`: the score of a row in its parts, for those who may see the row."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import update

from portal.cli.explaining import ABSENCES
from portal.core.db import Database
from portal.features.objections.models import Answer, Asked
from portal.features.playbooks.models import Playbook
from portal.shared.finding.kit_operations import star_item
from portal.shared.items.models import Item
from portal.shared.items.operations import hide_item
from portal.shared.people.models import Person
from portal.shared.search_index.ranking import STARRED
from tests import builders
from tests.cli.conftest import Portal

Explain = Callable[..., str]


@pytest.fixture
def dana(database: Database) -> Person:
    return builders.add_person(database)


@pytest.fixture
def asked(database: Database, dana: Person) -> Asked:
    builders.add_vocabularies(database)
    return builders.ask_objection(
        database, dana, "You are too expensive", variants=("The price is too high",), category="price", tags=("Budget",)
    )


@pytest.fixture
def answer(database: Database, dana: Person, asked: Asked) -> Answer:
    return builders.post_answer(database, dana, asked, "What does one stopped filler cost you?", why="They compare.")


@pytest.fixture
def playbook(database: Database) -> Playbook:
    mara = builders.add_person(database, "Mara Manager", "manager")
    text = "How to begin.\n\n## Too expensive for them\n\nWait for the price.\n\n## Later\n\nCall."
    return builders.write_playbook(database, mara, "Talking about price", text)


@pytest.fixture
def explain(portal: Portal, dana: Person, answer: Answer, playbook: Playbook) -> Explain:
    """What Dana is told, in words."""
    assert portal("search", "build").exit_code == 0

    def told(words: str, item: Item, *more: str) -> str:
        said = portal("search", "explain", words, "--item", str(item.id), "--as", dana.email, *more)
        assert said.exit_code == 0, said.stderr
        return said.stdout

    return told


@pytest.mark.parametrize(
    "words", ["too expensive", "expensvie", "price", "the pric", "stopped filler", "type:playbook"]
)
def test_the_score_is_the_one_that_the_row_has(
    portal: Portal, explain: Explain, asked: Asked, playbook: Playbook, words: str
) -> None:
    found = json.loads(portal("search", "query", words, "--as", "dana.ruiz@example.com", "--json").stdout)
    assert found["hits"]
    items: dict[int, Item] = {asked.id: asked, playbook.id: playbook}
    for place, hit in enumerate(found["hits"], start=1):
        told = explain(words, items[hit["id"]])
        assert f"Row {place} of {found['total']}: {hit['kind']}:{hit['id']}" in told
        assert f"score       {hit['score']:.4f}" in told or not hit["score"]
        row = json.loads(explain(words, items[hit["id"]], "--json"))["row"]
        assert round(row["score"], 4) == hit["score"]


def test_every_part_is_told_in_words(explain: Explain, asked: Asked, playbook: Playbook, answer: Answer) -> None:
    told = explain("expensvie budget zzzz", asked)
    assert "expensvie, taken as expensive: idf " in told
    assert "    expens × 0.9 (spelling)" in told
    assert "zzzz: in no row\n    this row lacks it" in told
    assert "    variant 1 " in explain("price", asked)
    for name in ("    title ", "BM25F ", "coverage C ", "title T · F ", "text ", "standing ", "starred ", "score "):
        assert f"\n{name}" in told
    assert "votes +0.0000, trust +0.0000, worked +0.0000, freshness +0.0000" in told
    assert "close together: too expensive " in explain("too expensive", asked)
    assert f"Row 2 of 2: playbook:{playbook.id}#h-too-expensive-for-them" in explain("too expensive", playbook)
    assert explain("stopped filler", answer) == explain("stopped filler", asked)


def test_an_item_without_a_row_says_why(explain: Explain, asked: Asked, playbook: Playbook) -> None:
    assert ABSENCES["no word"] in explain("zzzz", asked)
    assert ABSENCES["no word"] in explain("filler", playbook)
    assert ABSENCES["left out"] in explain("price type:playbook", asked)
    assert ABSENCES["left out"] in explain("price -budget", asked)
    assert ABSENCES["few words"] in explain("too expensive filler sort:top", playbook)


def test_what_the_index_lacks_is_told(explain: Explain, database: Database, dana: Person) -> None:
    fresh = builders.ask_objection(database, dana, "We have no budget")
    assert ABSENCES["not indexed"] in explain("budget", fresh)


def test_an_item_that_one_may_not_see_is_not_found_like_one_that_is_not_there(
    portal: Portal, explain: Explain, database: Database, dana: Person, asked: Asked
) -> None:
    omar = builders.add_person(database, "Omar Haddad", "manager")
    secret = builders.ask_objection(database, omar, "Secret price", audience=(f"person:{omar.id}",))
    portal("search", "build")
    with database.writing() as session:
        hide_item(session, builders.actor_of(database, omar), asked.id)
        session.commit()
    told = [
        portal("search", "explain", "price", "--item", str(number), "--as", dana.email)
        for number in (secret.id, asked.id, 999_999, 0, -1, 10**30)
    ]
    assert {(one.exit_code, one.stdout, one.stderr) for one in told} == {(1, "", "not found\n")}
    assert "score" in portal("search", "explain", "price", "--item", str(secret.id), "--as", omar.email).stdout


def test_votes_trust_and_obsolescence_reach_the_ranking(
    portal: Portal, explain: Explain, database: Database, answer: Answer, asked: Asked, playbook: Playbook
) -> None:
    builders.vote(database, builders.add_person(database, "Omar Haddad"), answer)
    with database.writing() as session:
        verified = {"verified_on": answer.created_at.date(), "verify_by": answer.created_at.date()}
        session.execute(update(Item).where(Item.id == answer.id).values(**verified))
        session.execute(update(Item).where(Item.id == playbook.id).values(status="obsolete"))
        session.commit()
    portal("search", "build")
    assert "votes +0.0100, trust +0.0400," in explain("expensive", asked)
    assert "× 0.5000: votes +0.0000, trust +0.0000, worked +0.0000, freshness +0.0000, × 0.5 as obsolete" in explain(
        "expensive", playbook
    )


def test_own_stars_lift_and_those_of_others_do_not(
    portal: Portal, explain: Explain, database: Database, dana: Person, answer: Answer, asked: Asked
) -> None:
    omar = builders.add_person(database, "Omar Haddad")
    plain = json.loads(explain("expensive", asked, "--json"))["row"]["score"]
    for person, is_starred in ((omar, False), (dana, True)):
        with database.writing() as session:
            star_item(session, builders.actor_of(database, person), answer.id)
            session.commit()
        row = json.loads(explain("expensive", asked, "--json"))["row"]
        assert row["is_starred"] is is_starred
        assert row["score"] == pytest.approx(plain * (1 + STARRED if is_starred else 1), rel=1e-5)
    assert f"starred     × {1 + STARRED:g}" in explain("expensive", asked)


def test_a_star_orders_near_equals_for_oneself_alone(portal: Portal, database: Database, dana: Person) -> None:
    omar = builders.add_person(database, "Omar Haddad")
    first, second = (builders.ask_objection(database, omar, "Too expensive") for _ in range(2))
    clearer = builders.ask_objection(database, omar, "Too expensive now")
    portal("search", "build")

    def order(person: Person, words: str = "too expensive") -> list[int]:
        said = portal("search", "query", words, "--as", person.email, "--json")
        return [hit["id"] for hit in json.loads(said.stdout)["hits"]]

    assert order(dana) == order(omar) == [first.id, second.id, clearer.id]
    for item in (second, clearer):
        with database.writing() as session:
            star_item(session, builders.actor_of(database, dana), item.id)
            session.commit()
    assert order(dana) == [second.id, first.id, clearer.id]
    assert order(omar) == [first.id, second.id, clearer.id]


def test_explain_is_refused_in_words(portal: Portal, dana: Person, asked: Asked) -> None:
    words = ("search", "explain", "price", "--item", str(asked.id), "--as")
    assert "`portal search build`" in portal(*words, dana.email).stderr
    assert portal(*words, "nobody@example.com").exit_code == 1
    assert portal("search", "explain", " ", "--item", "1", "--as", dana.email).stderr == "Nothing was typed.\n"
    assert portal("search", "explain", "price", "--as", dana.email).exit_code == 2
