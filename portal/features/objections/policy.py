"""What somebody may do to what was asked and to its answers; seeing it was asked before, by `visible_to`."""

from portal.core.access import Actor
from portal.features.objections.models import Answer, Asked
from portal.shared.items import policy as items


def may_answer(actor: Actor, asked: Asked) -> bool:
    """Everybody who can read it, from the first day, while it is open."""
    return asked.status == "published"


def may_edit_asked(actor: Actor, asked: Asked) -> bool:
    """The asker, and managers."""
    return items.may_edit(actor, asked)


def may_edit_answer(actor: Actor, answer: Answer) -> bool:
    """Its author, and managers."""
    return items.may_edit(actor, answer)


def may_choose(actor: Actor, asked: Asked) -> bool:
    """The asker's choice is the asker's alone."""
    return actor.person_id == asked.author_id
