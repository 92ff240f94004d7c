"""The arithmetic of a row adds up to the score that the row has."""

from collections.abc import Callable

import pytest

from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.ranking import COVERAGE, FILL, OBSOLETE, STARRED
from portal.shared.search_index.records import Explanation, RowPart
from tests.shared.search_index.samples import document, question

Build = Callable[..., SearchIndex]
TODAY = 20_000.0
ROWS = (
    document(
        "objection:1",
        "You are too expensive",
        "Ask what the price is compared with. The price is not the cost.",
        variants=("The price is too high", "Over budget"),
        say="Compared to what price?",
        tags=("Price pressure",),
        facets={"item": ("1", "11")},
        numbers={"votes": 3, "verify_by": TODAY + 9, "worked": 70, "tried": 10},
    ),
    document(
        "playbook:2#start",
        "Talking about price › Start",
        "Price talks begin early.",
        group="playbook:2",
        facets={"item": ("2",)},
        numbers={"obsolete": 1, "votes": 1},
    ),
    document(
        "playbook:2#end",
        "Talking about price › The high price",
        "A price is too high until the cost of waiting is known.",
        group="playbook:2",
        facets={"item": ("2",)},
        numbers={"verify_by": TODAY - 9, "seen_on": TODAY - 3},
    ),
    document("objection:3", "Not a good time", "Call next quarter.", facets={"item": ("3",), "tag": ("timing",)}),
    document("objection:4", "Secret price", audiences=("team:2",), facets={"item": ("4",)}),
)
STARS = frozenset({"11"})


def rebuilt(explanation: Explanation) -> tuple[float, float]:
    """The score and the BM25F of a row, worked out from its parts."""
    row = explanation.row
    assert row is not None
    gains = sum(part.title + part.lead + part.body for part in explanation.words) + sum(gain for *_, gain in row.pairs)
    found = sum(part.idf for part in explanation.words)
    coverage = sum(part.idf * part.share for part in explanation.words) / found
    text = gains / row.best_bm25f * (1 + COVERAGE * coverage**2) + FILL * row.title_covered * row.title_named
    standing = (1 + sum(row.lifts.values())) * (OBSOLETE if row.is_obsolete else 1)
    return text * standing * (1 + STARRED if row.is_starred else 1), gains


@pytest.mark.parametrize("typing", [False, True])
@pytest.mark.parametrize(
    "words", ["price", "too expensive", "the price is too high", "prise", "price wait quarter", "high", "unheard price"]
)
def test_the_parts_make_the_score_of_the_hit(build: Build, words: str, typing: bool) -> None:
    index = build(*ROWS)
    asked = question(words, typing=typing, today=TODAY, favourites=STARS, synonyms={"price": (("cost", 0.7),)})
    found = index.search(asked)
    assert found.hits
    for place, hit in enumerate(found.hits, start=1):
        explanation = index.explain(asked, hit.group.partition(":")[2])
        row = explanation.row
        assert row is not None
        assert (row.key, row.place, explanation.total, row.score) == (hit.key, place, found.total, hit.score)
        score, bm25f = rebuilt(explanation)
        assert score == pytest.approx(hit.score, rel=1e-4)
        assert (bm25f, row.text * row.standing) == pytest.approx(
            (row.bm25f, hit.score / (1 + STARRED if row.is_starred else 1)), rel=1e-4
        )
        assert {part.word for part in explanation.words if not part.share} >= set(hit.missing)


def row_of(index: SearchIndex, words: str, item: str, **more: object) -> RowPart:
    row = index.explain(question(words, today=TODAY, **more), item).row
    assert row is not None
    return row


def test_the_best_section_stands_for_its_playbook(build: Build) -> None:
    index = build(*ROWS)
    assert row_of(index, "high price", "2").key == "playbook:2#end"
    assert row_of(index, "begin early", "2").key == "playbook:2#start"


def test_an_answer_is_explained_by_what_it_answers(build: Build) -> None:
    index = build(*ROWS)
    assert row_of(index, "price", "11", favourites=STARS) == row_of(index, "price", "1", favourites=STARS)
    assert row_of(index, "price", "1", favourites=STARS).is_starred
    assert not row_of(index, "price", "1").is_starred


def test_lifts_are_named_and_neutral_where_nothing_is_known(build: Build) -> None:
    index = build(*ROWS)
    lifts = row_of(index, "price", "1").lifts
    assert list(lifts) == ["votes", "trust", "worked", "freshness"]
    assert lifts["votes"] > 0 < lifts["worked"]
    assert lifts["freshness"] == 0
    assert set(row_of(index, "quarter", "3").lifts.values()) == {0.0}
    assert row_of(index, "early", "2").is_obsolete


def made_of(index: SearchIndex, words: str, **more: object) -> dict[str, dict[str, str]]:
    """For each word what stands for it, and why."""
    explanation = index.explain(question(words, **more), "1")
    return {part.word: {spelled: why for spelled, _, why in part.stands_for} for part in explanation.words}


def test_what_was_made_of_each_word_is_told(build: Build) -> None:
    index = build(*ROWS)
    assert made_of(index, "prices") == {"prices": {"price": "stem"}}
    assert made_of(index, "cost", synonyms={"costs": (("price", 0.7), ("not a good time", 0.5))}) == {
        "cost": {"cost": "stem", "price": "word list", "not a good time": "word list"}
    }
    assert made_of(index, "too exp", typing=True)["exp"] == {"expens": "goes on"}
    assert made_of(index, "expensvie") == {"expensvie": {"expens": "spelling"}}
    (part,) = index.explain(question("expensvie"), "1").words
    assert (part.correction, part.rows) == ("expensive", 1)
    (part,) = index.explain(question("zzzz"), "1").words
    assert (part.stands_for, part.rows, part.idf) == ((), 0, 0)


def test_an_item_without_a_row_says_why(build: Build) -> None:
    index = build(*ROWS)
    for asked, item, absence in (
        (question("price"), "4", "not indexed"),
        (question("price"), "999", "not indexed"),
        (question("price"), "3", "no word"),
        (question("zzzz"), "3", "no word"),
        (question("price", filters={"tag": ("timing",)}), "1", "left out"),
        (question("price", excluded=("quarter",), filters={"kind": ("none",)}), "3", "no word"),
        (question(filters={"tag": ("timing",)}), "1", "left out"),
        (question("price high quarter", sort="top"), "3", "few words"),
    ):
        explanation = index.explain(asked, item)
        assert (explanation.row, explanation.absence) == (None, absence)


def test_without_words_a_row_has_a_place_and_no_score(build: Build) -> None:
    index = build(*ROWS)
    explanation = index.explain(question(filters={"tag": ("timing",)}), "3")
    assert explanation.words == ()
    assert explanation.row is not None
    assert (explanation.row.place, explanation.row.score, explanation.total) == (1, 0.0, 1)


def test_nobody_learns_what_they_may_not_see(build: Build) -> None:
    index, without = build(*ROWS), ROWS[:-1]
    seen = [index.explain(question("secret price"), number) for number in "1234"]
    index.rebuild(without)
    index.refresh()
    plain = [index.explain(question("secret price"), number) for number in "1234"]
    assert [one.words[0] for one in seen] == [one.words[0] for one in plain]
    assert [one.words[1].rows for one in seen] == [one.words[1].rows for one in plain]
    assert [one.total for one in seen] == [one.total for one in plain]
    assert seen[3].absence == plain[3].absence == "not indexed"
