"""Writes of gaps: what they become, not for us, and who wants to be told when there is an answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.db import add_once
from portal.core.errors import Invalid, NotFound, require
from portal.shared.finding.models import SearchTotal, Wish
from portal.shared.finding.policy import may_curate_search
from portal.shared.finding.search_operations import LONGEST, start_total
from portal.shared.finding.syntax import read
from portal.shared.finding.wording import normal_form
from portal.shared.items.models import Item


@dataclass(frozen=True, slots=True)
class GapActs:
    """What a gap can become, as the roof joins it: a question of this actor, or a draft for somebody to write."""

    ask: Callable[[Session, Actor, str], Item]
    draft: Callable[[Session, Actor, str, int], Item]
    list_writers: Callable[[Session], Sequence[tuple[int, str]]]
    may_draft: Callable[[Actor], bool]


def decline_gap(session: Session, actor: Actor, gap_id: int, reason: str) -> SearchTotal:
    """What is searched there is not for us, for a reason that stands on the page; audited, and reversible."""
    total = _curated(session, actor, gap_id)
    total.declined_at, total.declined_by_id, total.reason = clock.now(), actor.person_id, reason
    audit.record(session, actor.person_id, "gap declined", total.words, {"reason": reason})
    session.flush()
    return total


def reopen_gap(session: Session, actor: Actor, gap_id: int) -> SearchTotal:
    """It is for us after all."""
    total = _curated(session, actor, gap_id)
    if total.declined_at is not None:
        audit.record(session, actor.person_id, "gap reopened", total.words)
    total.declined_at, total.declined_by_id, total.reason = None, None, ""
    session.flush()
    return total


def ask_peers(session: Session, actor: Actor, acts: GapActs, gap_id: int) -> Item:
    """Make a question to the peers of a gap, in the words that people searched; a second time the first one stands."""
    total = _curated(session, actor, gap_id)
    return _become(session, total, lambda: acts.ask(session, actor, total.words))


def begin_draft(session: Session, actor: Actor, acts: GapActs, gap_id: int, owner_id: int) -> Item:
    """Make a playbook draft of a gap, for somebody to write; a second time the first one stands."""
    total = _curated(session, actor, gap_id)
    return _become(session, total, lambda: acts.draft(session, actor, total.words, owner_id))


def link_asked(session: Session, text: str, item_id: int) -> None:
    """A search that found nothing became this objection or question."""
    normal = normal_form(read(text).title)
    if normal:
        start_total(session, normal, " ".join(text.split())[:LONGEST], clock.now())
        session.execute(
            update(SearchTotal)
            .where(SearchTotal.normal == normal)
            .values(item_id=item_id, asked_at=clock.now(), declined_at=None, declined_by_id=None, reason="")
        )


def make_wish(session: Session, actor: Actor, text: str) -> None:
    """Tell this person when the search is answered; a second time changes nothing, after a mail it starts anew."""
    normal = normal_form(read(text).title)
    if not normal:
        raise Invalid({"q": "Search: there is no word in it to be answered."})
    words = " ".join(text.split())[:LONGEST]
    is_new = add_once(session, Wish, person_id=actor.person_id, normal=normal, words=words, at=clock.now())
    if not is_new:
        wish = session.get_one(Wish, (actor.person_id, normal))
        wish.at, wish.told_at = clock.now(), None
    session.flush()


def drop_wish(session: Session, actor: Actor, text: str) -> None:
    """Do not tell; without a wish nothing changes."""
    wish = session.get(Wish, (actor.person_id, normal_form(read(text).title)))
    if wish is not None:
        session.delete(wish)
        session.flush()


def has_open_wishes(session: Session) -> bool:
    """Whether anybody waits to be told of anything."""
    return bool(session.scalar(select(exists().where(Wish.told_at.is_(None)))))


def _become(session: Session, total: SearchTotal, make: Callable[[], Item]) -> Item:
    known = session.get(Item, total.item_id) if total.item_id else None
    if known is not None and known.hidden_at is None:
        return known
    item = make()
    total.item_id, total.asked_at = item.id, clock.now()
    total.declined_at, total.declined_by_id, total.reason = None, None, ""
    session.flush()
    return item


def _curated(session: Session, actor: Actor, gap_id: int) -> SearchTotal:
    require(may_curate_search(actor), "Gaps are closed by managers.")
    total = session.scalars(select(SearchTotal).where(SearchTotal.id == gap_id).with_for_update()).first()
    if total is None:
        raise NotFound
    return total
