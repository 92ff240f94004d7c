"""What is typed to change many playbooks: which of them, and one act."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.forms import Fields
from portal.core.ids import read_id, slugify
from portal.features.playbooks.bulk_policy import ACTS, Wanted
from portal.shared.items.trust_forms import read_days, read_number, read_verifier

MARKS = ("verified", "due", "stale", "unverified", "unowned")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which playbooks a list shows: of a stage, with a tag, under a mark; empty fields filter nothing."""

    stage: str = ""
    tag: str = ""
    mark: str = ""

    @property
    def values(self) -> dict[str, str]:
        """As an address carries it."""
        return {"stage": self.stage, "tag": self.tag, "is": self.mark}


@dataclass(frozen=True, slots=True)
class Seen:
    """One playbook of a preview: its id, and how it stood then."""

    item_id: int
    mark: str


def read_filter(given: dict[str, str]) -> Filter:
    """The filter of an address or a form; an unknown mark filters nothing."""
    mark = given.get("is", "")
    return Filter(given.get("stage", "")[:60], given.get("tag", "")[:80], mark if mark in MARKS else "")


def read_chosen(fields: Fields) -> list[int]:
    """The numbers of the ticked rows; what is no number is left out."""
    return [number for one in dict.fromkeys(fields.typed("one")) if (number := read_id(one))]


def read_seen(fields: Fields) -> Sequence[Seen]:
    """The rows of a preview: `12.0a1b2c`."""
    parts = [one.partition(".") for one in dict.fromkeys(fields.typed("row"))]
    return [Seen(number, mark) for typed, _, mark in parts if (number := read_id(typed))]


def read_wanted(fields: Fields) -> Wanted:
    """The act and what it sets; Invalid with every message at once."""
    act = fields.choice("act", "What to change", ACTS, required=True)
    wanted = Wanted(act)
    if act == "owner":
        number = read_number(fields, "owner", "Owner")
        if number is None and "owner" not in fields.errors:
            fields.errors["owner"] = "Owner: choose somebody."
        wanted = Wanted(act, owner_id=number)
    elif act == "verifier":
        person_id, team_id = read_verifier(fields)
        wanted = Wanted(act, verifier_id=person_id, verifier_team_id=team_id)
    elif act == "days":
        wanted = Wanted(act, days=read_days(fields))
    elif act in ("tag_added", "tag_removed"):
        tag = fields.line(act, "Tag", required=True, most=80)
        if tag and not slugify(tag):
            fields.errors[act] = "Tag: it needs a Latin letter or digit."
        wanted = Wanted(act, tag=tag)
    fields.check()
    return wanted
