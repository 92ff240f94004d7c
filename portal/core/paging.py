"""Long lists in pages: which rows stand here, and the addresses of the page before and the page after."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from portal.core.ids import read_id

LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a list that a page shows: "51 to 100 of 120"; addresses are empty at the ends."""

    text: str
    previous_url: str
    next_url: str


def page_number(args: Mapping[str, str], last: int = LAST_PAGE) -> int:
    """The page that `page=` asks for, at most the `last`; anything but a page number is page 1."""
    return min(max(read_id(args.get("page", "")), 1), last)


def rows_before(args: Mapping[str, str], size: int) -> int:
    """How many rows stand before the page that `page=` asks for."""
    return (page_number(args) - 1) * size


def span(base: str, kept: Mapping[str, str], *, before: int, shown: int, total: int, size: int) -> Span:
    """The words and the ways of one page of `total` rows; `kept` are the filters that the addresses carry on."""
    number = before // size + 1
    return Span(
        text=f"{before + 1:,} to {before + shown:,} of {total:,}" if shown else f"none of {total:,}",
        previous_url=address(base, {**kept, "page": str(number - 1) if number > 2 else ""}) if before else "",
        next_url=address(base, {**kept, "page": str(number + 1)}) if shown and before + shown < total else "",
    )


def address(base: str, kept: Mapping[str, str]) -> str:
    """`/people?q=dana`, empty values left out."""
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{base}?{query}" if query else base
