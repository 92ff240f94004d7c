"""A long text falls into passages that lose no word and stay short."""

from hypothesis import given
from hypothesis import strategies as st

from portal.shared.files.passages import LONGEST, passages


def test_a_short_text_is_one_passage() -> None:
    assert list(passages("Price list\n\nX-200\f412")) == ["Price list\nX-200\n412"]
    assert list(passages(" \n\f ")) == []


def test_a_page_begins_a_passage_when_there_is_enough_before_it() -> None:
    page = "word " * (LONGEST // 5 * 3 // 5)
    assert [one.strip() for one in passages(f"{page}\fnext")] == [page.strip(), "next"]
    assert len(list(passages(f"{page}\nnext"))) == 1


def test_a_long_line_is_cut_between_words() -> None:
    found = list(passages("word " * LONGEST))
    assert len(found) > 2
    assert {word for one in found for word in one.split()} == {"word"}


@given(st.text(alphabet="ab \n\f", max_size=9000), st.integers(1, 3))
def test_no_word_is_lost_and_no_passage_is_too_long(text: str, times: int) -> None:
    found = list(passages(text * times))
    assert "".join("".join(found).split()) == "".join((text * times).split())
    assert all(0 < len(one) <= LONGEST for one in found)
