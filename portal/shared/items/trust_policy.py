"""Who keeps an item true: its owner, its verifier, and what each of them may do about it."""

from dataclasses import dataclass
from typing import Final

from portal.core.access import Actor
from portal.shared.items.models import Item
from portal.shared.people.models import Person, Team

TRUSTED: Final = ("playbook", "answer", "competitor")
"""Kinds whose words others rely on: they bear a mark, and have somebody who keeps it true."""


@dataclass(frozen=True, slots=True)
class Keepers:
    """The people behind an item, as they are named; `team_size` counts the active members of the verifier team."""

    owner: Person | None = None
    verifier: Person | None = None
    team: Team | None = None
    team_size: int = 0
    verified_by: Person | None = None

    @property
    def is_owned(self) -> bool:
        """Somebody who is here owns the item."""
        return self.owner is not None and self.owner.is_present

    @property
    def is_verifier_here(self) -> bool:
        """Of whoever was named to verify the item, somebody is here."""
        return (self.verifier is not None and self.verifier.is_present) or self.team_size > 0


def may_entrust(actor: Actor, item: Item) -> bool:
    """Name owner, verifier and interval: the owner and managers; of an answer its author too."""
    is_author = item.kind == "answer" and actor.person_id == item.author_id
    return actor.is_manager or actor.person_id == item.owner_id or is_author


def may_verify(actor: Actor, item: Item, keepers: Keepers) -> bool:
    """Vouch for an item: managers, its verifier, the members of its verifier team.

    The owner too, while nobody is named, or whoever was named has left: else the item could only grow stale.
    """
    if actor.is_manager or actor.person_id == item.verifier_id:
        return True
    if item.verifier_team_id is not None and actor.team_id == item.verifier_team_id:
        return True
    return actor.person_id == item.owner_id and not keepers.is_verifier_here
