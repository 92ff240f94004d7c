"""Doors of the company's word list for managers: see, try out, add, change, remove."""

from collections.abc import Mapping, Sequence

from flask.typing import ResponseReturnValue

from portal.core.access import managers
from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.core.ids import read_id
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.words.pages import TryPage, WordsPage, row_of, values_of
from portal.features.words.queries import Tried, try_entry
from portal.shared.finding.finder import Finder
from portal.shared.finding.models import WordGroup
from portal.shared.finding.word_forms import read_entry
from portal.shared.finding.word_operations import add_words, change_words, remove_words, spell
from portal.shared.finding.word_queries import entry_of, list_word_groups

feature = Feature("words", private=True)

NAMES = ("kind", "theirs", "ours", "q", "back")
NOTHING: Mapping[str, str] = {}


@feature.get("/words", allow=managers)
def index(door: Door) -> ResponseReturnValue:
    """The list and the form of a new entry, which may come filled in from a gap."""
    values = {"kind": "same"} | {name: door.args[name] for name in NAMES if door.args.get(name)}
    return _page(door, values, NOTHING)


@feature.get("/words/<int:group_id>", allow=managers)
def entry(door: Door, group_id: int) -> ResponseReturnValue:
    """One entry in the form."""
    group = found(next((one for one in list_word_groups(door.session) if one.id == group_id), None))
    return _page(door, values_of(group), NOTHING, group_id)


@feature.post("/words/try", allow=managers)
def try_out(door: Door) -> ResponseReturnValue:
    """What the entry in the form would change; nothing is saved. A fragment while typing, else the page."""
    given = door.fields.values
    number = read_id(given.get("id", ""))
    if door.is_fragment:
        return page("words/try.html", TryPage(_tried(door, given, list_word_groups(door.session), number)))
    return _page(door, given, NOTHING, number)


@feature.post("/words", allow=managers)
def add(door: Door) -> ResponseReturnValue:
    """Put the entry on the list; the next search of anybody knows it."""
    fields, actor = door.fields, door.actor
    try:
        given = read_entry(fields)
        door.write(lambda session: add_words(session, actor, given))
    except Invalid as refused:
        return _page(door, fields.values, refused.errors)
    say(f"{spell(given)}: every search knows it from now on.")
    return go("/gaps" if fields.values.get("back") == "gaps" else "/words")


@feature.post("/words/<int:group_id>", allow=managers)
def change(door: Door, group_id: int) -> ResponseReturnValue:
    """Give the entry other words."""
    fields, actor = door.fields, door.actor
    try:
        given = read_entry(fields)
        door.write(lambda session: change_words(session, actor, group_id, given))
    except Invalid as refused:
        return _page(door, fields.values, refused.errors, group_id)
    say(f"{spell(given)}: every search knows it from now on.")
    return go("/words")


@feature.post("/words/<int:group_id>/remove", allow=managers)
def remove(door: Door, group_id: int) -> ResponseReturnValue:
    """Take the entry off the list."""
    actor = door.actor
    gone = door.write(lambda session: remove_words(session, actor, group_id))
    say(f"{spell(gone)}: no longer on the list.")
    return go("/words")


def _page(door: Door, values: Mapping[str, str], errors: Mapping[str, str], group_id: int = 0) -> ResponseReturnValue:
    groups = list_word_groups(door.session)
    content = WordsPage(
        rows=[row_of(group) for group in groups],
        id=group_id,
        action=f"/words/{group_id}" if group_id else "/words",
        values=values,
        errors=errors,
        tried=_tried(door, values, groups, group_id),
    )
    return page("words/index.html", content, 422 if errors else 200)


def _tried(door: Door, values: Mapping[str, str], groups: Sequence[WordGroup], group_id: int) -> Tried | None:
    """A search for `q`, or for the first of the words, with the entry in the form in the place of the saved one."""
    try:
        draft = [read_entry(Fields.of(**{name: values.get(name, "") for name in NAMES}))]
    except Invalid:
        draft = []
    text = values.get("q", "").strip() or (draft[0].theirs[0] if draft else "")
    if not text:
        return None
    now = [entry_of(group) for group in groups]
    then = [entry_of(group) for group in groups if group.id != group_id] + draft
    return try_entry(door.session, door.actor, door.service(Finder), text, now=now, then=then if draft else now)
