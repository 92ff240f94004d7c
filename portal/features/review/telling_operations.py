"""The job that tells people what was given to them to verify: one mail each, however many items it was."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.letters import send_letter
from portal.shared.items.models import Item
from portal.shared.people.models import Person
from portal.shared.people.queries import find_actor
from portal.shared.review.models import ReviewAct
from portal.shared.review.undo_operations import UNDO

JOB: Final = "delegated"
TOO_LATE: Final = timedelta(days=14)
"""What was given longer ago is told to nobody any more; it stands in the receiver's queue."""


def tell_receivers(session: Session, keys: Sequence[str], base_url: str) -> None:
    """The job `delegated`: mail whoever was given something that cannot be taken back any more; `keys` say nothing.

    Whoever is not the verifier any more, or has left, gets no mail; nor does who took it over from nobody but oneself.
    The outbox row stands beside the mark, so that a job that is done twice tells once.
    """
    now = clock.now()
    given = (
        select(ReviewAct, Item.verifier_id)
        .join(Item, Item.id == ReviewAct.item_id)
        .where(ReviewAct.verb == "delegated", ReviewAct.told_at.is_(None), ReviewAct.undone_at.is_(None))
        .where(ReviewAct.at <= now - UNDO, ReviewAct.at > now - TOO_LATE)
        .order_by(ReviewAct.id)
        .with_for_update(of=ReviewAct)
    )
    counted: dict[tuple[int, int], int] = {}
    for act, verifier_id in session.execute(given).all():
        act.told_at = now
        receiver = act.after["verifier_id"]
        if receiver == verifier_id and receiver != act.person_id:
            counted[receiver, act.person_id] = counted.get((receiver, act.person_id), 0) + 1
    for (receiver, giver), count in sorted(counted.items()):
        _tell(session, receiver, giver, count, base_url)


def _tell(session: Session, receiver_id: int, giver_id: int, count: int, base_url: str) -> None:
    if find_actor(session, receiver_id) is None:
        return
    receiver, giver = session.get_one(Person, receiver_id), session.get_one(Person, giver_id)
    send_letter(
        session, receiver.email, receiver.name, "delegated", giver=giver.shown_name,
        what="one page" if count == 1 else f"{count} pages", link=f"{base_url}/review",
    )  # fmt: skip
