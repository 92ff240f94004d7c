"""Doors of acts on many playbooks: choose, see what will happen, do it, and undo it."""

from collections.abc import Collection, Mapping

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Conflict, Invalid
from portal.core.paging import address, rows_before, span
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.playbooks.bulk_forms import Filter, read_chosen, read_filter, read_seen, read_wanted
from portal.features.playbooks.bulk_operations import PLAYBOOKS, change_many, plan, said_of, undo_many
from portal.features.playbooks.bulk_pages import BulkDonePage, BulkPage, BulkPlanPage, choice_row, outcome_row
from portal.features.playbooks.bulk_policy import MOST_AT_ONCE
from portal.features.playbooks.bulk_queries import PAGE, list_choices, list_ids
from portal.features.playbooks.policy import CURATORS
from portal.features.playbooks.queries import count_by_tag
from portal.shared.items.bulk_pages import act_done, act_line, words_of_undoing
from portal.shared.items.bulk_queries import find_act, list_acts, titles_of
from portal.shared.items.queries import reachable_to
from portal.shared.people.queries import list_names, list_teams
from portal.shared.tags.queries import list_terms

feature = Feature("playbook_bulk", private=True)

BASE = "/playbooks/bulk"
SENT = ("act", "owner", "verifier", "days", "tag_added", "tag_removed")
"""The fields of an act, which the preview carries on."""


@feature.get(BASE, allow=CURATORS)
def choose(door: Door) -> ResponseReturnValue:
    """Playbooks to choose from, what is most overdue first, and what can be done to them."""
    return _choices(door, read_filter(dict(door.args)), {}, {})


@feature.post(BASE, allow=CURATORS)
def preview(door: Door) -> ResponseReturnValue:
    """What the act will do to each, and to its verification; nothing is changed."""
    fields, session, actor = door.fields, door.session, door.actor
    wanted_filter, chosen, is_all = read_filter(fields.values), read_chosen(fields), fields.flag("all")
    try:
        wanted = read_wanted(fields)
        named = wanted_filter
        ids = chosen
        if is_all:
            ids = list_ids(session, actor, clock.today(), MOST_AT_ONCE, stage=named.stage, tag=named.tag,
                           mark=named.mark)  # fmt: skip
        wanted, planned = plan(session, actor, wanted, ids)
    except Invalid as refused:
        return _choices(door, wanted_filter, fields.values, refused.errors, chosen)
    rows = [outcome_row(one, outcome) for one, outcome in planned]
    goes = [row for row in rows if not row.why_not]
    content = BulkPlanPage(
        said=said_of(wanted, len(goes)),
        count=len(goes),
        rows=goes,
        left=[row for row in rows if row.why_not],
        values=[(name, fields.values[name]) for name in SENT if fields.values.get(name)],
        back_url=address(BASE, wanted_filter.values),
    )
    return page("playbooks/bulk_plan.html", content)


@feature.post(BASE + "/run", allow=CURATORS)
def run(door: Door) -> ResponseReturnValue:
    """Do it to what still stands as it was shown."""
    fields, actor = door.fields, door.actor
    try:
        wanted, rows = read_wanted(fields), read_seen(fields)

        def work(session: Session) -> str:
            return f"{BASE}/{change_many(session, actor, wanted, rows).id}"

        return door.create(work)
    except Invalid as refused:
        return _choices(door, Filter(), fields.values, refused.errors, [one.item_id for one in read_seen(fields)])


@feature.get(BASE + "/<int:act_id>", allow=CURATORS)
def done(door: Door, act_id: int) -> ResponseReturnValue:
    """What an act did, what it left out, and the way back."""
    act = found(find_act(door.session, act_id, PLAYBOOKS))
    titles = titles_of(door.session, act, reachable_to(door.actor))
    return page("playbooks/bulk_done.html", BulkDonePage(act_done(act, f"{BASE}/{act_id}", titles)))


@feature.post(BASE + "/<int:act_id>/undo", allow=CURATORS)
def undo(door: Door, act_id: int) -> ResponseReturnValue:
    """Give back what stood before, where nobody changed it since."""
    actor = door.actor
    try:
        act = door.write(lambda session: undo_many(session, actor, act_id))
    except Conflict as conflict:
        say(conflict.message, "warn")
    else:
        say(words_of_undoing(act))
    return go(f"{BASE}/{act_id}")


def _choices(
    door: Door, wanted: Filter, values: Mapping[str, str], errors: Mapping[str, str], chosen: Collection[int] = ()
) -> ResponseReturnValue:
    session, actor, day = door.session, door.actor, clock.today()
    before = rows_before(door.args, PAGE)
    rows, total = list_choices(
        session, actor, day, before, stage=wanted.stage, tag=wanted.tag, mark=wanted.mark
    )  # fmt: skip
    tags = [(slug, name) for slug, name, _ in count_by_tag(session, actor)]
    if wanted.tag and wanted.tag not in dict(tags):
        tags.append((wanted.tag, wanted.tag))
    content = BulkPage(
        rows=[choice_row(playbook, owner, chosen, day) for playbook, owner in rows],
        total=total,
        span=span(BASE, wanted.values, before=before, shown=len(rows), total=total, size=PAGE),
        filters=wanted.values,
        stages=[(term.slug, term.name) for term in list_terms(session, "stage", with_retired=True)],
        tags=tags,
        people=[(str(number), name) for number, name in list_names(session)],
        teams=[(str(team.id), team.name) for team in list_teams(session)],
        values=values,
        errors=errors,
        is_all=bool(values.get("all")),
        acts=[act_line(act, f"{BASE}/{act.id}") for act in list_acts(session, PLAYBOOKS)],
    )
    return page("playbooks/bulk.html", content, 422 if errors else 200)
