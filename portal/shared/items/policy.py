"""What somebody may do to an item that they can see."""

from portal.core.access import Actor
from portal.shared.items.models import Item


def is_own(actor: Actor, item: Item) -> bool:
    """The author or the owner."""
    return actor.person_id in (item.author_id, item.owner_id)


def may_edit(actor: Actor, item: Item) -> bool:
    """The author, the owner, and managers, who curate."""
    return is_own(actor, item) or actor.is_manager


def may_hide(actor: Actor, item: Item) -> bool:
    """Managers and admins take things from view; an author only what is still a draft."""
    return actor.is_manager or actor.is_admin or (item.author_id == actor.person_id and item.status == "draft")
