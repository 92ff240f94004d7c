"""The arithmetic of the ranking, worked out by hand on five documents."""

from collections.abc import Callable
from math import log

import numpy as np
import pytest

from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.postings import idf
from portal.shared.search_index.ranking import bm25
from portal.shared.search_index.records import Document
from tests.shared.search_index.samples import document, keys, question

Build = Callable[..., SearchIndex]

# Body lengths 0, 3, 1, 1, 0 and line lengths 2, 1, 1, 1, 0: both average 1. "price" is in two of five documents.
FIVE = (
    document("list", "Price list"),
    document("talk", "Discounts", "price price talk"),
    document("start", "Onboarding", "talk"),
    document("safe", "Security", "audit"),
    document("empty"),
)
IN_TWO = log(5 / 3) + 1
IN_ONE = log(5 / 2) + 1


def scores(index: SearchIndex, words: str) -> dict[str, float]:
    return {hit.key: hit.score for hit in index.search(question(words)).hits}


def test_rare_words_say_more_than_frequent_ones() -> None:
    assert float(idf(5, 2)) == pytest.approx(IN_TWO)
    assert float(idf(5, 1)) == pytest.approx(IN_ONE)


def test_a_word_counts_less_each_time_and_less_in_long_texts() -> None:
    assert bm25(1, 1, 1.0, 0.6) == 1
    assert bm25(2, 3, 1.0, 0.6) == pytest.approx(2 * 3 / (2 + 2 * 2.2))
    assert bm25(1, 2, 1.0, 1.0) == pytest.approx(0.6)


def test_one_word_in_a_title_and_in_a_body(build: Build) -> None:
    found = scores(build(*FIVE), "price")
    # Title: 2.5 × 0.6 idf is the best; C = 1; T = 1 and F = idf(price) / (idf(price) + idf(list)).
    assert found["list"] == pytest.approx(1 * (1 + 2) + 3 * IN_TWO / (IN_TWO + IN_ONE), rel=1e-5)
    # Body: 0.9375 idf of that best; nothing of the title.
    assert found["talk"] == pytest.approx(0.9375 / 1.5 * (1 + 2), rel=1e-5)
    assert set(found) == {"list", "talk"}


def test_pairs_coverage_and_a_fully_named_title(build: Build) -> None:
    found = scores(build(*FIVE), "price list")
    # The pair: one document, length 2 of an average of 10 / 5, so f (K1 + 1) / (f + K1) = 1, at half weight.
    best = 1.5 * IN_TWO + 1.5 * IN_ONE + 0.5 * IN_ONE
    assert found["list"] == pytest.approx(1 + 2 + 3, rel=1e-5)
    covered = IN_TWO / (IN_TWO + IN_ONE)
    assert found["talk"] == pytest.approx(0.9375 * IN_TWO / best * (1 + 2 * covered**2), rel=1e-5)


def test_alternatives_share_the_idf_of_their_union(build: Build) -> None:
    index = build(*FIVE)
    found = index.search(question("cost", synonyms={"cost": (("price", 0.5), ("audit", 0.5))}))
    # Three documents hold one of them, each at half weight: so C is a half of everything asked.
    assert set(keys(found)) == {"list", "talk", "safe"}
    body, title = 0.5 * 3 / (0.5 + 2), 0.5 * 3 / (0.5 + 4)
    best = max(2.5 * title, 1.0 * 3 / (1.0 + 2 * 2.2))
    safe = next(hit.score for hit in found.hits if hit.key == "safe")
    assert safe == pytest.approx(body / best * (1 + 2 * 0.25), rel=1e-5)


def test_the_best_line_stands_for_the_document(build: Build) -> None:
    index = build(
        document("title", "Too expensive"),
        document("variant", "They push back", variants=("Too expensive", "No budget for this")),
        document("other", "Not that expensive a thing to buy", "Too many words about it"),
    )
    found = scores(index, "too expensive")
    assert found["variant"] == pytest.approx(found["title"], rel=0.03)


def test_words_of_two_lines_do_not_add_up_to_one(build: Build) -> None:
    index = build(
        document("one", "Price of migration"),
        document("two", "Price list", variants=("Migration plan",)),
        document("other", "Something else"),
    )
    assert keys(index.search(question("price migration"))) == ["one", "two"]


def test_the_line_to_say_counts_more_than_the_body(build: Build) -> None:
    index = build(document("body", "A", "mention rebates here"), document("say", "A", say="mention rebates here"))
    assert keys(index.search(question("rebates"))) == ["say", "body"]


def test_tags_are_searched_as_headings_are(build: Build) -> None:
    index = build(
        document("tag", "A", tags=("Price pressure", "Talks")),
        document("heading", "A", headings="Price pressure Talks"),
        document("body", "A", "Price pressure Talks"),
    )
    found = scores(index, "price pressure")
    assert found["tag"] == found["heading"] > found["body"]
    assert index.search(question(phrases=("pressure talks",))).total == 2


def test_documents_without_a_word_spoil_no_average(build: Build) -> None:
    index = build(*FIVE, *(document(f"empty{number}") for number in range(20)))
    found = index.search(question("price"))
    assert set(keys(found)) == {"list", "talk"}
    assert all(np.isfinite(hit.score) for hit in found.hits)


def test_an_index_of_empty_documents_answers(build: Build) -> None:
    index = build(document("a"), document("b"))
    assert index.search(question("price")).total == 0
    assert index.search(question()).total == 2


def test_hidden_documents_do_not_change_the_order_of_others(build: Build) -> None:
    open_only = scores(build(*FIVE), "price")
    hidden = [document(f"hidden{number}", "Price", audiences=("dep:1",)) for number in range(9)]
    with_hidden = scores(build(*FIVE, *hidden), "price")
    assert set(with_hidden) == set(open_only)
    order = sorted(open_only, key=open_only.__getitem__)
    assert sorted(with_hidden, key=with_hidden.__getitem__) == order


def test_more_than_a_page_keeps_its_order(build: Build) -> None:
    documents: list[Document] = [document(f"k{number:03}", "Discount", "word " * number) for number in range(150)]
    index = build(*documents)
    everything = keys(index.search(question("discount", limit=150)))
    paged = [key for start in range(0, 150, 20) for key in keys(index.search(question("discount", offset=start)))]
    assert paged == everything
    assert len(set(everything)) == 150
