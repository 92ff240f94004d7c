"""Doors of Monday: the one start of a manager's week, with the acts that only its cards have."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.access import managers
from portal.core.web import Door, Feature
from portal.features.review.views import Work, act_on, show_queue
from portal.shared.review.models import ReviewAct
from portal.shared.review.operations import Given, decline_search

feature = Feature("monday", private=True)


@feature.get("/monday", allow=managers)
def monday(door: Door) -> ResponseReturnValue:
    """Everything that waits: stale, reported, unanswered, searched in vain, in the order of its risk."""
    return show_queue(door, "monday", door.args.get("at", ""))


@feature.post("/review/gaps/<int:gap_id>/decline", allow=managers)
def decline(door: Door, gap_id: int) -> ResponseReturnValue:
    """What was searched in vain is not for us, for a reason that the others can read."""
    actor, fields = door.actor, door.fields

    def begin(given: Given) -> Work:
        reason = fields.line("reason", "Why it is not for us", required=True)
        fields.check()

        def work(session: Session) -> ReviewAct:
            return decline_search(session, actor, gap_id, reason)

        return work

    return act_on(door, begin)
