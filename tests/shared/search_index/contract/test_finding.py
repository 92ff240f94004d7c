"""What a question finds: words, conditions, order and pages."""

import math

import pytest

from portal.shared.search_index.records import Document, Query
from tests.shared.search_index.contract.conftest import Fill
from tests.shared.search_index.samples import document, keys, question


@pytest.mark.parametrize("part", ["title", "say", "body", "quiet", "headings"])
def test_a_word_is_found_wherever_it_stands(fill: Fill, part: str) -> None:
    engine = fill(document("a", **{"title": "Some title", part: "The zeppelin arrives"}), document("b", "Other words"))
    assert keys(engine.search(question("zeppelin"))) == ["a"]


def test_other_wordings_and_tags_are_found_too(fill: Fill) -> None:
    engine = fill(
        document("a", "Too expensive", variants=("The zeppelin costs less",)),
        document("b", "Too late", tags=("lead time", "balloon")),
        document("c", "Too small"),
    )
    assert keys(engine.search(question("zeppelin"))) == ["a"]
    assert keys(engine.search(question("balloon"))) == ["b"]


def test_other_forms_of_a_word_and_other_cases_are_the_same_word(fill: Fill) -> None:
    engine = fill(document("a", "Our customers wait"), document("b", "Renewal"))
    for words in ("customer", "CUSTOMERS", "wait", "waiting", "Ünser customer"):
        assert "a" in keys(engine.search(question(words))), words


def test_rows_with_all_words_come_first_and_the_others_say_what_they_lack(fill: Fill) -> None:
    engine = fill(
        document("both", "Words about a discount for a renewal"),
        document("one", "Words about a discount"),
        document("none", "Nothing of that"),
    )
    found = engine.search(question("discount renewal"))
    assert [(hit.key, hit.missing) for hit in found.hits] == [("both", ()), ("one", ("renewal",))]
    assert (found.total, found.complete) == (2, True)
    assert not engine.search(question("discount zirconium")).complete


def test_scores_fall_from_hit_to_hit(fill: Fill) -> None:
    engine = fill(*(document(f"k{n}", "Discount" if n < 3 else "Other", "discount " * n + "words") for n in range(9)))
    scores = [hit.score for hit in engine.search(question("discount words")).hits]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_quoted_words_stand_in_this_order_and_words_with_a_minus_do_not_stand_there(fill: Fill) -> None:
    engine = fill(document("a", "Cost of ownership"), document("b", "Ownership of cost"), document("c", "Cost alone"))
    assert keys(engine.search(question(phrases=("cost of ownership",)))) == ["a"]
    assert set(keys(engine.search(question("cost", excluded=("ownership",))))) == {"c"}
    assert keys(engine.search(question("cost", phrases=("unheard of",)))) == []


def test_the_last_word_may_be_unfinished_while_typing(fill: Fill) -> None:
    engine = fill(document("a", "Zeppelin discount"), document("b", "Zeppelin renewal"))
    assert keys(engine.search(question("zeppelin disc", typing=True)))[0] == "a"
    assert keys(engine.search(question("zepp", typing=True))) != []
    assert engine.search(question("zepp")).total == 0


def test_a_mistyped_word_is_taken_for_one_that_is_there_and_told(fill: Fill) -> None:
    engine = fill(document("a", "Zeppelin discount"), document("b", "Renewal"))
    found = engine.search(question("discuont"))
    assert (keys(found), found.corrected) == (["a"], (("discuont", "discount"),))
    assert engine.search(question("discount")).corrected == ()


def test_alternatives_of_a_word_find_what_lacks_it_and_never_go_before_it(fill: Fill) -> None:
    engine = fill(document("own", "A rebate for them"), document("other", "A price cut for them"))
    found = engine.search(question("rebate", synonyms={"rebate": (("price cut", 0.8),)}))
    assert [(hit.key, hit.missing) for hit in found.hits] == [("own", ()), ("other", ())]


def test_filters_are_any_of_one_facet_and_all_of_several(fill: Fill) -> None:
    engine = fill(
        document("a", "Deal", kind="objection", facets={"stage": ("discovery", "proposal"), "tag": ("x",)}),
        document("b", "Deal", kind="objection", facets={"stage": ("proposal",)}),
        document("c", "Deal", kind="story", facets={"stage": ("closing",)}),
    )
    for filters, expected in (
        ({"stage": ("discovery", "closing")}, {"a", "c"}),
        ({"stage": ("proposal",), "kind": ("objection",)}, {"a", "b"}),
        ({"stage": ("proposal",), "tag": ("x",)}, {"a"}),
        ({"unheard": ("x",)}, set()),
    ):
        found = engine.search(question("deal", filters=filters))
        assert (set(keys(found)), found.total) == (expected, len(expected))


def test_facets_count_groups_and_go_past_their_own_filter_alone(fill: Fill) -> None:
    engine = fill(
        document("a#1", "Deal", group="a", kind="playbook", facets={"tag": ("x", "y")}),
        document("a#2", "Deal", group="a", kind="playbook", facets={"tag": ("x",)}),
        document("b", "Deal", kind="story", facets={"tag": ("y",)}),
        document("c", "Else", kind="story", facets={"tag": ("z",)}),
    )
    asked = question("deal", facets=("kind", "tag"), limit=0)
    assert engine.search(asked).facets == {"kind": (("playbook", 1), ("story", 1)), "tag": (("y", 2), ("x", 1))}
    asked = question("deal", facets=("kind", "tag"), filters={"kind": ("story",)})
    assert engine.search(asked).facets == {"kind": (("playbook", 1), ("story", 1)), "tag": (("y", 1),)}


def test_ranges_hold_their_ends_and_leave_out_rows_without_the_number(fill: Fill) -> None:
    engine = fill(*(document(f"k{n}", "Deal", numbers={"worked": n * 10}) for n in range(5)), document("bare", "Deal"))
    found = engine.search(question("deal", ranges={"worked": (10, 30)}))
    assert set(keys(found)) == {"k1", "k2", "k3"}
    assert engine.search(question("deal", ranges={"unheard": (0, 1)})).total == 0


def test_rows_are_sorted_by_a_number_where_that_is_asked_for(fill: Fill) -> None:
    engine = fill(
        document("old", "Deal", numbers={"updated": 100, "votes": 5, "worked": 80}),
        document("new", "Deal", numbers={"updated": 300, "votes": 1, "worked": 20}),
        document("bare", "Deal"),
    )
    assert keys(engine.search(question("deal", sort="new"))) == ["new", "old", "bare"]
    assert keys(engine.search(question("deal", sort="top"))) == ["old", "new", "bare"]
    assert keys(engine.search(question("deal", sort="worked"))) == ["old", "new", "bare"]


def test_pages_follow_each_other_without_gap_or_repetition(fill: Fill) -> None:
    engine = fill(*(document(f"k{n:02}", "Deal", "deal " * (n % 3), numbers={"updated": n % 4}) for n in range(23)))
    for sort in ("relevance", "new"):
        pages = [engine.search(question("deal", sort=sort, limit=5, offset=start)) for start in range(0, 30, 5)]
        listed = [key for page in pages for key in keys(page)]
        assert listed == keys(engine.search(question("deal", sort=sort, limit=50)))
        assert sorted(listed) == [f"k{n:02}" for n in range(23)]
        assert {page.total for page in pages} == {23}
    for limit, offset in ((0, 0), (-3, -3), (5, 99)):
        assert engine.search(question("deal", limit=limit, offset=offset)).hits == ()


def test_rows_of_one_group_fold_into_the_best(fill: Fill) -> None:
    engine = fill(
        document("p#1", "Discount discount", group="p"),
        document("p#2", "On discounts and much more", group="p"),
        document("p#3", "Other", group="p"),
        document("q", "Discounts in general here", group="q"),
    )
    found = engine.search(question("discount"))
    assert [(hit.key, hit.group, hit.folded) for hit in found.hits] == [("p#1", "p", 1), ("q", "q", 0)]
    assert found.total == 2


def test_without_words_everything_within_the_conditions_is_listed_newest_first(fill: Fill) -> None:
    engine = fill(
        document("a", "One", kind="story", numbers={"updated": 1}),
        document("b", "Two", kind="story", numbers={"updated": 2}),
        document("c", "Three", numbers={"updated": 3}),
    )
    assert keys(engine.search(question(" ", filters={"kind": ("story",)}))) == ["b", "a"]
    assert keys(engine.search(question(excluded=("two",)))) == ["c", "a"]


def test_a_hit_shows_its_words_and_where_those_of_the_question_stand(fill: Fill) -> None:
    engine = fill(
        document("a", "Too dear", "Compare it. The cost of a stop counts.", say="Ask", quiet="Floor", stored={"p": "q"})
    )
    hit = engine.search(question("cost")).hits[0]
    assert (hit.kind, hit.title, hit.stored) == ("note", "Too dear", {"p": "q"})
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.matches] == ["cost"]
    found = engine.search(question("floor"))
    assert (keys(found), found.hits[0].missing) == (["a"], ())
    assert "Floor" not in found.hits[0].snippet.text


def test_stars_and_the_day_change_the_order_and_never_what_is_found(fill: Fill) -> None:
    rows = [document(f"k{n}", f"Deal {'and more ' * n}", facets={"item": (str(n),)}) for n in range(4)]
    rows += [document("late", "Deal", numbers={"verify_by": 10}), document("gone", "Deal", numbers={"obsolete": 1})]
    engine = fill(*rows)
    plain = engine.search(question("deal", facets=("item",)))
    other = engine.search(question("deal", facets=("item",), today=400, favourites=frozenset("3")))
    assert set(keys(plain)) == set(keys(other))
    assert (plain.total, set(plain.facets["item"])) == (other.total, set(other.facets["item"]))


def test_values_that_a_number_makes_are_filtered_and_counted_beside_those_that_stand_there(fill: Fill) -> None:
    engine = fill(
        document("a", "Deal", numbers={"until": 9}),
        document("b", "Deal", numbers={"until": 10}, group="g"),
        document("b2", "Deal", numbers={"until": 10}, group="g"),
        document("c", "Deal", facets={"state": ("kept",)}),
    )

    def asked(day: float, *values: str) -> Query:
        made = {"state": {"good": ("until", day, math.inf), "over": ("until", -math.inf, day - 1)}}
        filters = {"state": values} if values else {}
        return question("deal", computed=made, filters=filters, facets=("state",))

    assert dict(engine.search(asked(10)).facets["state"]) == {"good": 1, "over": 1, "kept": 1}
    assert set(keys(engine.search(asked(9, "good")))) in ({"a", "b"}, {"a", "b2"})
    assert keys(engine.search(asked(10, "over"))) == ["a"]
    assert keys(engine.search(asked(12, "good"))) == []
    both = engine.search(asked(10, "over", "kept"))
    assert set(keys(both)) == {"a", "c"}
    assert dict(both.facets["state"]) == {"good": 1, "over": 1, "kept": 1}


def test_words_go_on_from_a_beginning_most_frequent_first(fill: Fill) -> None:
    engine = fill(document("a", "Pricing prices"), document("b", "Pricing"), document("c", "Other"))
    everyone = frozenset(["all"])
    assert engine.words("pri", everyone) == ["pricing", "prices"]
    assert engine.words("Pri", everyone, limit=1) == ["pricing"]
    assert engine.words("", everyone) == []


NASTY = ("", " ", "?!", '"', "*", "(", "AND", "NOT a", "c++", "to be or not to be", "a:b", "\0", "💥", "x" * 2000)


@pytest.mark.parametrize("typed", NASTY, ids=range(len(NASTY)))
def test_any_words_are_answered(fill: Fill, typed: str) -> None:
    engine = fill(document("a", "To be or not to be", "c++ and more"))
    for typing in (True, False):
        found = engine.search(question(typed, typing=typing, phrases=(typed,), excluded=(typed,), facets=("kind",)))
        assert found.total == len(found.hits)
    assert engine.words(typed, frozenset(["all"])) is not None


def test_an_explanation_has_the_score_of_the_hit_or_says_why_there_is_none(fill: Fill) -> None:
    rows: list[Document] = [
        document("a", "Discount", facets={"item": ("1",)}),
        document("b", "Renewal", facets={"item": ("2",)}),
    ]
    engine = fill(*rows)
    asked = question("discount")
    explained = engine.explain(asked, "1")
    assert explained.row is not None
    assert explained.row.score == pytest.approx(engine.search(asked).hits[0].score)
    assert (engine.explain(asked, "2").row, engine.explain(asked, "2").absence) == (None, "no word")
    assert engine.explain(asked, "3").absence == "not indexed"
    assert engine.explain(question("discount", filters={"kind": ("story",)}), "1").absence == "left out"
