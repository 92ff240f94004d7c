"""Doors of flagging: report an item, take a report back, and read what became of one's own."""

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.errors import Conflict, Invalid, require
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.flagging.pages import ReportsPage, flag_form, report_row
from portal.settings import Settings
from portal.shared.finding.finder import Finder
from portal.shared.finding.pages import ResultRow
from portal.shared.flags.forms import read_flag
from portal.shared.flags.operations import flag_item, withdraw_flag
from portal.shared.flags.policy import may_flag
from portal.shared.flags.queries import list_own_flags
from portal.shared.items.queries import find_item

feature = Feature("flagging")

FLAG = "/items/<int:item_id>/flag"
REPORTS = "/me/reports"


@feature.get(FLAG, allow=signed_in, private=True)
def form(door: Door, item_id: int) -> ResponseReturnValue:
    """The form of a page of its own; each item has the same one at its end."""
    return page("flagging/form.html", flag_form(item_id, _flaggable(door, item_id), {}, {}))


@feature.post(FLAG, allow=signed_in)
def flag(door: Door, item_id: int) -> ResponseReturnValue:
    """Report what is not right; a second time the same report changes nothing."""
    row, fields, actor = _flaggable(door, item_id), door.fields, door.actor
    is_limited = door.service(Settings).limits
    try:
        given = read_flag(fields)
        is_new = door.write(lambda session: flag_item(session, actor, item_id, given, limited=is_limited))
    except Invalid as refused:
        return page("flagging/form.html", flag_form(item_id, row, fields.values, refused.errors), 422)
    if is_new:
        say("Reported. You hear what becomes of it; until then it stands under “My reports”.")
    else:
        say("You reported this before. It waits for somebody to decide.")
    return go(row.url)


@feature.get(REPORTS, allow=signed_in, private=True)
def reports(door: Door) -> ResponseReturnValue:
    """What became of one's own reports; the open ones stand first and can be taken back."""
    own = list_own_flags(door.session, door.actor)
    rows = {
        row.key: row for row in door.service(Finder).rows(door.session, door.actor, sorted({key for _, key in own}))
    }
    content = [report_row(flag, rows.get(key)) for flag, key in own]
    return page("flagging/reports.html", ReportsPage(sorted(content, key=lambda row: row.decided_at is not None)))


@feature.post(REPORTS + "/<int:flag_id>/withdraw", allow=signed_in)
def withdraw(door: Door, flag_id: int) -> ResponseReturnValue:
    """Take a report back while nobody has decided."""
    actor = door.actor
    try:
        door.write(lambda session: withdraw_flag(session, actor, flag_id))
        say("Your report is taken back.")
    except Conflict as conflict:
        say(conflict.message, "warn")
    return go(REPORTS)


def _flaggable(door: Door, item_id: int) -> ResultRow:
    """The item as a row; an answer is in view where what it answers is."""
    item = found(find_item(door.session, door.actor, item_id))
    require(may_flag(item), "This takes no reports: nobody relies on its words.")
    rows = door.service(Finder).rows(door.session, door.actor, [f"{item.kind}:{item.id}"])
    return found(next(iter(rows), None))
