"""A word's position says which part of the document it stands in."""

from portal.shared.search_index.layout import BODY, LEAD, LINE_PLACES, PLACES, fingerprint, lay_out
from tests.shared.search_index.samples import document


def test_title_variants_lead_and_body_have_their_own_places() -> None:
    laid = lay_out(
        document(
            "a", "Too expensive", "Cost first", variants=("The price is high",), say="Compare cost", headings="Cost"
        )
    )
    assert laid.positions["expensive"] == [1]
    assert laid.positions["price"] == [LINE_PLACES + 1]
    first, second, third = laid.positions["cost"]
    assert LEAD <= first < second < BODY
    assert third == BODY


def test_lengths_and_lines_count_no_stop_words() -> None:
    card = lay_out(document("a", "The price of it", "the cost and the budget", variants=("Who are you",))).card
    assert card.lines == ["price", "who are you"]
    assert (card.lead_length, card.body_length) == (0, 2)


def test_a_code_stands_with_its_parts() -> None:
    positions = lay_out(document("a", body="buy X-200 now")).positions
    assert positions["x"] == positions["x200"] == [BODY + 1]
    assert positions["200"] == [BODY + 2]


def test_what_does_not_fit_is_led_with_or_left_out() -> None:
    variants = tuple(f"way{number}" for number in range(100))
    laid = lay_out(document("a", "w " * 70 + "end", "x " * 70_000 + "last", variants=variants))
    assert laid.positions["way62"][0] < LEAD <= laid.positions["way63"][0] < BODY
    assert LEAD <= laid.positions["end"][0] < BODY
    assert "last" not in laid.positions
    assert max(laid.positions["x"]) < PLACES


def test_a_document_without_words_has_one_empty_line() -> None:
    laid = lay_out(document("a"))
    assert laid.positions == {}
    assert laid.card.lines == [""]


def test_the_fingerprint_is_of_everything_in_a_document() -> None:
    plain = document("a", "Title", facets={"tag": ("x", "y")}, numbers={"votes": 1})
    assert fingerprint(plain) == fingerprint(document("a", "Title", facets={"tag": ("x", "y")}, numbers={"votes": 1}))
    changes = [{"title": "Titel"}, {"audiences": ("dep:1",)}, {"facets": {"tag": ("x",)}}, {"stored": {"say": "so"}}]
    prints = {fingerprint(document("a", **{"title": "Title", **change})) for change in changes}
    assert len(prints | {fingerprint(plain)}) == len(changes) + 1
