"""What the templates of gaps may see: words and numbers, and nobody's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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
    draft_url: str
    decline_url: str
    reopen_url: str
    closed_at: datetime | None
    reason: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class GapsPage:
    """Open gaps, those that closed by themselves, or those that are not for us; `writers` may be given a draft."""

    rows: Sequence[GapRow]
    span: Span
    total: int
    which: str
    writers: Sequence[tuple[int, str]]
    me_id: int
    said: str


def row_of(gap: Gap, links: Mapping[int, tuple[str, str]], error: str = "") -> GapRow:
    """A gap with its acts; `links` are what gaps became, where this person may see it."""
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
        ask_url=f"/gaps/{total.id}/ask",
        draft_url=f"/gaps/{total.id}/draft",
        decline_url=f"/gaps/{total.id}/decline",
        reopen_url=f"/gaps/{total.id}/reopen" if total.declined_at is not None else "",
        closed_at=total.opened_at,
        reason=total.reason,
        error=error,
    )
