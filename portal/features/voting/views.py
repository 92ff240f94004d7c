"""The door behind every ▲ useful: a form that says which state is wanted, so that a repeat changes nothing."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.web import Door, Feature, go, page
from portal.settings import Settings
from portal.shared.votes.operations import cast_vote, withdraw_vote

feature = Feature("voting")


@dataclass(frozen=True, slots=True)
class VoteButton:
    """The button after the vote."""

    url: str
    votes: int
    voted: bool


@feature.post("/items/<int:item_id>/vote", allow=signed_in)
def vote(door: Door, item_id: int) -> ResponseReturnValue:
    """Cast or take back: `useful` is yes or no."""
    actor, is_limited = door.actor, door.service(Settings).limits
    if door.fields.values.get("useful") == "no":
        state = door.write(lambda session: withdraw_vote(session, actor, item_id))
    else:
        state = door.write(lambda session: cast_vote(session, actor, item_id, limited=is_limited))
    if door.is_fragment:
        return page("voting/vote.html", VoteButton(f"/items/{item_id}/vote", state.votes, state.is_mine))
    return go(door.came_from())
