"""Doors of handovers: what a leaver has, what will happen to it, the act, and the way back."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue
from sqlalchemy import and_
from sqlalchemy.orm import Session

from portal.core.access import admins
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.forms import Fields
from portal.core.ids import MOST_ID
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.admin.handover_operations import HANDOVER, Moved, hand_over, undo_handover
from portal.features.admin.handover_pages import (
    HandedPage,
    HandoverPage,
    PlanPage,
    field_of,
    group_rows,
    lines_of,
)
from portal.features.admin.handover_queries import (
    Held,
    Receivers,
    count_next_texts,
    list_held,
    mark_of,
    plan_handover,
)
from portal.shared.items.bulk_pages import act_done, act_line, words_of_undoing
from portal.shared.items.bulk_queries import find_act, list_acts, titles_of
from portal.shared.items.queries import stands_for, visible_to
from portal.shared.people.models import Person
from portal.shared.people.pages import link_to
from portal.shared.people.queries import find_person, list_names

feature = Feature("admin_handover", private=True)

HANDING = "/admin/people/<int:person_id>/handover"
ACT = "/admin/handovers/<int:act_id>"


@feature.get(HANDING, allow=admins)
def handover(door: Door, person_id: int) -> ResponseReturnValue:
    """Everything of a person, and who is to get it."""
    return _form(door, _find(door, person_id), {}, {})


@feature.post(HANDING, allow=admins)
def preview(door: Door, person_id: int) -> ResponseReturnValue:
    """What will happen; nothing is changed."""
    person, fields = _find(door, person_id), door.fields
    held = list_held(door.session, door.actor, person_id)
    try:
        receivers = _receivers(fields, held)
        return _plan(door, person, held, receivers)
    except Invalid as refused:
        return _form(door, person, fields.values, refused.errors)


@feature.post(HANDING + "/run", allow=admins)
def run(door: Door, person_id: int) -> ResponseReturnValue:
    """Hand over what the preview named; where that is something else by now, it is shown again."""
    person, fields, actor = _find(door, person_id), door.fields, door.actor
    held = list_held(door.session, actor, person_id)
    receivers, seen = _receivers(fields, held), fields.line("seen", "Form")

    def work(session: Session) -> str:
        return _url_of_act(hand_over(session, actor, person_id, receivers, seen).id)

    try:
        return door.create(work)
    except Moved as moved:
        held = list_held(door.session, actor, person_id)
        return _plan(door, person, held, _receivers(fields, held), moved.message)


@feature.get(ACT, allow=admins)
def handed(door: Door, act_id: int) -> ResponseReturnValue:
    """What a handover did, what stayed, and the way back."""
    session, act = door.session, found(find_act(door.session, act_id, HANDOVER))
    titles = titles_of(session, act, and_(visible_to(door.actor), stands_for(door.actor)))
    person = find_person(session, act.person_id) if act.person_id else None
    content = HandedPage(
        person=link_to(person) if person else None,
        person_url=f"/admin/people/{act.person_id}",
        act=act_done(act, _url_of_act(act_id), titles),
    )
    return page("admin/handed.html", content)


@feature.post(ACT + "/undo", allow=admins)
def undo(door: Door, act_id: int) -> ResponseReturnValue:
    """Give everything back that nobody changed since."""
    actor = door.actor
    try:
        act = door.write(lambda session: undo_handover(session, actor, act_id))
    except Conflict as conflict:
        say(conflict.message, "warn")
    else:
        say(words_of_undoing(act))
    return go(_url_of_act(act_id))


def _url_of_act(act_id: int) -> str:
    return f"/admin/handovers/{act_id}"


def _find(door: Door, person_id: int) -> Person:
    person = found(find_person(door.session, person_id))
    if person.state == "erased":
        raise NotFound
    return person


def _receivers(fields: Fields, held: list[Held]) -> Receivers:
    """Who was chosen for each group, else for everything; Invalid where that is no number."""
    everything = fields.number("to", "Receiver", least=1, most=MOST_ID)
    chosen = {}
    for group in dict.fromkeys(one.group for one in held):
        name = field_of(group)
        receiver = fields.number(name, "Receiver", least=1, most=MOST_ID, default=everything)
        if receiver:
            chosen[group] = receiver
    fields.check()
    return chosen


def _form(door: Door, person: Person, values: Mapping[str, str], errors: Mapping[str, str]) -> ResponseReturnValue:
    session = door.session
    content = HandoverPage(
        id=person.id,
        name=person.name,
        state=person.state,
        groups=group_rows(list_held(session, door.actor, person.id)),
        next_texts=count_next_texts(session, person.id),
        people=[(str(number), name) for number, name in list_names(session) if number != person.id],
        values=values,
        errors=errors,
        acts=[act_line(act, _url_of_act(act.id)) for act in list_acts(session, HANDOVER, person_id=person.id)],
    )
    return page("admin/handover.html", content, 422 if errors else 200)


def _plan(door: Door, person: Person, held: list[Held], receivers: Receivers, error: str = "") -> ResponseReturnValue:
    shares = plan_handover(door.session, person, held, receivers)
    content = PlanPage(
        id=person.id,
        name=person.name,
        lines=lines_of(shares),
        count=sum(len(share.goes) for share in shares),
        values=[(field_of(group), str(receiver)) for group, receiver in receivers.items()],
        seen=mark_of(shares),
        error=error,
    )
    return page("admin/plan.html", content, 409 if error else 200)
