"""The door of the switch: from now on others look at this screen, or they do no longer."""

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.login import share_screen
from portal.core.web import Door, Feature, go, say

feature = Feature("screen")


@feature.post("/screen", allow=signed_in)
def switch(door: Door) -> ResponseReturnValue:
    """`shared` is yes or no, the state that is wanted; kept in the cookie of this browser, and back to the page."""
    is_shared = door.fields.values.get("shared") == "yes"
    share_screen(shared=is_shared)
    if not is_shared:
        say("Your screen is yours again; everything is shown.")
    return go(door.came_from())
