"""Questions to a small index: what is found, in which order, and what is said about it."""

from collections.abc import Callable

import pytest

from portal.shared.search_index.engine import SearchIndex
from tests.shared.search_index.samples import document, keys, question

Build = Callable[..., SearchIndex]


def test_any_of_the_words_finds_and_all_of_them_rise(build: Build) -> None:
    index = build(
        document("both", "On cost", "discount for a renewal"),
        document("one", "Renewal", "talk about dates"),
        document("none", "Onboarding"),
    )
    found = index.search(question("discount renewal"))
    assert keys(found) == ["both", "one"]
    assert found.complete
    assert [hit.missing for hit in found.hits] == [(), ("discount",)]


def test_nothing_is_complete_where_every_row_lacks_a_word(build: Build) -> None:
    index = build(document("a", "Discount"), document("b", "Renewal"))
    found = index.search(question("discount renewal zzzz"))
    assert not found.complete
    assert {hit.missing for hit in found.hits} == {("renewal", "zzzz"), ("discount", "zzzz")}


def test_words_in_other_forms_are_found(build: Build) -> None:
    index = build(document("a", "Customers"), document("b", "Something"))
    assert keys(index.search(question("customer"))) == ["a"]


def test_a_typo_is_mended_and_said(build: Build) -> None:
    index = build(document("a", "Expensive"), document("b", "Something"))
    found = index.search(question("expesnive"))
    assert keys(found) == ["a"]
    assert found.corrected == (("expesnive", "expensive"),)
    assert found.hits[0].missing == ()
    assert found.complete


def test_results_stand_while_the_last_word_is_typed(build: Build) -> None:
    index = build(document("a", "Expensive licences"), document("b", "Something"))
    assert keys(index.search(question("lic", typing=True))) == ["a"]
    assert index.search(question("lic")).total == 0


def test_quoted_words_are_hard_and_exact(build: Build) -> None:
    index = build(
        document("exact", "Talk", "do not call them now"),
        document("order", "Call", "them not do now call"),
        document("forms", "Talk", "do not calling them"),
    )
    assert keys(index.search(question(phrases=("do not call",)))) == ["exact"]
    assert keys(index.search(question("call", phrases=("do not call",)))) == ["exact"]
    assert index.search(question("call", phrases=("call do not",))).total == 0
    assert index.search(question("call", phrases=("unheard of",))).total == 0


def test_a_phrase_does_not_reach_over_the_end_of_a_line(build: Build) -> None:
    index = build(document("a", "Too expensive", "for us", variants=("Not now",)))
    assert index.search(question(phrases=("expensive not",))).total == 0
    assert index.search(question(phrases=("expensive for",))).total == 0
    assert index.search(question(phrases=("not now",))).total == 1


def test_a_quoted_code_is_found_as_it_is_written_elsewhere(build: Build) -> None:
    index = build(document("dash", "The X-200"), document("joined", "The X200"), document("other", "The X-300"))
    assert set(keys(index.search(question(phrases=("X-200",))))) == {"dash", "joined"}


def test_excluded_words_are_hard_in_every_form(build: Build) -> None:
    index = build(document("a", "Discount for customers"), document("b", "Discount for partners"))
    assert keys(index.search(question("discount", excluded=("customer",)))) == ["b"]
    assert keys(index.search(question("discount", excluded=("for partners",)))) == ["a"]
    assert index.search(question("discount", excluded=("?!",))).total == 2


@pytest.mark.parametrize("asked", ["X-200", "x200", "X 200", "the X-200?"])
def test_product_codes_are_found_however_they_are_written(build: Build, asked: str) -> None:
    index = build(
        document("dash", "Pump X-200"),
        document("joined", "Pump X200"),
        document("gap", "Pump X 200"),
        document("x", "X"),
    )
    assert {"dash", "joined", "gap"} <= set(keys(index.search(question(asked))))


def test_figures_are_found_whole(build: Build) -> None:
    index = build(
        document("right", "Rebate of 3.5%"), document("parts", "Rebate of 5 after 3 years"), document("other", "Rebate")
    )
    assert keys(index.search(question("3.5%")))[0] == "right"
    assert keys(index.search(question("3,5 %")))[0] == "right"
    assert keys(index.search(question("3.5"))) == ["right"]


def test_umlauts_are_found_in_all_three_spellings(build: Build) -> None:
    index = build(document("a", "Für Käufer"), document("b", "Fuer Kaeufer"), document("c", "Verkauf"))
    assert set(keys(index.search(question("Käufer")))) == {"a", "b"}
    assert set(keys(index.search(question("Kaeufer")))) == {"a", "b"}
    assert keys(index.search(question("Kaufer"))) == ["a"]


def test_rows_of_one_group_fold_into_the_best(build: Build) -> None:
    index = build(
        document("p#1", "Discount discount", group="p"),
        document("p#2", "On discounts and much more", group="p"),
        document("p#3", "Other", group="p"),
        document("q", "Discounts in general here", group="q"),
    )
    found = index.search(question("discount"))
    assert [(hit.key, hit.group, hit.folded) for hit in found.hits] == [("p#1", "p", 1), ("q", "q", 0)]
    assert found.total == 2


def test_filters_are_any_of_one_facet_and_all_of_several(build: Build) -> None:
    index = build(
        document("a", "Deal", kind="objection", facets={"stage": ("discovery", "proposal"), "tag": ("x",)}),
        document("b", "Deal", kind="objection", facets={"stage": ("proposal",)}),
        document("c", "Deal", kind="story", facets={"stage": ("closing",)}),
    )

    def under(**filters: tuple[str, ...]) -> set[str]:
        return set(keys(index.search(question("deal", filters=filters))))

    assert under(stage=("discovery", "closing")) == {"a", "c"}
    assert under(stage=("proposal",), kind=("objection",)) == {"a", "b"}
    assert under(stage=("proposal",), tag=("x",)) == {"a"}
    assert under(stage=("unheard",)) == set()
    assert under(unheard=("x",)) == set()


def test_facets_count_groups_and_go_past_their_own_filter(build: Build) -> None:
    index = build(
        document("a#1", "Deal", group="a", kind="playbook", facets={"tag": ("x", "y")}),
        document("a#2", "Deal", group="a", kind="playbook", facets={"tag": ("x",)}),
        document("b", "Deal", kind="story", facets={"tag": ("y",)}),
        document("c", "Else", kind="story", facets={"tag": ("z",)}),
    )
    found = index.search(question("deal", facets=("kind", "tag")))
    assert found.facets == {"kind": (("playbook", 1), ("story", 1)), "tag": (("y", 2), ("x", 1))}
    found = index.search(question("deal", facets=("kind", "tag"), filters={"kind": ("story",)}))
    assert found.facets == {"kind": (("playbook", 1), ("story", 1)), "tag": (("y", 1),)}


def test_numbers_bound_and_sort(build: Build) -> None:
    index = build(
        document("old", "Deal", numbers={"updated": 100, "votes": 5, "worked": 80}),
        document("new", "Deal", numbers={"updated": 300, "votes": 1, "worked": 20}),
        document("bare", "Deal"),
        document("far", "Renewal", "a deal in passing", numbers={"updated": 900, "votes": 99}),
    )
    assert keys(index.search(question("deal", sort="new"))) == ["far", "new", "old", "bare"]
    assert keys(index.search(question("deal", sort="top"))) == ["far", "old", "new", "bare"]
    assert keys(index.search(question("deal", sort="worked")))[:2] == ["old", "new"]
    assert keys(index.search(question("deal", ranges={"worked": (60, 100)}))) == ["old"]
    assert keys(index.search(question("deal", ranges={"unheard": (0, 1)}))) == []


def test_sorting_by_a_number_leaves_out_rows_that_hardly_match(build: Build) -> None:
    index = build(
        document("right", "Discount for a renewal", numbers={"updated": 1}),
        document("wrong", "Renewal", numbers={"updated": 2}),
    )
    assert set(keys(index.search(question("discount renewal")))) == {"right", "wrong"}
    assert keys(index.search(question("discount renewal", sort="new"))) == ["right"]


def test_without_words_everything_within_the_filters_is_listed_newest_first(build: Build) -> None:
    index = build(
        document("a", "One", kind="story", numbers={"updated": 1}),
        document("b", "Two", kind="story", numbers={"updated": 2}),
        document("c", "Three", numbers={"updated": 3}),
    )
    assert keys(index.search(question("  ", filters={"kind": ("story",)}))) == ["b", "a"]
    assert keys(index.search(question(excluded=("two",)))) == ["c", "a"]
    assert index.search(question("?!")).total == 0


def test_a_hit_carries_its_words_and_a_snippet(build: Build) -> None:
    index = build(
        document(
            "a", "Too expensive", "Others pay it.", kind="objection", say="Compare the cost", stored={"proof": "p"}
        ),
        document("b", "Other"),
    )
    hit = index.search(question("cost")).hits[0]
    assert (hit.kind, hit.title, hit.stored) == ("objection", "Too expensive", {"proof": "p"})
    assert hit.snippet.text == "Compare the cost"
    assert hit.snippet.matches == ((12, 16),)
    assert index.search(question("expensive")).hits[0].snippet.text == "Others pay it."


def test_quiet_words_are_found_and_never_shown(build: Build) -> None:
    index = build(document("a", "Too expensive", "Compare the cost", quiet="We may go down to the floor price"))
    found = index.search(question("floor"))
    assert (keys(found), found.hits[0].snippet.text, found.hits[0].missing) == (["a"], "Compare the cost", ())
    assert index.search(question(phrases=("cost we",))).total == 0


def test_limits_below_nothing_are_nothing(build: Build) -> None:
    index = build(document("a", "Deal"), document("b", "Deal"))
    found = index.search(question("deal", limit=0))
    assert (found.total, found.hits) == (2, ())
    assert keys(index.search(question("deal", limit=-3, offset=-3))) == []
    assert len(index.search(question("deal", offset=-3)).hits) == 2
    assert keys(index.search(question("deal", offset=9))) == []


def test_words_go_on_from_what_stands_in_the_index(build: Build) -> None:
    index = build(
        document("a", "Pricing prices"), document("b", "Pricing"), document("c", "Private", audiences=("dep:1",))
    )
    assert index.words("pri", frozenset(["all"])) == ["pricing", "prices"]
    assert index.words("Pri", frozenset(["all", "dep:1"])) == ["pricing", "prices", "private"]
    assert index.words("", frozenset(["all"])) == []
