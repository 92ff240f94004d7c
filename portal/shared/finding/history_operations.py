"""Searches grow old: the person is taken off a row once the person is in the count, and the row goes later."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from portal.core import clock
from portal.core.access import Actor
from portal.core.jobs import enqueue
from portal.shared.finding.models import SearchMade, SearchTotal, View
from portal.shared.finding.search_operations import start_total

NAMED, KEPT = timedelta(days=14), timedelta(days=180)
BATCH = 2000
JOB = "searches"


def settle_searches(session: Session) -> None:
    """The nightly job: count searches of more than 14 days into the totals and take their people off; forget rows
    after 180 days. Done twice it changes nothing; what is more than a batch asks for the job again."""
    old = clock.now() - NAMED
    if count_off(session, SearchMade.at < old, most=BATCH) == BATCH:
        enqueue(session, JOB)
    forgotten = clock.now() - KEPT
    session.execute(delete(SearchMade).where(SearchMade.is_counted, SearchMade.at < forgotten))
    session.execute(delete(View).where(View.at < forgotten))
    _forget_beginnings(session)


def clear_history(session: Session, actor: Actor) -> None:
    """Somebody's own searches are nobody's from now on; they stay in the counts."""
    while count_off(session, SearchMade.person_id == actor.person_id, most=BATCH) == BATCH:
        pass


def clear_search(session: Session, actor: Actor, search_id: int) -> None:
    """The same for one search and all with the same words, which the list shows as one; without it, nothing."""
    words = session.scalar(
        select(SearchMade.words).where(SearchMade.id == search_id, SearchMade.person_id == actor.person_id)
    )
    if words is not None:
        count_off(session, and_(SearchMade.person_id == actor.person_id, SearchMade.words == words), most=BATCH)


def count_off(session: Session, wanted: ColumnElement[bool], *, most: int) -> int:
    """Count rows into the totals of their normal form and take the people off; returns how many rows.

    A person counts when the last row that bears the name goes: whoever comes back within two weeks is the same
    searcher, and after longer a new one, since nobody may know any more. `is_counted` makes it idempotent.
    """
    due = select(SearchMade.id).where(SearchMade.is_counted.is_(False), wanted)
    ids = session.scalars(due.order_by(SearchMade.at, SearchMade.id).limit(most).with_for_update()).all()
    other = aliased(SearchMade)
    stays = exists().where(
        other.person_id == SearchMade.person_id, other.normal == SearchMade.normal, other.id.not_in(ids)
    )
    rows = session.execute(select(SearchMade, stays).where(SearchMade.id.in_(ids)).order_by(SearchMade.at)).all()
    by_normal: dict[str, list[SearchMade]] = {}
    staying: set[tuple[int | None, str]] = set()
    for row, is_staying in rows:
        by_normal.setdefault(row.normal, []).append(row)
        if is_staying:
            staying.add((row.person_id, row.normal))
    for normal, group in sorted(by_normal.items()):
        if normal:
            _add_up(session, normal, group, {row.person_id for row in group if (row.person_id, normal) not in staying})
    session.execute(
        update(SearchMade)
        .where(SearchMade.id.in_(ids))
        .values(person_id=None, is_counted=True)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return len(ids)


def _add_up(session: Session, normal: str, rows: Sequence[SearchMade], leaving: set[int | None]) -> None:
    """Add rows to their total, which is locked; they are added once, since the same unit marks them as counted."""
    start_total(session, normal, rows[-1].words, rows[-1].at)
    total = session.scalars(select(SearchTotal).where(SearchTotal.normal == normal).with_for_update()).one()
    last_of = {row.person_id: row for row in rows if row.person_id is not None and row.person_id in leaving}
    helped = total.opened_at
    total.searches += len(rows)
    total.without_result += sum(row.found == 0 for row in rows)
    total.unopened += sum(row.found > 0 and row.opened is None for row in rows)
    total.searchers += len(last_of)
    total.settled += sum(helped is not None and row.at <= helped for row in last_of.values())
    session.flush()


def _forget_beginnings(session: Session) -> None:
    """Totals that hold nothing and have no row: what stood there for a moment while somebody typed on."""
    told = exists().where(SearchMade.normal == SearchTotal.normal)
    empty = and_(SearchTotal.searches == 0, SearchTotal.asked == 0, SearchTotal.declined_at.is_(None))
    fresh = SearchTotal.last_at > clock.now() - timedelta(days=1)
    session.execute(
        delete(SearchTotal)
        .where(empty, SearchTotal.item_id.is_(None), ~told, ~fresh)
        .execution_options(synchronize_session=False)
    )
