"""Doors of what is being written: keep it, look at it, throw it away, and say that a form is open."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import signed_in
from portal.core.errors import NotFound
from portal.core.web import Door, Feature, found, go, kept_clear, page, say
from portal.shared.drafts.forms import read_draft
from portal.shared.drafts.operations import close_draft, end_editing, find_editable, keep_draft, say_editing
from portal.shared.drafts.pages import DraftList, Editors, KeptLine, draft_page, draft_rows, editor_lines
from portal.shared.drafts.queries import find_draft, find_places, read_key
from portal.shared.finding.finder import Finder

feature = Feature("drafts", private=True)

OWN = "/me/drafts"


@feature.post("/forms/<key>/draft", allow=signed_in)
def keep(door: Door, key: str) -> ResponseReturnValue:
    """Keep what stands in a form so far; when, for the script that sends it, else back to the form."""
    actor, given = door.actor, read_draft(door.fields)
    parts = read_key(key)
    if parts is not None and parts.verb == "edit":
        _check_answer(door, parts.number)
    door.write(lambda session: keep_draft(session, actor, key, given))
    if door.is_fragment:
        return page("drafts/kept.html", KeptLine(clock.now()))
    say("Kept for later. It waits here, and under “Unsaved texts” in your menu.")
    with_anchor = "#answer" if key.startswith("answer-") else ""
    return go((find_places(door.session, actor, [key])[key].url or OWN) + with_anchor)


@feature.get(OWN, allow=signed_in)
def own(door: Door) -> ResponseReturnValue:
    """The own texts that were not saved, the newest first."""
    return page("drafts/own.html", DraftList(draft_rows(door.session, door.actor)))


@feature.get(OWN + "/<token>", allow=signed_in)
def look(door: Door, token: str) -> ResponseReturnValue:
    """An own text as it was typed, though its form may be gone."""
    draft = found(find_draft(door.session, door.actor, token))
    return page("drafts/draft.html", draft_page(door.session, door.actor, draft))


@feature.post(OWN + "/<token>/removal", allow=signed_in)
def throw_away(door: Door, token: str) -> ResponseReturnValue:
    """Throw an own text away; a second time changes nothing."""
    actor = door.actor
    draft = find_draft(door.session, actor, token)
    door.write(lambda session: close_draft(session, actor, token))
    if door.is_fragment:
        return "", 204
    if draft is not None:
        kept_clear(draft.key, token)
        say("Thrown away.")
    came = door.came_from().partition("?")[0]
    return go(OWN if came.startswith(OWN) else came)


@feature.post("/items/<int:item_id>/editing", allow=signed_in)
def editing(door: Door, item_id: int) -> ResponseReturnValue:
    """Say that the form of an item is open, or, with `ends`, that it is closed; answers who else has it open."""
    actor = door.actor
    if door.fields.flag("ends"):
        door.write(lambda session: end_editing(session, actor, item_id))
        return "", 204
    _check_answer(door, item_id)

    def work(session: Session) -> Editors:
        say_editing(session, actor, item_id)
        return Editors(editor_lines(session, actor, item_id))

    return page("drafts/editors.html", door.write(work))


def _check_answer(door: Door, item_id: int) -> None:
    """An answer is out of reach where what it answers is."""
    item = find_editable(door.session, door.actor, item_id)
    if item.kind == "answer" and not door.service(Finder).rows(door.session, door.actor, [f"answer:{item_id}"]):
        raise NotFound
