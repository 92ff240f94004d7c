"""What somebody may do to paths; seeing one was asked before, by `visible_to`."""

from typing import Final

from portal.core.access import Actor, Rule
from portal.features.paths.models import Path
from portal.shared.items import policy as items


def may_write(actor: Actor) -> bool:
    """Managers lead people along, and publishers what their department teaches."""
    return bool(actor.roles & {"manager", "publisher"})


def may_edit(actor: Actor, path: Path) -> bool:
    """The author, the owner, and managers."""
    return items.may_edit(actor, path)


WRITERS: Final = Rule("managers and publishers", lambda actor: actor is not None and may_write(actor))
"""The door to a new path."""
