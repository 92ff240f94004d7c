"""What templates see of a handover: what there is, what will happen, and what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.features.admin.handover_queries import DRAFTS, OWNS, VERIFIES, Held, Share, named
from portal.shared.items.bulk_pages import ActDone, ActLine
from portal.shared.people.pages import PersonLink

MOST_TITLES = 50
HEADINGS = {OWNS: "Owns", VERIFIES: "Verifies", DRAFTS: "Has in draft or in review"}
Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """What is handed over together; `titles` are of what this admin may read, `unread` counts the rest."""

    field: str
    heading: str
    what: str
    titles: Sequence[Choice]
    more: int
    unread: int


@dataclass(frozen=True, slots=True)
class HandoverPage:
    """Everything of one person, and who gets it."""

    id: int
    name: str
    state: str
    groups: Sequence[GroupRow]
    next_texts: int
    people: Sequence[Choice]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    acts: Sequence[ActLine]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What will happen: (what goes, how many stay and why) for each group; `values` go with the answer."""

    id: int
    name: str
    lines: Sequence[tuple[str, str]]
    count: int
    values: Sequence[Choice]
    seen: str
    error: str


@dataclass(frozen=True, slots=True)
class HandedPage:
    """What was done with the things of one person."""

    person: PersonLink | None
    person_url: str
    act: ActDone


def field_of(group: tuple[str, str]) -> str:
    """The name of a group's field: `to-owns-playbook`."""
    return f"to-{group[0]}-{group[1]}"


def group_rows(held: Sequence[Held]) -> list[GroupRow]:
    """The groups in their order."""
    rows = []
    for group in dict.fromkeys(one.group for one in held):
        mine = [one for one in held if one.group == group]
        read = [(one.title, one.url) for one in mine if one.title]
        rows.append(
            GroupRow(
                field=field_of(group),
                heading=HEADINGS[group[0]],
                what=named(group, len(mine)),
                titles=read[:MOST_TITLES],
                more=max(0, len(read) - MOST_TITLES),
                unread=len(mine) - len(read),
            )
        )
    return rows


def lines_of(shares: Sequence[Share]) -> list[tuple[str, str]]:
    """What will happen to each group, and what stays."""
    lines = []
    for share in shares:
        count = len(share.stays)
        stays = f"{count} {'stays' if count == 1 else 'stay'} as it is: {share.receiver.name} may not read "
        lines.append((share.said if share.goes else "", f"{stays}{'it' if count == 1 else 'them'}." if count else ""))
    return lines
