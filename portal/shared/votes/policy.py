"""Who may find what useful."""

from portal.core.access import Actor
from portal.shared.items.models import Item

VOTED_KINDS = ("answer", "playbook", "trend", "story", "competitor", "contact")


def may_vote(actor: Actor, item: Item) -> bool:
    """Everybody who can read it, but for their own."""
    return item.kind in VOTED_KINDS and item.status == "published" and item.author_id != actor.person_id
