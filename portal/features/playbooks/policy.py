"""What somebody may do to playbooks; seeing one was asked before, by `visible_to`."""

from typing import Final

from portal.core.access import Actor, Rule
from portal.features.playbooks.models import Playbook
from portal.shared.items import policy as items


def may_write(actor: Actor) -> bool:
    """Managers curate, and publishers write what their department stands behind."""
    return bool(actor.roles & {"manager", "publisher"})


def may_edit(actor: Actor, playbook: Playbook) -> bool:
    """The author, the owner, and managers."""
    return items.may_edit(actor, playbook)


def may_keep_templates(actor: Actor) -> bool:
    """Managers decide with what new playbooks begin."""
    return actor.is_manager


WRITERS: Final = Rule("managers and publishers", lambda actor: actor is not None and may_write(actor))
"""The door to a new playbook."""

CURATORS: Final = Rule("managers alone", lambda actor: actor is not None and may_keep_templates(actor))
"""The door to the templates; an admin who leads nobody writes no playbooks either."""
