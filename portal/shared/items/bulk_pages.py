"""What templates see of acts on many items: those of before, and one with what it left and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.shared.items.bulk_models import BulkAct
from portal.shared.items.bulk_queries import days_left
from portal.shared.people.pages import PersonLink, link_to

Left = Sequence[tuple[str, str]]
"""(title, why) of items that stayed as they stood; the title is empty where one may not read it."""


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act of before."""

    url: str
    said: str
    who: PersonLink
    at: datetime
    is_undone: bool


@dataclass(frozen=True, slots=True)
class ActDone:
    """What an act did, what it left, and for how many more days it can be undone."""

    url: str
    said: str
    who: PersonLink
    at: datetime
    left: Left
    days_left: int
    undone: PersonLink | None
    undone_at: datetime | None
    not_undone: Left


def act_line(act: BulkAct, url: str) -> ActLine:
    """One act in the list of those of before."""
    return ActLine(url, act.said, link_to(act.actor), act.at, act.undone_at is not None)


def act_done(act: BulkAct, url: str, titles: Mapping[int, str]) -> ActDone:
    """An act at its address; `titles` are of what this person may read."""
    return ActDone(
        url=url,
        said=act.said,
        who=link_to(act.actor),
        at=act.at,
        left=_left(act.left_out, titles),
        days_left=days_left(act),
        undone=link_to(act.undone_by) if act.undone_by else None,
        undone_at=act.undone_at,
        not_undone=_left(act.not_undone, titles),
    )


def words_of_undoing(act: BulkAct) -> str:
    """What is said once an act is undone."""
    return "Undone." if not act.not_undone else "Undone, but for what was changed since: it is named below."


def _left(rows: Sequence[Sequence[object]], titles: Mapping[int, str]) -> Left:
    return [(titles.get(int(str(number)), ""), str(why)) for number, why in rows]
