"""What is left out while the screen is shared: names of competitors in any text, names of people in rows."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from markupsafe import Markup

from portal.core.access import Actor
from portal.shared.finding.pages import Labels, ResultRow

COMPETITOR = "a competitor"
T = TypeVar("T", str, Markup)
_WORDS_OF_ADDRESS = re.compile(r"^(/[a-z]+/\d+)-[^/#?]*")


def cover(text: T, labels: Labels) -> T:
    """The text without the names of competitors that must not be read just now; in HTML tags stay as they are."""
    names = labels.get("covered", {})
    if not names or not text:
        return text
    covered = _pattern_of(frozenset(names.values())).sub(lambda found: found["tag"] or COMPETITOR, str(text))
    return type(text)(covered)


def cover_rows(rows: Iterable[ResultRow], labels: Labels, actor: Actor) -> tuple[ResultRow, ...]:
    """Rows as others may see them on a shared screen: nobody's name stands in them, and people are no rows."""
    if not actor.is_screen_shared:
        return tuple(rows)
    return tuple(_cover_row(row, labels) for row in rows if row.kind != "person")


def shown_slug(slug: str, actor: Actor) -> str:
    """The words of an address, for the address bar, and nothing while the screen is shared: they can name a rival."""
    return "" if actor.is_screen_shared else slug


def _cover_row(row: ResultRow, labels: Labels) -> ResultRow:
    return replace(
        row,
        url=_WORDS_OF_ADDRESS.sub(r"\1", row.url),
        title=cover(row.title, labels),
        title_html=cover(row.title_html, labels),
        say=cover(row.say, labels),
        say_html=cover(row.say_html, labels),
        proof=cover(row.proof, labels),
        proof_source=cover(row.proof_source, labels),
        snippet_html=cover(row.snippet_html, labels),
        by="",
        star_url="",
    )


@lru_cache(maxsize=8)
def _pattern_of(names: frozenset[str]) -> re.Pattern[str]:
    longest_first = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(rf"(?P<tag><[^>]*>)|(?<!\w)(?:{longest_first})(?!\w)", re.IGNORECASE)
