"""What a form shows of texts that were not saved, and of those who have it open too; and the own texts as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.forms import Fields
from portal.core.ids import new_token
from portal.shared.drafts.models import Draft
from portal.shared.drafts.queries import find_places, list_editors, list_own, list_waiting
from portal.shared.items.models import Item
from portal.shared.people.pages import PersonLink, link_to

KIND_WORDS = {"headsup": "heads-up"}
LINES = 2
HIDDEN = frozenset({"once", "version", "searched", "audience"})
"""Fields that no person typed."""


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A text of the reader's own that was not saved; `is_behind` where its item was saved anew since."""

    token: str
    at: datetime
    is_behind: bool
    take_url: str
    removal_url: str


@dataclass(frozen=True, slots=True)
class EditorLine:
    """Somebody else who has the form open."""

    who: PersonLink
    since: datetime


@dataclass(frozen=True, slots=True)
class Editors:
    """Who else has the form open; the fragment that goes into a form as long as it is open."""

    editors: Sequence[EditorLine]


@dataclass(frozen=True, slots=True)
class KeptLine:
    """When a text was kept: the fragment that answers the script of its form."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Writing:
    """A form that is open: its key, the token of the text that begins in it, and the one that it was begun from.

    `unsaved` are the newest own texts that wait for this form, `more` so many older ones; `taken` stands in it now.
    `state` is `taken`, `again` for a form that came back, or empty. `item_id` is 0 where something new is written.
    `typed` holds the fields that take the place of the present words.
    """

    key: str
    token: str
    took: str = ""
    state: str = ""
    item_id: int = 0
    unsaved: Sequence[Unsaved] = ()
    more: int = 0
    taken: Unsaved | None = None
    editors: Sequence[EditorLine] = ()
    typed: Fields | None = None


@dataclass(frozen=True, slots=True)
class DraftRow:
    """An own text in the list of all; `url` leads to its form with the text in it, and is empty where that is gone."""

    title: str
    about: str
    at: datetime
    url: str
    look_url: str
    removal_url: str


@dataclass(frozen=True, slots=True)
class DraftList:
    """All own texts that wait, the newest first."""

    drafts: Sequence[DraftRow]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """An own text as it was typed, field by field; `copied` is all of it."""

    row: DraftRow
    fields: Sequence[tuple[str, str]]
    copied: str


def open_form(
    session: Session, actor: Actor, key: str, args: Mapping[str, str], item: Item | None = None, *, anchor: str = ""
) -> Writing:
    """A form that is opened: `?draft=TOKEN` takes up a text that waits. One statement, and one more for an item."""
    wanted = "" if actor.is_screen_shared else args.get("draft", "")
    version = item.version if item else 0
    waiting = list_waiting(session, actor, key, whole=bool(wanted))
    taken = next((one for one in waiting if one.token == wanted), None)
    others = [one for one in waiting if one is not taken]
    return Writing(
        key=key,
        token=new_token()[:22],
        took=taken.token if taken else "",
        state="taken" if taken else "",
        item_id=item.id if item else 0,
        unsaved=[_unsaved(one, version, anchor) for one in others[:LINES]],
        more=len(others[LINES:]),
        taken=_unsaved(taken, version, anchor) if taken else None,
        editors=editor_lines(session, actor, item.id) if item else (),
        typed=Fields(taken.fields) if taken else None,
    )


def open_again(key: str, values: Mapping[str, str], item: Item | None = None) -> Writing:
    """A form that came back with what was typed: refused, overtaken, or changed by one of its buttons."""
    token = values.get("draft") or new_token()[:22]
    return Writing(key, token, values.get("took", ""), "again", item.id if item else 0)


def editor_lines(session: Session, actor: Actor, item_id: int) -> list[EditorLine]:
    """Who else has the form of an item open; nobody is named while the screen is shared."""
    if actor.is_screen_shared:
        return []
    return [EditorLine(link_to(person), since) for person, since in list_editors(session, actor, item_id)]


def draft_rows(session: Session, actor: Actor) -> list[DraftRow]:
    """The own texts that wait, the newest first; two statements."""
    drafts = list_own(session, actor)
    places = find_places(session, actor, [one.key for one in drafts])
    return [_row(one, places[one.key].url, places[one.key].kind) for one in drafts if one.key in places]


def draft_page(session: Session, actor: Actor, draft: Draft) -> DraftPage:
    """One of them, to be read and copied even where its form is gone."""
    place = find_places(session, actor, [draft.key])[draft.key]
    written = {name: "\n".join(one for one in values if one.strip()) for name, values in draft.fields.items()}
    fields = [(_label(name), words) for name, words in written.items() if words and name not in HIDDEN]
    return DraftPage(_row(draft, place.url, place.kind), fields, "\n\n".join(words for _, words in fields))


def _unsaved(draft: Draft, version: int, anchor: str) -> Unsaved:
    is_behind = 0 < draft.base_version < version
    return Unsaved(draft.token, draft.updated_at, is_behind, f"?draft={draft.token}{anchor}", _removal(draft))


def _row(draft: Draft, url: str, kind: str) -> DraftRow:
    word = KIND_WORDS.get(kind, kind)
    is_new = draft.key.startswith(("new-", "answer-"))
    return DraftRow(
        title=draft.title or "Without a title",
        about=f"New {word}" if is_new else word.capitalize() if url else "Its page is gone",
        at=draft.updated_at,
        url=f"{url}?draft={draft.token}{'#answer' if draft.key.startswith('answer-') else ''}" if url else "",
        look_url=f"/me/drafts/{draft.token}",
        removal_url=_removal(draft),
    )


def _removal(draft: Draft) -> str:
    return f"/me/drafts/{draft.token}/removal"


def _label(name: str) -> str:
    """`ask_back` → `Ask back`."""
    return name.replace("_", " ").replace("-", " ").capitalize()
