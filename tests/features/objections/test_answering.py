"""Answering, choosing, verifying, and what is never shown outside."""

import pytest

from portal.features.objections.models import Asked
from portal.shared.items.models import Item
from tests import builders


@pytest.fixture
def asked(database):
    """An objection by Jonas."""
    builders.add_vocabularies(database)
    return builders.ask_objection(database, builders.add_person(database, "Jonas Berg"), "Too dear")


def _page(asked):
    return f"/objections/{asked.id}-too-dear"


def test_answer_stands_on_the_page_with_its_parts(client, database, asked):
    builders.sign_in(client, builders.add_person(database))
    form = {
        "say": "What does an hour of standstill cost you?",
        "why": "They compare list prices.",
        "proof": "Two stops a year avoided | Case study Almdal Dairy",
        "internal": "Floor is 4 %",
    }
    answer = builders.post(client, _page(asked) + "/answers", form)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    for words in ("What does an hour of standstill cost you?", "They compare list prices.", "Two stops a year avoided"):
        assert words in page
    assert "Floor is 4 %" in page


def test_say_this_has_25_words_at_most_and_the_text_stays(client, database, asked):
    builders.sign_in(client, builders.add_person(database))
    page = builders.post(client, _page(asked) + "/answers", {"say": "word " * 26, "why": "kept words"})
    assert page.status_code == 422
    assert "these are 26" in page.text
    assert "kept words" in page.text


def test_proof_without_source_is_named_by_line(client, database, asked):
    builders.sign_in(client, builders.add_person(database))
    page = builders.post(client, _page(asked) + "/answers", {"say": "Words", "proof": "a | b\njust a claim"})
    assert page.status_code == 422
    assert "line 2 needs a source" in page.text


def test_best_answer_is_the_choice_then_the_most_useful(database, asked):
    dana, omar = builders.add_person(database), builders.add_person(database, "Omar Haddad")
    first = builders.post_answer(database, dana, asked, "First words")
    second = builders.post_answer(database, omar, asked, "Second words")
    assert _best(database, asked) == (first.id, 2)
    builders.vote(database, dana, second)
    assert _best(database, asked) == (second.id, 2)
    jonas = builders.person_of(database, asked.author_id)
    builders.choose(database, jonas, asked, first)
    assert _best(database, asked) == (first.id, 2)
    builders.choose(database, jonas, asked, first)
    assert _best(database, asked) == (second.id, 2)


def _best(database, asked):
    with database.reading() as session:
        row = session.get_one(Asked, asked.id)
        return row.best_answer_id, row.answer_count


def test_only_the_asker_chooses(client, database, asked):
    dana = builders.add_person(database)
    given = builders.post_answer(database, dana, asked, "Words")
    builders.sign_in(client, dana)
    assert builders.post(client, f"{_page(asked)}/answers/{given.id}/choice").status_code == 403


def test_manager_verifies_and_another_rep_does_not(client, database, asked):
    dana, priya = builders.add_person(database), builders.add_person(database, "Priya Nair", "manager")
    given = builders.post_answer(database, dana, asked, "Words")
    url = f"/items/{given.id}/verification"
    builders.sign_in(client, builders.add_person(database, "Omar Haddad"))
    assert builders.post(client, url).status_code == 403
    builders.sign_in(client, priya)
    assert builders.post(client, url).status_code == 303
    assert "Verified until" in client.get(_page(asked)).text


def test_author_may_not_vote_for_own_answer(client, database, asked):
    dana = builders.add_person(database)
    given = builders.post_answer(database, dana, asked, "Words")
    builders.sign_in(client, dana)
    assert builders.post(client, f"/items/{given.id}/vote", {"useful": "yes"}).status_code == 403


def test_vote_is_taken_and_taken_back(client, database, asked):
    given = builders.post_answer(database, builders.add_person(database), asked, "Words")
    builders.sign_in(client, builders.add_person(database, "Omar Haddad"))
    url = f"/items/{given.id}/vote"
    for useful, votes in (("yes", 1), ("yes", 1), ("no", 0), ("no", 0), ("yes", 1)):
        assert builders.post(client, url, {"useful": useful}).status_code == 303
        with database.reading() as session:
            assert session.get_one(Item, given.id).votes == votes


def test_vote_button_alone_answers_htmx(client, database, asked):
    given = builders.post_answer(database, builders.add_person(database), asked, "Words")
    builders.sign_in(client, builders.add_person(database, "Omar Haddad"))
    answer = builders.post(client, f"/items/{given.id}/vote", {"useful": "yes"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'aria-pressed="true"' in answer.text
    assert "<html" not in answer.text


def test_edited_answer_keeps_its_history(client, database, asked):
    dana = builders.add_person(database)
    given = builders.post_answer(database, dana, asked, "Old words")
    builders.sign_in(client, dana)
    url = f"{_page(asked)}/answers/{given.id}"
    assert builders.post(client, url + "/edit", {"say": "New words", "version": "1"}).status_code == 303
    page = client.get(_page(asked)).text
    assert "New words" in page
    history = client.get(url + "/history").text
    assert "Dana Ruiz" in history
    difference = client.get(url + "/history/2").text
    assert "<del>Old</del>" in difference
    assert "<ins>New</ins>" in difference
    assert builders.post(client, url + "/history/1/restore").status_code == 303
    assert "Old words" in client.get(_page(asked)).text
