"""Reads of gaps: what several people searched in vain, without anybody's name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.shared.finding.models import SearchMade, SearchTotal, Wish

LEAST = 2
"""So many different people, or one who pressed Ask."""
CLOSED = timedelta(days=90)
"""So long does a gap stay closed after something that the search found was opened."""
PAGE = 30


@dataclass(frozen=True, slots=True)
class Gap:
    """A search that found nothing, or nothing that anybody opened.

    `waiting` different people made it since it was last of use, `wishes` of them want to be told.
    """

    total: SearchTotal
    waiting: int
    searches: int
    wishes: int

    @property
    def is_without_result(self) -> bool:
        """Nothing at all was found the last time."""
        return self.total.last_found == 0


def list_gaps(session: Session, *, limit: int = PAGE, offset: int = 0) -> tuple[list[Gap], int]:
    """Open gaps, those that most people meet first, and how many there are; two statements."""
    wanted, waiting = _open_gaps()
    return _page(session, wanted, (waiting.desc(), SearchTotal.last_at.desc()), limit, offset)


def list_open_gaps(session: Session, most: int = 1000) -> list[tuple[Gap, datetime]]:
    """All open gaps, those that most people meet first, each with when it was first searched since it was last of use;
    one statement."""
    wanted, waiting = _open_gaps()
    vain = or_(SearchTotal.opened_at.is_(None), SearchMade.at > SearchTotal.opened_at)
    first = select(SearchMade.at).where(SearchMade.normal == SearchTotal.normal, vain).order_by(SearchMade.at).limit(1)
    rows = session.execute(wanted.add_columns(first.scalar_subquery()).order_by(waiting.desc()).limit(most))
    return [(Gap(*row[:4]), row[4] or row[0].last_at) for row in rows]


def _open_gaps() -> tuple[Any, Any]:
    """What `_gaps` gives, of the open ones alone."""
    wanted, waiting = _gaps()
    long_ago = clock.now() - CLOSED
    is_unhelped = or_(SearchTotal.opened_at.is_(None), SearchTotal.opened_at < long_ago, SearchTotal.last_found == 0)
    is_asked = or_(
        and_(SearchTotal.opened_at.is_(None), SearchTotal.asked_at.is_not(None)),
        SearchTotal.asked_at > SearchTotal.opened_at,
    )
    return wanted.where(SearchTotal.declined_at.is_(None), is_unhelped, or_(waiting >= LEAST, is_asked)), waiting


def list_closed(session: Session, *, limit: int = PAGE, offset: int = 0) -> tuple[list[Gap], int]:
    """Gaps that closed by themselves, the last first: searched in vain, then something that was found was opened."""
    wanted, _ = _gaps()
    before = (
        select(func.count(SearchMade.person_id.distinct()))
        .where(SearchMade.normal == SearchTotal.normal, SearchMade.at <= SearchTotal.opened_at)
        .where(SearchMade.opened.is_(None))
        .scalar_subquery()
    )
    was_gap = or_(
        before + SearchTotal.without_result + SearchTotal.unopened >= LEAST, SearchTotal.asked_at.is_not(None)
    )
    is_asked = and_(SearchTotal.asked_at.is_not(None), SearchTotal.asked_at > SearchTotal.opened_at)
    wanted = wanted.where(
        SearchTotal.declined_at.is_(None), SearchTotal.opened_at >= clock.now() - CLOSED, SearchTotal.last_found > 0,
        was_gap, ~is_asked,
    )  # fmt: skip
    return _page(session, wanted, (SearchTotal.opened_at.desc(),), limit, offset)


def list_declined(session: Session, *, limit: int = PAGE, offset: int = 0) -> tuple[list[Gap], int]:
    """Gaps that are not for us, the newest decision first; two statements."""
    wanted, _ = _gaps()
    wanted = wanted.where(SearchTotal.declined_at.is_not(None))
    return _page(session, wanted, (SearchTotal.declined_at.desc(),), limit, offset)


def _page(session: Session, wanted: Any, order: tuple[Any, ...], limit: int, offset: int) -> tuple[list[Gap], int]:
    count = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.execute(wanted.order_by(*order, SearchTotal.id).limit(limit).offset(offset))
    return [Gap(*row) for row in rows], count


def _gaps() -> tuple[Any, Any]:
    """The select of totals with their figures, and its column of those who wait.

    Waiting are the counted ones that came after the last opening, and the named ones whose search stands unopened.
    """
    unopened = (
        select(
            SearchMade.normal,
            func.count(SearchMade.person_id.distinct()).label("people"),
            func.count().label("searches"),
        )
        .join(SearchTotal, SearchTotal.normal == SearchMade.normal)
        .where(SearchMade.is_counted.is_(False), SearchMade.opened.is_(None))
        .where(or_(SearchTotal.opened_at.is_(None), SearchMade.at > SearchTotal.opened_at))
        .group_by(SearchMade.normal)
        .subquery()
    )
    wishes = select(func.count()).where(Wish.normal == SearchTotal.normal, Wish.told_at.is_(None)).scalar_subquery()
    waiting = SearchTotal.searchers - SearchTotal.settled + func.coalesce(unopened.c.people, 0)
    searches = SearchTotal.searches + func.coalesce(unopened.c.searches, 0)
    joined = select(SearchTotal, waiting.label("waiting"), searches.label("searched"), wishes.label("wishes"))
    return joined.outerjoin(unopened, unopened.c.normal == SearchTotal.normal), waiting
