"""Which section of a new text is which of the old one."""

from hypothesis import given
from hypothesis import strategies as st

from portal.features.playbooks.sections import Part, match_sections


def part(anchor: str, text: str = "", title: str = "") -> Part:
    return Part(anchor, title or anchor, text)


def test_the_same_anchor_comes_first() -> None:
    old = [part("", "lead"), part("a", "words of a"), part("b", "words of b")]
    new = [part("", "lead"), part("b", "words of a"), part("a", "words of b")]
    assert match_sections(old, new) == {0: 0, 1: 2, 2: 1}


def test_then_the_same_title() -> None:
    old = [part("h-price", title="Price"), part("h-price-2", title="price")]
    assert match_sections(old, [part("h-other", title="PRICE")]) == {0: 0}


def test_then_the_most_similar_words() -> None:
    old = [part("a", "one two three four"), part("b", "five six seven eight")]
    new = [part("x", "five six seven nine"), part("y", "quite other words here")]
    assert match_sections(old, new) == {0: 1}


def test_nearer_places_come_first_where_words_are_alike() -> None:
    old = [part("a", "same words"), part("b", "same words")]
    new = [part("x", "new"), part("y", "same words")]
    assert match_sections(old, new) == {1: 1}


def test_sections_without_words_are_not_alike() -> None:
    assert match_sections([part("a")], [part("b")]) == {}


PARTS = st.lists(
    st.builds(Part, st.sampled_from("abcdef"), st.sampled_from(["", "T", "U"]), st.text("xy z", max_size=12)),
    max_size=8,
    unique_by=lambda one: one.anchor,
)


@given(PARTS, PARTS)
def test_no_old_section_is_taken_twice_and_every_anchor_is_kept(old: list[Part], new: list[Part]) -> None:
    found = match_sections(old, new)
    assert len(set(found.values())) == len(found)
    places = {one.anchor: at for at, one in enumerate(old)}
    for at, one in enumerate(new):
        if one.anchor in places:
            assert found[at] == places[one.anchor]


def test_a_thousand_renamed_sections_are_compared_with_their_neighbours_alone() -> None:
    old = [part(f"a{n}", f"common words {n}") for n in range(1000)]
    new = [part(f"b{n}", f"common words {n}") for n in range(1000)]
    assert match_sections(old, new) == {n: n for n in range(1000)}
