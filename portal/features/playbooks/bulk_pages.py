"""What templates see of acts on many playbooks: the list to choose from, what will happen, and what was done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.paging import Span
from portal.features.playbooks.bulk_policy import Candidate, Outcome
from portal.features.playbooks.bulk_queries import mark_of
from portal.features.playbooks.models import Playbook
from portal.shared.items.bulk_models import BulkAct
from portal.shared.items.bulk_operations import UNDO_DAYS
from portal.shared.items.bulk_queries import days_left
from portal.shared.items.pages import mark_text
from portal.shared.items.queries import url_of
from portal.shared.people.models import Person
from portal.shared.people.pages import PersonLink, link_to

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One playbook to choose, with its owner and its mark."""

    id: int
    title: str
    url: str
    owner: str
    is_owned: bool
    mark: str
    mark_text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act of before."""

    url: str
    said: str
    who: PersonLink
    at: datetime
    is_undone: bool


@dataclass(frozen=True, slots=True)
class BulkPage:
    """The list under a filter, and what can be done to what is chosen of it; `values` are the fields of the act."""

    rows: Sequence[ChoiceRow]
    total: int
    span: Span
    filters: Mapping[str, str]
    stages: Sequence[Choice]
    tags: Sequence[Choice]
    people: Sequence[Choice]
    teams: Sequence[Choice]
    values: Mapping[str, str]
    errors: Mapping[str, str]
    is_all: bool
    acts: Sequence[ActLine]


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One playbook in the preview; `row` is what goes with the answer, `why_not` why it is left out."""

    row: str
    title: str
    url: str
    before: str
    after: str
    verification: str
    why_not: str


@dataclass(frozen=True, slots=True)
class BulkPlanPage:
    """What an act will do, row by row; `values` are its fields."""

    said: str
    count: int
    rows: Sequence[OutcomeRow]
    left: Sequence[OutcomeRow]
    values: Sequence[Choice]
    back_url: str


@dataclass(frozen=True, slots=True)
class BulkDonePage:
    """What was done: `left` and `not_undone` are (title, why) of what stayed."""

    id: int
    said: str
    who: PersonLink
    at: datetime
    left: Sequence[Choice]
    days_left: int
    undone: PersonLink | None
    undone_at: datetime | None
    not_undone: Sequence[Choice]


def choice_row(playbook: Playbook, owner: Person | None, chosen: Collection[int], day: date) -> ChoiceRow:
    """One playbook of the list."""
    return ChoiceRow(
        id=playbook.id,
        title=playbook.title,
        url=url_of(playbook.kind, playbook.id, playbook.slug),
        owner=owner.shown_name if owner else "",
        is_owned=owner is not None and owner.is_present,
        mark=playbook.mark_on(day),
        mark_text=mark_text(playbook, day),
        is_chosen=playbook.id in chosen,
    )


def outcome_row(one: Candidate, outcome: Outcome) -> OutcomeRow:
    """One playbook of the preview."""
    playbook = outcome.playbook
    return OutcomeRow(
        row=f"{playbook.id}.{mark_of(one)}",
        title=playbook.title,
        url=url_of(playbook.kind, playbook.id, playbook.slug),
        before=outcome.before,
        after=outcome.after,
        verification=outcome.verification,
        why_not=outcome.why_not,
    )


def act_line(act: BulkAct) -> ActLine:
    """One act in the list of those of before."""
    return ActLine(f"/playbooks/bulk/{act.id}", act.said, link_to(act.actor), act.at, act.undone_at is not None)


def done_page(act: BulkAct, titles: Mapping[int, str]) -> BulkDonePage:
    """The page of an act; `titles` are of what this person may reach."""
    return BulkDonePage(
        id=act.id,
        said=act.said,
        who=link_to(act.actor),
        at=act.at,
        left=[(titles.get(int(number), ""), str(why)) for number, why in act.left_out],
        days_left=days_left(act, UNDO_DAYS),
        undone=link_to(act.undone_by) if act.undone_by else None,
        undone_at=act.undone_at,
        not_undone=[(titles.get(int(number), ""), str(why)) for number, why in act.not_undone],
    )
