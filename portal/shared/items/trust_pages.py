"""What templates see of who keeps an item true: beside its page, and in the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core import clock
from portal.core.access import Actor
from portal.shared.items.models import Item
from portal.shared.items.pages import short_day
from portal.shared.items.trust_forms import TrustInput
from portal.shared.items.trust_policy import TRUSTED, Keepers, may_entrust, may_verify
from portal.shared.people.models import Person
from portal.shared.people.pages import PersonLink, link_to

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TrustSide:
    """Who keeps an item true, for the column beside it; on a shared screen nobody is named.

    `has_left` says that whoever was named to verify it has, so that `stand_in` (a person, or None for the managers)
    may. `checked` is the last verification in words, `edit_url` and `verify_url` are for those who may.
    """

    owner: PersonLink | None
    is_owned: bool
    verifier: PersonLink | None
    team: Choice
    has_left: bool
    stand_in: PersonLink | None
    days: int
    checked: str
    checked_by: PersonLink | None
    edit_url: str
    verify_url: str
    are_named: bool


@dataclass(frozen=True, slots=True)
class TrustForm:
    """The form: what it offers, and what stands; `seen` tells whether that is still so when it comes back."""

    title: str
    url: str
    action: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    owners: Sequence[Choice]
    verifiers: Sequence[Choice]
    seen: str
    stands: str
    side: TrustSide


def trust_side(actor: Actor, item: Item, keepers: Keepers, verify_url: str) -> TrustSide:
    """Who keeps an item true; `verify_url` is where somebody who may gives their word for it."""
    are_named = not actor.is_screen_shared
    is_named = item.verifier_id is not None or item.verifier_team_id is not None
    has_left = is_named and not keepers.is_verifier_here
    owner = keepers.owner if keepers.is_owned else None
    team = keepers.team
    may = item.status == "published" and may_verify(actor, item, keepers)
    return TrustSide(
        owner=_link(keepers.owner, are_named),
        is_owned=keepers.is_owned,
        verifier=_link(keepers.verifier, are_named),
        team=(f"/teams/{team.slug}", team.name) if team else ("", ""),
        has_left=has_left,
        stand_in=_link(owner if has_left or not is_named else None, are_named),
        days=item.verify_days,
        checked=short_day(item.verified_on, clock.today()) if item.verified_on else "",
        checked_by=_link(keepers.verified_by, are_named),
        edit_url=f"/items/{item.id}/trust" if item.kind in TRUSTED and may_entrust(actor, item) else "",
        verify_url=verify_url if may else "",
        are_named=are_named,
    )


def people_choices(people: Sequence[tuple[int, str]], present: Person | None, before: str = "") -> list[Choice]:
    """Everybody who is here, and whoever is named already; `before` stands before each number."""
    choices = [(f"{before}{number}", name) for number, name in people]
    if present is not None and not present.is_present:
        choices.append((f"{before}{present.id}", f"{present.shown_name} (has left)"))
    return choices


def said_now(stands: TrustInput, keepers: Keepers) -> str:
    """What holds now, where somebody was quicker."""
    owner = keepers.owner.shown_name if keepers.owner else "nobody"
    team, person = keepers.team, keepers.verifier
    verifier = team.name if team else person.shown_name if person else "nobody in particular"
    return f"What stands now: owner {owner}, verifier {verifier}, every {stands.days} days."


def _link(person: Person | None, are_named: bool) -> PersonLink | None:
    return link_to(person) if person and are_named else None
