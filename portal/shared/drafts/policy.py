"""Whose words may be kept for which form; seeing the item was asked before."""

from typing import Final

from portal.core.access import Actor
from portal.shared.items import policy as items
from portal.shared.items.models import Item

ENDED: Final = ("obsolete", "archived")


def may_write_on(actor: Actor, item: Item) -> bool:
    """Whoever may edit the item, while it has not ended."""
    return items.may_edit(actor, item) and item.status not in ENDED


def may_answer(item: Item) -> bool:
    """Everybody who sees what was asked, while it is open."""
    return item.kind in ("objection", "question") and item.status == "published"
