"""Doors of gaps for managers: what is searched in vain, and what becomes of it."""

from flask.typing import ResponseReturnValue

from portal.core.access import managers
from portal.core.errors import Invalid
from portal.core.paging import rows_before, span
from portal.core.web import Door, Feature, go, page, say
from portal.features.gaps.pages import GapsPage, row_of
from portal.shared.finding.gap_operations import decline_gap, reopen_gap
from portal.shared.finding.gap_queries import PAGE, list_declined, list_gaps
from portal.shared.items.queries import find_links

feature = Feature("gaps", private=True)


@feature.get("/gaps", allow=managers)
def index(door: Door) -> ResponseReturnValue:
    """What found nothing, or nothing that anybody opened, by how many people met it; `is=declined` the others."""
    return _page(door)


@feature.post("/gaps/<int:gap_id>/decline", allow=managers)
def decline(door: Door, gap_id: int) -> ResponseReturnValue:
    """Not for us, for a reason that the others can read."""
    fields, actor = door.fields, door.actor
    reason = fields.line("reason", "Why it is not for us", required=True)
    try:
        fields.check()
        gap = door.write(lambda session: decline_gap(session, actor, gap_id, reason))
    except Invalid as refused:
        return _page(door, {gap_id: refused.errors["reason"]})
    say(f"“{gap.words}” is not for us. It stands under “Not for us” and can come back.")
    return go("/gaps")


@feature.post("/gaps/<int:gap_id>/reopen", allow=managers)
def reopen(door: Door, gap_id: int) -> ResponseReturnValue:
    """For us after all."""
    actor = door.actor
    gap = door.write(lambda session: reopen_gap(session, actor, gap_id))
    say(f"“{gap.words}” is a gap again.")
    return go("/gaps?is=declined")


def _page(door: Door, errors: dict[int, str] | None = None) -> ResponseReturnValue:
    refused, is_declined = errors or {}, door.args.get("is") == "declined"
    before = rows_before(door.args, PAGE)
    gaps, total = (list_declined if is_declined else list_gaps)(door.session, limit=PAGE, offset=before)
    links = find_links(door.session, door.actor, [gap.total.item_id for gap in gaps if gap.total.item_id])
    kept = {"is": "declined"} if is_declined else {}
    content = GapsPage(
        rows=[row_of(gap, links, refused.get(gap.total.id, "")) for gap in gaps],
        span=span("/gaps", kept, before=before, shown=len(gaps), total=total, size=PAGE),
        total=total,
        is_declined=is_declined,
    )
    return page("gaps/index.html", content, 422 if refused else 200)
