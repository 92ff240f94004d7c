"""What templates see of acts on many playbooks: the list to choose from, what will happen, and what was done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.paging import Span
from portal.features.playbooks.bulk_policy import Candidate, Outcome
from portal.features.playbooks.bulk_queries import mark_of
from portal.features.playbooks.models import Playbook
from portal.shared.items.bulk_pages import ActDone, ActLine
from portal.shared.items.pages import mark_text
from portal.shared.items.queries import url_of
from portal.shared.people.models import Person

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
    """What was done."""

    act: ActDone


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
