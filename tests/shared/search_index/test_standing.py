"""What people know of a document orders near equals: votes, trust, what worked, freshness, and the own stars."""

from collections.abc import Callable

import pytest

from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.ranking import (
    FRESH,
    OBSOLETE,
    STALE,
    STARRED,
    VERIFIED,
    VOTES,
    WORKED,
    freshness,
    trust,
    votes,
    worked,
)
from tests.shared.search_index.samples import document, keys, question

Build = Callable[..., SearchIndex]
TODAY = 20_000.0
BEST = {"votes": 1e6, "verify_by": TODAY, "worked": 100.0, "tried": 1e6, "seen_on": TODAY}


def factors(index: SearchIndex, words: str = "discount", **more: object) -> dict[str, float]:
    """The score of each hit beside that of the document "plain"."""
    found = {hit.key: hit.score for hit in index.search(question(words, **{"today": TODAY, **more})).hits}
    return {key: score / found["plain"] for key, score in found.items()}


def test_votes_lift_a_little_and_dislike_is_as_unknown(build: Build) -> None:
    index = build(
        document("plain", "Discount"),
        document("voted", "Discount", numbers={"votes": 20}),
        document("disliked", "Discount", numbers={"votes": -20}),
    )
    assert factors(index) == pytest.approx({"voted": 1 + VOTES * 20 / 25, "plain": 1, "disliked": 1}, rel=1e-4)


def test_a_first_vote_moves_less_than_a_fiftieth() -> None:
    assert 0 < votes(1) < 0.02
    assert votes(5) == VOTES / 2
    assert votes(1e9) == pytest.approx(VOTES)


def test_a_verification_lifts_until_its_day_is_over(build: Build) -> None:
    index = build(
        document("plain", "Discount"),
        document("verified", "Discount", numbers={"verify_by": TODAY}),
        document("stale", "Discount", numbers={"verify_by": TODAY - 1}),
    )
    assert factors(index) == pytest.approx({"verified": 1 + VERIFIED, "plain": 1, "stale": 1 + STALE}, rel=1e-4)
    assert list(factors(index)) == ["verified", "plain", "stale"]
    assert factors(index, today=TODAY + 1)["verified"] == pytest.approx(1 + STALE, rel=1e-4)
    assert trust(float("nan"), TODAY) == 0


def test_what_is_obsolete_stands_below_what_says_the_same_and_is_still_found(build: Build) -> None:
    index = build(
        document("obsolete", "Discount for dairies", numbers={"obsolete": 1, **BEST}),
        document("plain", "Discount for dairies and breweries"),
        document("other", "Renewal", "A discount may come later."),
    )
    assert list(factors(index, "discount dairies")) == ["plain", "obsolete", "other"]
    alone = factors(build(document("plain", "Discount"), document("gone", "Discount", numbers={"obsolete": 1})))
    assert alone["gone"] == OBSOLETE


def test_what_worked_is_believed_slowly(build: Build) -> None:
    assert worked(100, 1) == pytest.approx(WORKED / 11)
    assert worked(0, 1) == pytest.approx(-WORKED / 11)
    assert worked(50, 400) == 0
    assert worked(100, 1) < worked(80, 20) < worked(80, 200) < worked(100, 1e9) == pytest.approx(WORKED)
    index = build(
        document("plain", "Discount"),
        document("often", "Discount", numbers={"worked": 78, "tried": 18}),
        document("once", "Discount", numbers={"worked": 100, "tried": 1}),
        document("rarely", "Discount", numbers={"worked": 20, "tried": 30}),
        document("untold", "Discount", numbers={"worked": 100}),
        document("untried", "Discount", numbers={"tried": 0, "worked": 0}),
    )
    found = factors(index)
    assert list(found)[:2] == ["often", "once"]
    assert list(found)[-1] == "rarely"
    assert found["untold"] == found["untried"] == 1


def test_freshness_halves_and_counts_where_it_is_told(build: Build) -> None:
    assert freshness(TODAY, TODAY) == FRESH
    assert freshness(TODAY - 30, TODAY) == pytest.approx(FRESH / 2)
    assert freshness(TODAY + 7, TODAY) == FRESH
    index = build(
        document("plain", "Discount", numbers={"updated": TODAY}),
        document("today", "Discount", numbers={"seen_on": TODAY}),
        document("old", "Discount", numbers={"seen_on": TODAY - 400}),
    )
    assert factors(index) == pytest.approx({"today": 1 + FRESH, "old": 1, "plain": 1}, rel=1e-4)


def test_stars_lift_for_those_who_gave_them_and_for_nobody_else(build: Build) -> None:
    index = build(
        document("plain", "Discount", facets={"item": ("1",)}),
        document("starred", "Discount", facets={"item": ("2", "3")}),
    )
    assert factors(index) == {"plain": 1, "starred": 1}
    for stars in ({"2"}, {"3"}, {"2", "3"}, {"3", "999"}):
        found = factors(index, favourites=frozenset(stars))
        assert found == pytest.approx({"starred": 1 + STARRED, "plain": 1}, rel=1e-4)
        assert list(found) == ["starred", "plain"]
    assert factors(index, favourites=frozenset({"999"})) == {"plain": 1, "starred": 1}


def test_all_lifts_together_change_no_order_that_the_words_make(build: Build) -> None:
    praised = {"numbers": BEST, "facets": {"item": ("1",)}}
    index = build(
        document("plain", "Discount"),
        document("longer", "Discount for large teams", **praised),
        document("inside", "Renewal", "A discount is traded.", **praised),
    )
    found = factors(index, favourites=frozenset({"1"}))
    assert list(found) == ["plain", "longer", "inside"]
    together = (1 + VOTES + VERIFIED + WORKED + FRESH) * (1 + STARRED)
    assert together < 1.25
    equal = build(document("plain", "Discount"), document("best", "Discount", **praised))
    assert factors(equal, favourites=frozenset({"1"}))["best"] == pytest.approx(together, rel=1e-4)


def test_a_new_state_of_the_index_knows_new_numbers_and_stars(build: Build) -> None:
    index = build(document("plain", "Discount"), document("other", "Discount", facets={"item": ("2",)}))
    stars = frozenset({"2", "3"})
    assert factors(index, favourites=stars)["other"] == pytest.approx(1 + STARRED, rel=1e-4)
    index.write(
        [
            document("other", "Discount", numbers={"verify_by": TODAY}),
            document("third", "Discount", facets={"item": ("3",)}),
        ]
    )
    index.refresh()
    found = factors(index, favourites=stars)
    assert found["other"] == pytest.approx(1 + VERIFIED, rel=1e-4)
    assert found["third"] == pytest.approx(1 + STARRED, rel=1e-4)


def test_a_document_without_numbers_stands_as_it_is(build: Build) -> None:
    index = build(document("plain", "Discount"), document("twin", "Discount"))
    assert set(factors(index).values()) == {1.0}
    assert keys(index.search(question("discount", today=0.0))) == ["plain", "twin"]
