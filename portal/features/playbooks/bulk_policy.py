"""One act on many playbooks: what may be asked, and what it does to one of them, told before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from portal.core.access import Actor
from portal.features.playbooks import policy
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.policy import Life
from portal.shared.items.models import VERIFY_DAYS, Revision
from portal.shared.tags.models import Tag

MOST_AT_ONCE: Final = 500
MOST_TAGS: Final = 10
ACTS: Final = ("owner", "verifier", "days", "tag_added", "tag_removed", "archive")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The act, and what it sets: a person, a team, days, or a tag by its name; `name` is what that is called."""

    act: str
    owner_id: int | None = None
    verifier_id: int | None = None
    verifier_team_id: int | None = None
    days: int = VERIFY_DAYS
    tag: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One playbook that was chosen, as it stands: its people by name, its tags by slug, its next text."""

    playbook: Playbook
    owner: str
    verifier: str
    tags: Mapping[str, Tag]
    text: Revision | None
    may_be_read: bool
    """Whether whoever the act names may read it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the act does to one playbook: from what to what, and what becomes of its verification.

    `why_not` says why it is left out; an outcome that changes nothing is left out too.
    """

    playbook: Playbook
    before: str
    after: str
    verification: str
    why_not: str = ""

    @property
    def is_done(self) -> bool:
        """Whether anything happens."""
        return not self.why_not


def outcome_of(actor: Actor, wanted: Wanted, one: Candidate, slug: str, day: date) -> Outcome:
    """Tell what an act does; `slug` is the tag's."""
    playbook = one.playbook
    kept = _said(playbook.mark_on(day), playbook.verify_by)
    stays = Outcome(playbook, "", "", f"{kept}; stays so")
    if wanted.act == "owner":
        return _named(stays, one, one.owner, wanted.name, is_same=playbook.owner_id == wanted.owner_id)
    if wanted.act == "verifier":
        is_same = (playbook.verifier_id, playbook.verifier_team_id) == (wanted.verifier_id, wanted.verifier_team_id)
        return _named(stays, one, one.verifier, wanted.name, is_same=is_same)
    if wanted.act == "days":
        return _counted(stays, wanted.days, day)
    if wanted.act in ("tag_added", "tag_removed"):
        return _tagged(stays, one, wanted, slug)
    life = Life(playbook, one.text)
    move = policy.find_move(life, "archive")
    may = move is not None and move.who.may(actor, life)
    told = replace(stays, before="published", after="archived, in no list and no search", verification=f"{kept}; kept")
    return told if may else replace(told, why_not="it cannot be archived from where it stands")


def _named(stays: Outcome, one: Candidate, before: str, after: str, *, is_same: bool) -> Outcome:
    told = replace(stays, before=before, after=after)
    if is_same:
        return replace(told, why_not="it is so already")
    return told if one.may_be_read else replace(told, why_not=f"{after} may not read it")


def _counted(stays: Outcome, days: int, day: date) -> Outcome:
    """Another interval moves the last day, counted from the last verification; who looks at a page is somebody else."""
    playbook = stays.playbook
    told = replace(stays, before=f"every {playbook.verify_days} days", after=f"every {days} days")
    if playbook.verify_days == days:
        return replace(told, why_not="it is so already")
    if playbook.verified_on is None:
        return replace(told, verification="not verified; stays so")
    until = playbook.verified_on + timedelta(days=days)
    was_stale, is_stale = playbook.mark_on(day) == "stale", until < day
    becomes = {
        (False, False): "stays verified",
        (False, True): "becomes stale",
        (True, True): "stays stale",
        (True, False): "counts as verified again, though nobody looked",
    }[was_stale, is_stale]
    said = _said(playbook.mark_on(day), playbook.verify_by)
    return replace(told, verification=f"{said} → until {_shown(until)}; {becomes}")


def _tagged(stays: Outcome, one: Candidate, wanted: Wanted, slug: str) -> Outcome:
    names = sorted((tag.name for tag in one.tags.values()), key=str.lower)
    left = sorted((tag.name for key, tag in one.tags.items() if key != slug), key=str.lower)
    is_added = wanted.act == "tag_added"
    after = sorted([*left, wanted.tag], key=str.lower) if is_added else left
    told = replace(stays, before=", ".join(names) or "no tag", after=", ".join(after) or "no tag")
    if (slug in one.tags) is is_added:
        return replace(told, after=told.before, why_not="it is so already")
    if one.text is not None:
        return replace(told, why_not="a next text waits, which brings its own tags")
    if len(after) > MOST_TAGS:
        return replace(told, why_not=f"it has {MOST_TAGS} tags already")
    return told


def _said(mark: str, until: date | None) -> str:
    if not mark or until is None:
        return "not verified"
    return f"{'stale since' if mark == 'stale' else 'verified until'} {_shown(until)}"


def _shown(day: date) -> str:
    return f"{day:%-d %b %Y}"
