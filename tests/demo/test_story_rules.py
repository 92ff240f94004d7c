"""The rules for the demo's texts: enough of them, specific, no two alike, and no claim without its source."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

import pytest

from portal.demo.checks import FILE
from portal.demo.moments import Offset
from portal.demo.reading import FOLDER, read_story
from portal.demo.story import Story, StoryAnswer
from portal.features.objections.forms import AnswerInput

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def story() -> Story:
    return read_story()


def answers(story: Story) -> Iterator[StoryAnswer]:
    for asked in story.asked:
        yield from asked.answers


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


def overlap(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def whole(card: AnswerInput) -> str:
    claims = (proof.claim for proof in card.proof)
    return " ".join([card.say, card.why, card.ask_back, *claims, card.push, card.avoid, card.stay_true, card.text])


def test_company_is_as_large_as_promised(story: Story) -> None:
    assert len(story.people) == 48
    assert sum(person.department == "sales" for person in story.people.values()) == 30
    assert len(story.teams) == 5
    assert len(story.competitors) == 6
    assert len(story.playbooks) == 27
    assert sum(asked.kind == "question" for asked in story.asked) >= 10


def test_each_category_has_four_objections_or_more(story: Story) -> None:
    found = Counter(asked.given.category for asked in story.asked if asked.kind == "objection")
    assert len(found) == len(story.vocabularies["category"]) == 13
    assert min(found.values()) >= 4


def test_everything_has_two_to_four_answers_by_different_people(story: Story) -> None:
    for asked in story.asked:
        authors = [answer.by for answer in asked.answers]
        assert 2 <= len(authors) <= 4, asked.key
        assert len(set(authors)) == len(authors), asked.key


def test_answers_are_of_different_quality(story: Story) -> None:
    spread = {}
    for asked in story.asked:
        useful = [answer.useful for answer in asked.answers]
        spread[asked.key] = max(useful) - min(useful)
    assert min(spread.values()) >= 2
    assert sum(width >= 8 for width in spread.values()) > len(spread) / 2


def test_nobody_wrote_more_than_a_few_answers(story: Story) -> None:
    assert max(Counter(answer.by for answer in answers(story)).values()) <= 16


def test_objections_have_other_wordings_in_buyers_words(story: Story) -> None:
    for asked in story.asked:
        if asked.kind == "objection":
            assert 9 <= len(asked.given.variants) <= 16, asked.key


def test_no_two_wordings_of_objections_are_the_same(story: Story) -> None:
    objections = [asked.given for asked in story.asked if asked.kind == "objection"]
    said = [words for given in objections for words in (given.title, *given.variants)]
    bare = Counter(" ".join(re.findall(r"\w+", words.lower())) for words in said)
    assert [words for words, count in bare.items() if count > 1] == []


def test_words_to_say_are_twenty_five_at_most_in_every_version(story: Story) -> None:
    for answer in answers(story):
        for card in (answer.first, *(edit.after for edit in answer.edits)):
            assert 4 <= len(card.say.split()) <= 25, answer.key


def test_no_two_answers_say_the_same(story: Story) -> None:
    for take in (whole, lambda card: card.say):
        cut = [(answer.key, shingles(take(answer.last))) for answer in answers(story)]
        alike = [(one, other) for (one, a), (other, b) in combinations(cut, 2) if overlap(a, b) >= 0.3]
        assert alike == []


def test_an_edit_of_an_answer_changes_its_words(story: Story) -> None:
    edited = [answer for answer in answers(story) if answer.edits]
    assert len(edited) >= 30
    for answer in edited:
        before = answer.first
        for edit in answer.edits:
            assert edit.after.content() != before.content(), answer.key
            before = edit.after


def test_every_proof_names_a_source_that_was_out_when_it_was_cited(story: Story) -> None:
    months = {key: named_month(name) for key, name in story.sources.items()}
    for answer in answers(story):
        for proof in answer.first.proof:
            assert proof.source in story.sources, answer.key
            month = months[proof.source]
            assert month is None or month <= month_of(answer.at), f"{answer.key} cites {proof.source} too early"


def test_what_nobody_answered_stands_nowhere() -> None:
    for path in FOLDER.rglob("*"):
        if path.is_file() and path.name not in ("walk.yaml", "searches.yaml"):
            text = path.read_text("utf-8").lower()
            assert not re.search(r"zone 0\b|\brecert", text), path.name


def named_month(name: str) -> tuple[int, int] | None:
    """`Case study Almdal Dairy, Sept 2026` → (2026, 9); None for a source without a month."""
    found = re.search(r"\b([A-Z][a-z]{2,3})[a-z]* (20\d\d)\b", name)
    months = [number for number, month in enumerate(MONTHS, 1) if found and month == found[1][:3]]
    return (int(found[2]), months[0]) if found and months else None


def month_of(offset: Offset) -> tuple[int, int]:
    """The month of an offset, counted from the day for which the texts were written."""
    day = TODAY + timedelta(days=offset.day)
    return day.year, day.month


def test_every_file_is_given_by_a_page_and_every_page_gives_files_that_are_there(story: Story) -> None:
    named = {link["name"] for playbook in story.playbooks for link in FILE.finditer(playbook.last)}
    assert named == set(story.files)
