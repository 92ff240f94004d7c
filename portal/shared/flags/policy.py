"""Who may report and who may decide, and the one table of decisions; seeing the item was asked before."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from portal.core.access import Actor
from portal.shared.flags.models import REASONS
from portal.shared.items import policy as items
from portal.shared.items.models import Item
from portal.shared.items.queries import OPEN_STATUSES

FLAGGED_KINDS: Final = ("playbook", "answer", "objection", "question", "path")
"""Kinds with words that somebody may rely on."""


class Who(NamedTuple):
    """Some people, in words and as a rule."""

    words: str
    may: Callable[[Actor, Item], bool]


class Decision(NamedTuple):
    """One way to answer reports about an item: which reasons it answers, who may, what must be said, what it does."""

    name: str
    reasons: Sequence[str]
    who: Who
    needs: str
    does: str


def may_flag(item: Item) -> bool:
    """Everybody who can read it."""
    return item.kind in FLAGGED_KINDS and item.status in OPEN_STATUSES


def may_see_reporters(actor: Actor) -> bool:
    """Managers alone read who reported; an owner or a verifier who decides reads what was said."""
    return actor.is_manager


def may_tend(actor: Actor, item: Item) -> bool:
    """Managers; the owner, and the author where there is none; the verifier, or the team that verifies."""
    is_verifier = actor.person_id == item.verifier_id
    is_of_team = item.verifier_team_id is not None and item.verifier_team_id == actor.team_id
    is_owner = actor.person_id == (item.author_id if item.owner_id is None else item.owner_id)
    return actor.is_manager or is_owner or is_verifier or is_of_team


TENDERS: Final = Who("owner, verifier, managers", may_tend)
EDITORS: Final = Who("author, owner, managers", items.may_edit)
MANAGERS: Final = Who("managers", lambda actor, item: actor.is_manager)

_BROKEN: Final = ("outdated", "wrong", "duplicate")

# fmt: off
DECISIONS: Final = (
    #        name        answers  who       needs                    does
    Decision("fixed",    REASONS, TENDERS,  "",                      "The words were put right"),
    Decision("kept",     REASONS, TENDERS,  "a reason",              "It is right as it stands"),
    Decision("obsolete", _BROKEN, EDITORS,  "a successor or reason", "It holds no more, and leads to what does"),
    Decision("hidden",   REASONS, MANAGERS, "",                      "It is taken from view, and can come back"),
    Decision("removed",  REASONS, MANAGERS, "a reason",              "It is in the bin, and deleted after 30 days"),
)
# fmt: on
"""Every answer to a report. Each closes the open reports whose reason it answers, all together or the chosen ones."""

DECIDED: Final[Mapping[str, Decision]] = {decision.name: decision for decision in DECISIONS}
