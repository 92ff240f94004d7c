"""Long lists in pages: numbers, ways, and odd page numbers."""

import pytest

from portal.core.paging import address, page_number, rows_before, span


@pytest.mark.parametrize(
    ("page", "before"),
    [
        ("", 0),
        ("1", 0),
        ("2", 50),
        ("0", 0),
        ("-3", 0),
        ("x", 0),
        ("²", 0),
        ("٣", 0),
        ("9" * 40, 0),
        ("99999", 499_950),
    ],
)
def test_page_number_says_how_many_rows_stand_before(page: str, before: int) -> None:
    assert rows_before({"page": page}, 50) == before


def test_a_list_may_end_before_the_last_page_that_is_asked_for() -> None:
    assert [page_number({"page": asked}, 50) for asked in ("50", "51", "9" * 5000, "")] == [50, 50, 1, 1]


def test_ways_lead_back_and_on_with_the_filters_kept() -> None:
    middle = span("/people", {"q": "a b", "dept": ""}, before=50, shown=50, total=1120, size=50)
    assert middle.text == "51 to 100 of 1,120"
    assert middle.previous_url == "/people?q=a+b"
    assert middle.next_url == "/people?q=a+b&page=3"
    first = span("/people", {}, before=0, shown=3, total=3, size=50)
    assert (first.previous_url, first.next_url) == ("", "")
    beyond = span("/people", {}, before=150, shown=0, total=3, size=50)
    assert (beyond.text, beyond.previous_url, beyond.next_url) == ("none of 3", "/people?page=3", "")


def test_address_leaves_empty_filters_out() -> None:
    assert address("/people", {"q": "", "dept": "r&d"}) == "/people?dept=r%26d"
    assert address("/people", {}) == "/people"
