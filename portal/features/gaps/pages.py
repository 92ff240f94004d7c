"""What the templates of gaps may see: words and numbers, and nobody's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from portal.core.paging import Span
from portal.shared.finding.gap_queries import Gap
from portal.shared.finding.pages import search_url


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap: `waiting` different people searched it in vain, `wishes` want to be told."""

    id: int
    words: str
    url: str
    is_without_result: bool
    waiting: int
    searches: int
    wishes: int
    is_asked: bool
    last_at: datetime
    became: tuple[str, str]
    ask_url: str
    words_url: str
    decline_url: str
    reopen_url: str
    reason: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class GapsPage:
    """Open gaps, or those that are not for us."""

    rows: Sequence[GapRow]
    span: Span
    total: int
    is_declined: bool


def row_of(gap: Gap, links: Mapping[int, tuple[str, str]], error: str = "") -> GapRow:
    """A gap with its acts; `links` are the questions that gaps became and that this person may see."""
    total = gap.total
    return GapRow(
        id=total.id,
        words=total.words,
        url=search_url(total.words),
        is_without_result=gap.is_without_result,
        waiting=gap.waiting,
        searches=gap.searches,
        wishes=gap.wishes,
        is_asked=total.asked_at is not None,
        last_at=total.last_at,
        became=links.get(total.item_id or 0, ("", "")),
        ask_url="/questions/new?" + urlencode({"title": total.words}),
        words_url="/words?" + urlencode({"theirs": total.words, "q": total.words, "kind": "one_way"}),
        decline_url=f"/gaps/{total.id}/decline",
        reopen_url=f"/gaps/{total.id}/reopen" if total.declined_at is not None else "",
        reason=total.reason,
        error=error,
    )
