"""Reads of the queue: what waits for this person in the order of its risk, and everything on one card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session, defer, joinedload

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import UtcDateTime
from portal.shared.finding.gap_queries import list_open_gaps
from portal.shared.finding.models import View
from portal.shared.flags.models import URGENT, Flag
from portal.shared.flags.queries import FlagFound, list_open_flags
from portal.shared.items.models import Item, Revision
from portal.shared.items.queries import OPEN_STATUSES, VISIBLE, seen_by
from portal.shared.items.trust_policy import Keepers
from portal.shared.items.trust_queries import find_keepers
from portal.shared.review.cards import CardSource, CardWords
from portal.shared.review.models import ReviewAct
from portal.shared.review.risk import DAYS_OF_USE, Signals, place_of, weeks_since

DELEGATED_DAYS = 14
"""So long does what one has delegated stay out of one's own queue, unless somebody reports it."""
MOST_ACTS = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the queue: an item (due, flagged, unanswered, or several of these) or a search in vain."""

    id: int
    kind: str
    signals: Signals
    is_due: bool = False
    is_unanswered: bool = False
    words: str = ""
    searches: int = 0
    last_at: datetime | None = None

    @property
    def key(self) -> str:
        """Its name in addresses: `item-12`, `gap-3`."""
        return f"{'gap' if self.kind == 'gap' else 'item'}-{self.id}"


@dataclass(frozen=True, slots=True)
class CardFound:
    """An item with its people, its texts, its open flags and its words; `verified` is the text that was vouched for."""

    item: Item
    keepers: Keepers
    published: Revision | None
    verified: Revision | None
    waiting: Revision | None
    flags: Sequence[FlagFound]
    words: CardWords


class Reviewing:
    """The queue of one process; the statement over all kinds is built once."""

    def __init__(self, sources: Sequence[CardSource]) -> None:
        self.sources: Mapping[str, CardSource] = {source.kind: source for source in sources}
        self._due, self._all = _waiting(sources, asking=False), _waiting(sources, asking=True)

    def list_due(self, session: Session, actor: Actor) -> list[Entry]:
        """What is stale or flagged: for managers all that they may see, for others what is theirs. One statement."""
        rows = session.execute(self._due, _asked_by(actor))
        return _in_order(_entry(row, {}) for row in rows)

    def list_all(self, session: Session, actor: Actor) -> list[Entry]:
        """The same with what is unanswered, and what was searched in vain and became no question. Two statements."""
        gaps = list_open_gaps(session)
        searchers = {gap.total.item_id: gap.waiting for gap, _ in gaps if gap.total.item_id is not None}
        rows = session.execute(self._all, _asked_by(actor))
        vain = [
            Entry(
                gap.total.id, "gap", Signals(gap.waiting, _weeks(first)), words=gap.total.words,
                searches=gap.searches, last_at=gap.total.last_at,
            )
            for gap, first in gaps
            if gap.total.item_id is None
        ]  # fmt: skip
        return _in_order([*(_entry(row, searchers) for row in rows), *vain])

    def find_card(self, session: Session, actor: Actor, item_id: int) -> CardFound | None:
        """Everything on the card of a visible item: five statements at most, whatever its history."""
        item = session.scalars(
            select(Item)
            .where(Item.id == item_id, VISIBLE)
            .options(
                defer(Item.source, raiseload=True), defer(Item.html, raiseload=True), joinedload(Item.author)
            ),
            seen_by(actor),
        ).first()  # fmt: skip
        source = self.sources.get(item.kind) if item else None
        words = source.words(session, actor, item) if source and item else None
        if item is None or words is None:
            return None
        flags, keepers = list_open_flags(session, actor, item_id), find_keepers(session, item)
        return CardFound(item, keepers, *_texts(session, item), flags, words)


def list_today(session: Session, actor: Actor) -> Sequence[ReviewAct]:
    """What this person did in the queue today, the oldest first."""
    return session.scalars(
        select(ReviewAct)
        .where(ReviewAct.person_id == actor.person_id, ReviewAct.at >= clock.start_of(clock.today()))
        .order_by(ReviewAct.id)
        .limit(MOST_ACTS)
    ).all()


def seen_of(item: Item, flag_ids: Sequence[int]) -> str:
    """What of an item somebody has looked at, as a short text: an act on another state is refused."""
    parts = (item.version, item.status, item.verified_on, item.verify_by, item.verifier_id, *flag_ids)
    return ".".join(str(part) for part in parts)


def _waiting(sources: Sequence[CardSource], *, asking: bool) -> Select[Any]:
    """The items that wait, with what their risk is made of. `tends` lets managers see all, others what is theirs."""
    open_flags = (
        select(
            Flag.item_id,
            func.count().label("flags"),
            func.max(case((Flag.reason.in_(URGENT), 1), else_=0)).label("urgent"),
        )
        .where(Flag.decided_at.is_(None))
        .group_by(Flag.item_id)
        .subquery("open_flags")
    )
    asked = [source.unanswered for source in sources if asking and source.unanswered is not None]
    unanswered = union_all(*(asked or [select(Item.id).where(false())])).subquery("unanswered")
    is_unanswered = unanswered.c.id.is_not(None)
    stale = select(Item.id).where(Item.status == "published", Item.verify_by < bindparam("today", type_=Date()))
    flagged = select(Flag.item_id).where(Flag.decided_at.is_(None))
    places = union_all(*(one.places for one in sources if one.places is not None)).subquery("places")
    page_in_view = select(Item.id).where(Item.id == places.c.page_id, VISIBLE).correlate(places).exists()
    page_id = func.coalesce(places.c.page_id, Item.id)
    opened = select(func.count()).where(View.item_id == page_id, View.at >= bindparam("since", type_=UtcDateTime()))
    return (
        select(
            Item.id, Item.kind, Item.status, Item.verify_by, Item.created_at, open_flags.c.flags, open_flags.c.urgent,
            opened.scalar_subquery().label("opened"), is_unanswered.label("unanswered"),
        )
        .outerjoin(open_flags, open_flags.c.item_id == Item.id)
        .outerjoin(places, places.c.item_id == Item.id)
        .outerjoin(unanswered, unanswered.c.id == Item.id)
        .where(Item.id.in_(union(stale, flagged, *asked)), VISIBLE, Item.status.in_(OPEN_STATUSES))
        .where(or_(places.c.page_id.is_(None), page_in_view))
        .where(or_(is_unanswered, _tends()), or_(open_flags.c.flags > 0, ~_is_delegated()))
    )  # fmt: skip


def _tends() -> Any:
    """`may_tend` of flags, as a condition."""
    viewer: Any = bindparam("viewer_id")
    return or_(
        bindparam("viewer_manages", type_=Boolean()),
        func.coalesce(Item.owner_id, Item.author_id) == viewer,
        Item.verifier_id == viewer,
        Item.verifier_team_id == bindparam("viewer_team", type_=Integer()),
    )


def _is_delegated() -> Any:
    """Whether this person gave it to somebody else lately."""
    return exists().where(
        ReviewAct.item_id == Item.id, ReviewAct.person_id == bindparam("viewer_id"), ReviewAct.verb == "delegated",
        ReviewAct.undone_at.is_(None), ReviewAct.at >= bindparam("lately", type_=UtcDateTime()),
        Item.verifier_id.is_not(None), Item.verifier_id != bindparam("viewer_id"),
    )  # fmt: skip


def _asked_by(actor: Actor) -> dict[str, Any]:
    now = clock.now()
    return {
        **seen_by(actor),
        "viewer_manages": actor.is_manager,
        "viewer_team": actor.team_id,
        "today": clock.today(),
        "since": now - timedelta(days=DAYS_OF_USE),
        "lately": now - timedelta(days=DELEGATED_DAYS),
    }


def _entry(row: Any, searchers: Mapping[int, int]) -> Entry:
    """A row as an entry: an item that is not due waits since it was asked, or since today."""
    is_due = row.status == "published" and row.verify_by is not None and row.verify_by < clock.today()
    flags = row.flags or 0
    if row.unanswered:
        signals = Signals(1 + searchers.get(row.id, 0), _weeks(row.created_at), flags, is_urgent=bool(row.urgent))
    else:
        weeks = weeks_since(row.verify_by, clock.today()) if is_due else 0
        signals = Signals(row.opened, weeks, flags, is_urgent=bool(row.urgent))
    return Entry(row.id, row.kind, signals, is_due=is_due, is_unanswered=bool(row.unanswered))


def _in_order(entries: Any) -> list[Entry]:
    return sorted(entries, key=lambda entry: (*place_of(entry.signals), entry.kind, entry.id))


def _weeks(moment: datetime) -> int:
    return weeks_since(clock.day_of(moment), clock.today())


def _texts(session: Session, item: Item) -> tuple[Revision | None, Revision | None, Revision | None]:
    """The published text, the one that was published when somebody last vouched for it, and the one that waits."""
    verified_id = None
    if item.verified_on is not None:
        verified_id = select(func.max(Revision.id)).where(
            Revision.item_id == item.id, Revision.state == "published", Revision.at < _end_of(item.verified_on)
        ).scalar_subquery()  # fmt: skip
    is_waiting = and_(Revision.version == item.version, Revision.state.in_(("draft", "in_review")))
    wanted = or_(Revision.id == item.published_revision_id, is_waiting, Revision.id == verified_id)
    found = session.scalars(
        select(Revision).where(Revision.item_id == item.id, wanted).options(joinedload(Revision.author))
    ).all()
    published = next((one for one in found if one.id == item.published_revision_id), None)
    waiting = next((one for one in found if one.state in ("draft", "in_review")), None)
    verified = next((one for one in found if one.state == "published" and one is not published), None)
    return published, verified, waiting


def _end_of(day: date) -> datetime:
    return clock.start_of(day + timedelta(days=1))
