"""The shown piece of a text surrounds what was found."""

from hypothesis import given
from hypothesis import strategies as st

from portal.shared.search_index.snippets import LONGEST, excerpt

FILLER = "Nothing of interest stands in this sentence at all. "
WANTED = {"price": 0, "prices": 0, "budget": 1}
WEIGHTS = [1.0, 2.0]


def marked(text: str, wanted: dict[str, int] = WANTED) -> list[str]:
    found = excerpt(text, wanted, WEIGHTS)
    return [found.text[start:end] for start, end in found.matches]


def test_a_short_text_is_shown_whole_with_single_blanks() -> None:
    found = excerpt("The  price\n\nis  high", WANTED, WEIGHTS)
    assert found.text == "The price is high"
    assert found.matches == ((4, 9),)


def test_without_a_match_the_beginning_is_shown() -> None:
    found = excerpt(FILLER * 20, WANTED, WEIGHTS)
    assert found.text.startswith("Nothing of interest")
    assert found.text.endswith(".…")
    assert found.matches == ()
    assert excerpt("", WANTED, WEIGHTS).text == ""


def test_the_sentence_of_the_match_is_shown() -> None:
    found = excerpt(FILLER * 9 + "Then the price goes up. " + FILLER * 9, WANTED, WEIGHTS)
    assert found.text.startswith("…")
    assert "Then the price goes up." in found.text
    assert [found.text[start:end] for start, end in found.matches] == ["price"]


def test_the_place_that_says_most_wins_over_the_earlier_one() -> None:
    text = "The price. " + FILLER * 9 + "No budget for that price. " + FILLER * 9
    assert marked(text) == ["budget", "price"]


def test_the_earliest_of_equal_places_wins() -> None:
    found = excerpt("First price. " + FILLER * 9 + "Second price. " + FILLER * 9, WANTED, WEIGHTS)
    assert found.text.startswith("First price.")


def test_a_sentence_without_end_is_cut_between_words() -> None:
    found = excerpt("word " * 200 + "price " + "word " * 200, WANTED, WEIGHTS)
    assert found.text.startswith("…word")
    assert found.text.endswith("word…")
    assert len(found.text) <= LONGEST


def test_accents_and_capitals_are_marked_as_written() -> None:
    assert marked("PRICE, Prìce; überprice", {"price": 0}) == ["PRICE", "Prìce"]


@given(st.text(max_size=900), st.lists(st.sampled_from(["price", "budget", "ß", "x200"]), max_size=3))
def test_every_excerpt_is_short_and_its_matches_lie_within(text: str, words: list[str]) -> None:
    wanted = dict.fromkeys(words, 0)
    found = excerpt(f"{text} {' '.join(words)} {text}", wanted, [1.0])
    assert len(found.text) <= LONGEST
    assert all(0 <= start < end <= len(found.text) for start, end in found.matches)
