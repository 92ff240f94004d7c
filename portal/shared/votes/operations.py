"""Writes of votes: a row per person and item, and a number that is counted again, never added to."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from portal import events
from portal.core import clock
from portal.core.access import Actor
from portal.core.bus import publish
from portal.core.db import add_once
from portal.core.errors import TooMany, require
from portal.shared.items.models import Item
from portal.shared.items.operations import lock_visible
from portal.shared.people.models import Person
from portal.shared.votes import policy
from portal.shared.votes.models import Vote
from portal.shared.votes.queries import count_recent

AN_HOUR, A_DAY = 20, 50
_ITEMS = Item.__table__
_COUNTED = select(func.count()).select_from(Vote).where(Vote.item_id == bindparam("item_id")).scalar_subquery()
_RECOUNT = (
    update(_ITEMS).where(_ITEMS.c.id == bindparam("item_id")).values(votes=_COUNTED).returning(_ITEMS.c.votes)  # type: ignore[arg-type]
)


@dataclass(frozen=True, slots=True)
class Voted:
    """The state after a vote: how many find it useful, and whether this person does."""

    votes: int
    is_mine: bool


def cast_vote(session: Session, actor: Actor, item_id: int, *, limited: bool = True) -> Voted:
    """Find an item useful; a second time changes nothing. At most 20 an hour and 50 a day stand for one person."""
    item = _votable(session, actor, item_id)
    is_new = add_once(session, Vote, person_id=actor.person_id, item_id=item.id, at=clock.now(), team_id=actor.team_id)
    if is_new and limited:
        _check_budget(session, actor)
    votes = recount(session, item)
    if is_new:
        publish(session, events.VoteTaken(item.id, item.kind, actor.person_id, actor.team_id))
    return Voted(votes, True)


def withdraw_vote(session: Session, actor: Actor, item_id: int) -> Voted:
    """Take a vote back; without one nothing changes."""
    item = _votable(session, actor, item_id)
    vote = session.get(Vote, (actor.person_id, item.id))
    if vote is not None:
        session.delete(vote)
        session.flush()
    votes = recount(session, item)
    if vote is not None:
        publish(session, events.VoteWithdrawn(item.id, item.kind, actor.person_id, vote.team_id))
    return Voted(votes, False)


def recount(session: Session, item: Item) -> int:
    """Count the rows of a locked item into its number, in one statement."""
    votes = session.execute(_RECOUNT, {"item_id": item.id}).scalar_one()
    set_committed_value(item, "votes", votes)
    return int(votes)


def recount_all(session: Session) -> None:
    """Count every number again from its rows, under the lock of each; for `portal counts repair`.

    Locked from the newest: a vote, too, locks an answer before what it answers.
    """
    session.execute(select(Item.id).order_by(Item.id.desc()).with_for_update(key_share=True))
    counted = select(func.count()).select_from(Vote).where(Vote.item_id == Item.id).correlate(Item).scalar_subquery()
    wrong = update(Item).where(Item.votes != counted).values(votes=counted)
    session.execute(wrong.execution_options(synchronize_session=False))


def _votable(session: Session, actor: Actor, item_id: int) -> Item:
    item = lock_visible(session, actor, Item, item_id)
    require(policy.may_vote(actor, item), "This takes no vote of yours: it is your own, or it is closed.")
    return item


def _check_budget(session: Session, actor: Actor) -> None:
    """Lock the voter, so that two requests at once cannot both take the last place; then count, the new one too."""
    session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update(key_share=True))
    for hours, most in ((1, AN_HOUR), (24, A_DAY)):
        if count_recent(session, actor.person_id, hours) > most:
            raise TooMany(
                f"That is {most} votes in {'an hour' if hours == 1 else 'a day'}; take some time to read.", 600
            )
