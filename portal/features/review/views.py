"""Doors of the queue: one card at a time, an act, and the next card; Monday and the review are the same machinery."""

from collections.abc import Callable, Mapping
from typing import Final

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.access import managers, signed_in
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.review.forms import read_given, read_key, read_successor
from portal.features.review.pages import (
    DONE,
    Card,
    QueuePage,
    card_of,
    done_of,
    gap_card,
    last_of,
    minutes_of,
    place_of,
)
from portal.shared.items.queries import find_item
from portal.shared.people.models import Person
from portal.shared.people.queries import PeopleFilter, list_people
from portal.shared.review.models import ReviewAct
from portal.shared.review.operations import DECIDING, Given, delegate_item, keep_item, retire_item
from portal.shared.review.queries import Entry, Reviewing, list_today
from portal.shared.review.undo_operations import undo_act

feature = Feature("review", private=True)

DESKS: Final = {"review": "To review", "monday": "Monday"}
ITEM: Final = "/review/items/<int:item_id>"
Work = Callable[[Session], ReviewAct]


@feature.get("/review", allow=signed_in)
def review(door: Door) -> ResponseReturnValue:
    """What is stale or reported: all that a manager may see, and of others what they own or verify."""
    return show_queue(door, "review", door.args.get("at", ""))


@feature.post(ITEM + "/verify", allow=signed_in)
def verify(door: Door, item_id: int) -> ResponseReturnValue:
    """It is right: for its next interval, and as the answer to what was reported."""
    actor, sources = door.actor, door.service(Reviewing).sources
    return act_on(door, lambda given: lambda session: keep_item(session, actor, item_id, given, sources))


@feature.post(ITEM + "/decide", allow=signed_in)
def decide(door: Door, item_id: int) -> ResponseReturnValue:
    """Answer what was reported, by the table of decisions."""
    actor, sources = door.actor, door.service(Reviewing).sources
    work = DECIDING.get(door.fields.values.get("decision", ""))
    if work is None:
        raise NotFound
    return act_on(door, lambda given: lambda session: work(session, actor, item_id, given, sources))


@feature.post(ITEM + "/obsolete", allow=signed_in)
def make_obsolete(door: Door, item_id: int) -> ResponseReturnValue:
    """Make it obsolete: with a successor, or with a reason."""
    actor, sources, fields = door.actor, door.service(Reviewing).sources, door.fields

    def begin(given: Given) -> Work:
        successor = read_successor(fields)
        return lambda session: retire_item(session, actor, item_id, given, sources, successor_id=successor)

    return act_on(door, begin)


@feature.post(ITEM + "/delegate", allow=signed_in)
def delegate(door: Door, item_id: int) -> ResponseReturnValue:
    """Give it to somebody, who verifies it from now on."""
    actor = door.actor
    found(find_item(door.session, actor, item_id))

    def begin(given: Given) -> Work:
        person = _named(door)
        return lambda session: delegate_item(session, actor, item_id, given, person_id=person.id)

    return act_on(door, begin)


@feature.post("/review/undo", allow=signed_in)
def undo(door: Door) -> ResponseReturnValue:
    """Take one's last act back; its card stands there again."""
    actor, sources = door.actor, door.service(Reviewing).sources
    act_id = door.fields.number("act", "Act", least=1, most=999_999_999, default=0) or 0
    desk, key = _desk(door), read_key(door.fields.values.get("at", ""))
    try:
        act = door.write(lambda session: undo_act(session, actor, act_id, sources))
    except Conflict as conflict:
        return show_queue(door, desk, key, problem=conflict.message)
    if not door.is_fragment:
        say(f"{DONE[act.verb]} is taken back.")
    return _onward(desk, f"gap-{act.gap_id}" if act.gap_id else f"item-{act.item_id}")


def act_on(door: Door, begin: Callable[[Given], Work]) -> ResponseReturnValue:
    """Do it and go to the next card; what cannot be taken, or was done by somebody else, is said on the card."""
    desk, fields = _desk(door), door.fields
    key = read_key(fields.values.get("here", ""))
    try:
        door.write(begin(read_given(fields)))
    except Conflict as conflict:
        return show_queue(door, desk, key, problem=conflict.message)
    except Invalid as refused:
        return show_queue(door, desk, key, values=fields.values, errors=refused.errors)
    return _onward(desk, read_key(fields.values.get("next", "")))


def _desk(door: Door) -> str:
    wanted = door.fields.values.get("desk", "")
    return wanted if wanted in DESKS and (wanted != "monday" or managers.admits(door.actor)) else "review"


def _onward(desk: str, key: str) -> ResponseReturnValue:
    return go(f"/{desk}?at={key}" if key else f"/{desk}")


def _named(door: Door) -> Person:
    """The one person whose name, mail address or title holds what was typed."""
    fields = door.fields
    typed = fields.line("person", "To whom", required=True)
    fields.check()
    people = list_people(door.session, PeopleFilter(typed, states=("active",)), limit=6)
    exact = [one for one in people if typed.lower() in (one.name.lower(), one.email)]
    if len(exact or people) == 1:
        return (exact or list(people))[0]
    if not people:
        raise Invalid({"person": f"To whom: nobody here is called “{typed}”."})
    raise Invalid({"person": f"To whom: that may be {', '.join(one.name for one in people)}. Write more of the name."})


def show_queue(
    door: Door, desk: str, key: str, *, values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None, problem: str = "",
) -> ResponseReturnValue:  # fmt: skip
    """The page, or for scripts the queue alone; a shared screen gets neither after an act."""
    if door.actor.is_screen_shared:
        return go(f"/{desk}")
    reviewing, session, actor = door.service(Reviewing), door.session, door.actor
    entries = reviewing.list_all(session, actor) if desk == "monday" else reviewing.list_due(session, actor)
    at, acts = place_of(entries, read_key(key)), list_today(session, actor)
    card = _card(door, entries[at]) if at < len(entries) else None
    if errors and (card is None or card.key != key):  # it waits no more, so that there is no field to say it at
        problem, errors = " ".join(errors.values()), {}
    url = f"/{desk}?at="
    content = QueuePage(
        desk=desk,
        title=DESKS[desk],
        counts=_counts(entries, desk),
        total=len(entries),
        place=at + 1,
        card=card,
        here=entries[at].key if card else "end",
        next=entries[at + 1].key if at + 1 < len(entries) else "end",
        next_url=url + (entries[at + 1].key if at + 1 < len(entries) else "end"),
        previous_url=url + entries[at - 1].key if at and entries else "",
        first_url=url + entries[0].key if entries else "",
        is_end=card is None,
        minutes=minutes_of(acts),
        acts=done_of(acts),
        last=last_of(acts),
        values=values or {},
        errors=errors or {},
        problem=problem,
    )
    status = 422 if errors else 409 if problem else 200
    return page("review/queue.html" if door.is_fragment else "review/index.html", content, status)


def _card(door: Door, entry: Entry) -> Card:
    if entry.kind == "gap":
        return gap_card(entry)
    reviewing = door.service(Reviewing)
    card = found(reviewing.find_card(door.session, door.actor, entry.id))
    return card_of(door.actor, entry, card, reviewing.sources)


def _counts(entries: list[Entry], desk: str) -> list[tuple[int, str, str]]:
    """How many of each sort, with its word and the page where they stand alone."""
    counted = [
        (sum(entry.is_due for entry in entries), "due", "/review"),
        (sum(entry.signals.flags > 0 for entry in entries), "flagged", "/review"),
    ]
    if desk == "monday":
        counted += [
            (sum(entry.is_unanswered for entry in entries), "unanswered", "/questions?is=unanswered"),
            (sum(entry.kind == "gap" for entry in entries), "searched in vain", "/gaps"),
        ]
    return counted
