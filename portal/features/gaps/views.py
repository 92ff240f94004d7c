"""Doors of gaps for managers: what is searched in vain, and what becomes of it."""

from flask.typing import ResponseReturnValue

from portal.core.access import managers
from portal.core.errors import Invalid
from portal.core.paging import rows_before, span
from portal.core.web import Door, Feature, go, page, say
from portal.features.gaps.pages import GapsPage, row_of
from portal.features.gaps.queries import list_became
from portal.shared.finding.gap_operations import GapActs, ask_peers, begin_draft, decline_gap, reopen_gap
from portal.shared.finding.gap_queries import PAGE, list_closed, list_declined, list_gaps

feature = Feature("gaps", private=True)
LISTS = {"": list_gaps, "closed": list_closed, "declined": list_declined}


@feature.get("/gaps", allow=managers)
def index(door: Door) -> ResponseReturnValue:
    """What found nothing, or nothing that anybody opened, by how many people met it; `is` gives the others."""
    return _page(door)


@feature.post("/gaps/<int:gap_id>/ask", allow=managers)
def ask(door: Door, gap_id: int) -> ResponseReturnValue:
    """A question to the peers, in the words that were searched; who asked to be told hears of the answer."""
    actor, acts = door.actor, door.service(GapActs)
    item = door.write(lambda session: ask_peers(session, actor, acts, gap_id))
    say(f"“{item.title}” is asked. Who wants to be told hears of the answer.")
    return go("/gaps")


@feature.post("/gaps/<int:gap_id>/draft", allow=managers)
def draft(door: Door, gap_id: int) -> ResponseReturnValue:
    """A playbook draft for somebody to write."""
    fields, actor, acts = door.fields, door.actor, door.service(GapActs)
    writers = acts.list_writers(door.session)
    owner = fields.choice("owner", "Who writes it", [str(number) for number, _ in writers], required=True)
    try:
        fields.check()
        item = door.write(lambda session: begin_draft(session, actor, acts, gap_id, int(owner)))
    except Invalid as refused:
        return _page(door, said="; ".join(refused.errors.values()))
    say(f"“{item.title}” is a draft of {dict(writers)[int(owner)]} now.")
    return go("/gaps")


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


def _page(door: Door, errors: dict[int, str] | None = None, said: str = "") -> ResponseReturnValue:
    refused, which = errors or {}, door.args.get("is", "")
    which = which if which in LISTS else ""
    acts, before = door.service(GapActs), rows_before(door.args, PAGE)
    gaps, total = LISTS[which](door.session, limit=PAGE, offset=before)
    links = list_became(door.session, door.actor, [gap.total.item_id for gap in gaps if gap.total.item_id])
    content = GapsPage(
        rows=[row_of(gap, links, refused.get(gap.total.id, "")) for gap in gaps],
        span=span("/gaps", {"is": which} if which else {}, before=before, shown=len(gaps), total=total, size=PAGE),
        total=total,
        which=which,
        writers=acts.list_writers(door.session) if acts.may_draft(door.actor) and not which else (),
        me_id=door.actor.person_id,
        said=said,
    )
    return page("gaps/index.html", content, 422 if refused or said else 200)
