"""Reads of what is being written: one's own texts that wait, where their forms are, and who else is at an item."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, defer, load_only

from portal.core import clock
from portal.core.access import Actor
from portal.core.ids import ID
from portal.shared.drafts import policy
from portal.shared.drafts.models import Draft, Editing
from portal.shared.items.models import Item
from portal.shared.items.queries import BASES, REACHABLE, reached_by, url_of
from portal.shared.people.models import Person
from portal.shared.people.queries import OF_A_LINK

STAYS: Final = timedelta(seconds=45)
"""How long somebody counts as editing after the browser said so last."""
NEW: Final[Mapping[str, str]] = {**BASES, "template": "/playbooks/templates"}
"""What can be written anew, and below which address."""
_KEY = re.compile(rf"(?P<verb>edit|answer|template)-(?P<number>{ID})|new-(?P<kind>[a-z]{{1,20}})", re.ASCII)

_OWN = select(Draft).where(Draft.person_id == bindparam("person_id"), Draft.is_closed.is_(False))
_OF_FORM = _OWN.where(Draft.key == bindparam("key")).order_by(Draft.updated_at.desc(), Draft.token)
_LINES = _OF_FORM.options(defer(Draft.fields, raiseload=True))
_OTHERS = (
    select(Person, Editing.since)
    .join(Editing, Editing.person_id == Person.id)
    .where(
        Editing.item_id == bindparam("item_id"),
        Editing.person_id != bindparam("person_id"),
        Editing.seen_at > bindparam("alive_at"),
    )
    .order_by(Editing.since, Person.id)
    .options(load_only(*OF_A_LINK, raiseload=True))
)
_ITEMS = (
    select(Item)
    .where(Item.id.in_(bindparam("ids", expanding=True)), REACHABLE)
    .options(load_only(Item.kind, Item.author_id, Item.owner_id, Item.status, Item.slug, raiseload=True))
)


class FormKey(NamedTuple):
    """A form by its parts: `edit-12` is ("edit", 12, ""), `new-playbook` is ("new", 0, "playbook")."""

    verb: str
    number: int
    kind: str


@dataclass(frozen=True, slots=True)
class FormPlace:
    """Where a form is, and what is written there: a kind of item or a template; no address for a closed one."""

    url: str
    kind: str


def read_key(key: str) -> FormKey | None:
    """The parts of a key, or None where no form has it."""
    found = _KEY.fullmatch(key)
    if found is None or (found["kind"] and found["kind"] not in NEW):
        return None
    return FormKey(found["verb"] or "new", int(found["number"] or 0), found["kind"] or "")


def list_waiting(session: Session, actor: Actor, key: str, *, whole: bool = False) -> Sequence[Draft]:
    """The own texts that wait for a form, the newest first; their fields only where they are wanted whole."""
    return session.scalars(_OF_FORM if whole else _LINES, {"person_id": actor.person_id, "key": key}).all()


def list_own(session: Session, actor: Actor) -> Sequence[Draft]:
    """All own texts that wait, the newest first, without their fields."""
    own = _OWN.options(defer(Draft.fields, raiseload=True)).order_by(Draft.updated_at.desc(), Draft.token)
    return session.scalars(own, {"person_id": actor.person_id}).all()


def find_draft(session: Session, actor: Actor, token: str) -> Draft | None:
    """One own text that waits."""
    return session.scalars(_OWN.where(Draft.token == token), {"person_id": actor.person_id}).first()


def find_places(session: Session, actor: Actor, keys: Iterable[str]) -> dict[str, FormPlace]:
    """Where these forms are for this person, by key; one statement, none where none is of an item."""
    parts = {key: found for key in keys if (found := read_key(key))}
    numbers = sorted({one.number for one in parts.values() if one.verb in ("edit", "answer")})
    rows = session.scalars(_ITEMS, {"ids": numbers, **reached_by(actor)}) if numbers else ()
    items = {item.id: item for item in rows}
    return {key: _place(actor, one, items.get(one.number)) for key, one in parts.items()}


def find_written(session: Session, actor: Actor, item_id: int) -> Item | None:
    """An item that this person may see or work on: the columns that ask who may edit it."""
    return session.scalars(_ITEMS, {"ids": [item_id], **reached_by(actor)}).first()


def list_editors(session: Session, actor: Actor, item_id: int) -> Sequence[tuple[Person, datetime]]:
    """Who else has the form of this item open, and since when; the caller has asked whether the actor may edit it."""
    alive = {"item_id": item_id, "person_id": actor.person_id, "alive_at": clock.now() - STAYS}
    return [(row[0], row[1]) for row in session.execute(_OTHERS, alive)]


def _place(actor: Actor, key: FormKey, item: Item | None) -> FormPlace:
    if key.verb == "new":
        return FormPlace(f"{NEW[key.kind]}/new", key.kind)
    if key.verb == "template":
        return FormPlace(f"{NEW['template']}/{key.number}", "template")
    if key.verb == "answer":
        is_open = item is not None and policy.may_answer(item)
        return FormPlace(url_of(item.kind, item.id, item.slug) if item and is_open else "", "answer")
    if item is None or not policy.may_write_on(actor, item):
        return FormPlace("", item.kind if item else "")
    base = f"/answers/{item.id}" if item.kind == "answer" else url_of(item.kind, item.id, item.slug)
    return FormPlace(f"{base}/edit", item.kind)
