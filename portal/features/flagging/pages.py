"""What the templates of flagging may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.shared.finding.pages import ResultRow
from portal.shared.flags.models import REASONS, Flag
from portal.shared.flags.policy import DECISIONS
from portal.shared.people.pages import PersonLink, link_to

OUTCOMES: Mapping[str, str] = {one.name: one.does for one in DECISIONS}


@dataclass(frozen=True, slots=True)
class FlagForm:
    """Reporting one item, with what was typed and its messages."""

    id: int
    title: str
    url: str
    values: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An own report: `title` and `url` are empty where the item is not in view any more; `outcome` once decided."""

    reason: str
    sentence: str
    title: str
    url: str
    at: datetime
    withdraw_url: str
    outcome: str
    answer: str
    by: PersonLink | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """What this person reported, the open ones first."""

    rows: Sequence[ReportRow]


def flag_form(item_id: int, row: ResultRow, values: Mapping[str, str], errors: Mapping[str, str]) -> FlagForm:
    """The form for one item."""
    known = {"reason": values.get("reason", "") if values.get("reason") in REASONS else ""}
    return FlagForm(item_id, row.say or row.title, row.url, {**values, **known}, errors)


def report_row(flag: Flag, row: ResultRow | None) -> ReportRow:
    """An own report as its reporter reads it; `row` is the item, None where it is not in view any more."""
    return ReportRow(
        reason=flag.reason,
        sentence=flag.sentence,
        title=(row.say or row.title) if row else "",
        url=row.url if row else "",
        at=flag.at,
        withdraw_url=f"/me/reports/{flag.id}/withdraw" if flag.decided_at is None else "",
        outcome=OUTCOMES.get(flag.decision or "", ""),
        answer=flag.answer,
        by=link_to(flag.decided_by) if flag.decided_by else None,
        decided_at=flag.decided_at,
    )
