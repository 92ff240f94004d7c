"""Reads for a handover: everything that a person owns, verifies, or has begun, and what will happen to it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid
from portal.shared.items.models import Item, Revision
from portal.shared.items.queries import BASES, stands_for, url_of, visible_to
from portal.shared.items.trust_queries import is_begun, is_held_by, list_readable
from portal.shared.people.models import Person

OWNS, VERIFIES, DRAFTS = "owns", "verifies", "drafts"
ROLES = (OWNS, VERIFIES, DRAFTS)
UNPUBLISHED = ("draft", "in_review")


Group = tuple[str, str]
Receivers = Mapping[Group, int]
"""Who gets what: a person for each role and kind; a group without one stays where it is."""

NOUNS = {
    "playbook": ("playbook", "playbooks"),
    "answer": ("answer", "answers"),
    "competitor": ("competitor", "competitors"),
    "path": ("path", "paths"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """One item in one role; title and address are empty where the asker may not read it."""

    item_id: int
    role: str
    kind: str
    title: str
    url: str

    @property
    def group(self) -> tuple[str, str]:
        """What is handed over together."""
        return self.role, self.kind


@dataclass(frozen=True, slots=True)
class Share:
    """One group as it will be handed over: what goes to whom, and what stays because they may not read it."""

    group: Group
    receiver: Person
    goes: Sequence[Held]
    stays: Sequence[Held]

    @property
    def said(self) -> str:
        """`12 playbooks get Priya Anand as owner; their verification stays.`"""
        count, name = len(self.goes), self.receiver.name
        what = named(self.group, count)
        gets, its = ("gets", "its") if count == 1 else ("get", "their")
        return {
            OWNS: f"{what} {gets} {name} as owner; {its} verification stays.",
            VERIFIES: f"{what} {gets} {name} as verifier; the day of {its} last verification stays.",
            DRAFTS: f"{what} {gets} {name} as owner, who can go on writing.",
        }[self.group[0]]


def list_held(session: Session, actor: Actor, person_id: int) -> list[Held]:
    """Everything of a person, by role and kind; an item that is owned and verified stands there twice. One statement.

    What lies in the bin is among it: it may come back. Whoever asks reads the titles of what they may see alone.
    """
    mine = or_(Item.owner_id == person_id, and_(is_begun(), Item.author_id == person_id))
    is_seen = and_(visible_to(actor), stands_for(actor)).label("is_seen")
    rows = session.execute(
        select(
            Item.id, Item.kind, Item.title, Item.slug, is_begun().label("is_begun"), is_seen,
            mine.label("is_mine"), (Item.verifier_id == person_id).label("is_verifier"),
        )
        .where(is_held_by(person_id))
        .order_by(Item.kind, Item.title, Item.id)
    ).all()  # fmt: skip
    held = []
    for row in rows:
        title = row.title if row.is_seen else ""
        url = url_of(row.kind, row.id, row.slug) if row.is_seen and row.kind in BASES else ""
        url = f"/answers/{row.id}" if row.is_seen and row.kind == "answer" else url
        roles = ([DRAFTS if row.is_begun else OWNS] if row.is_mine else []) + ([VERIFIES] if row.is_verifier else [])
        held += [Held(row.id, role, row.kind, title, url) for role in roles]
    return sorted(held, key=lambda one: (ROLES.index(one.role), one.kind))


def count_next_texts(session: Session, person_id: int) -> int:
    """How many texts of a person wait on published pages of others, whose owners and managers go on with them."""
    return session.scalar(
        select(func.count())
        .select_from(Revision)
        .join(Item, (Item.id == Revision.item_id) & (Item.version == Revision.version))
        .where(Revision.author_id == person_id, Revision.state.in_(UNPUBLISHED))
        .where(Item.published_revision_id.is_not(None), or_(Item.owner_id != person_id, Item.owner_id.is_(None)))
    ) or 0  # fmt: skip


def named(group: Group, count: int) -> str:
    """`12 playbooks`, `one draft of a playbook`."""
    one, many = NOUNS.get(group[1], (group[1], f"{group[1]}s"))
    if group[0] == DRAFTS:
        return f"{count} {'draft' if count == 1 else 'drafts'} of {many}"
    return f"{count} {one if count == 1 else many}"


def plan_handover(session: Session, person: Person, held: Sequence[Held], receivers: Receivers) -> list[Share]:
    """What will happen; Invalid where a receiver has left or is the person. Two statements for each receiver."""
    people, readable, errors = {}, {}, {}
    for number in sorted(set(receivers.values())):
        receiver = people[number] = session.get(Person, number)
        if receiver is None or receiver.state == "erased":
            errors["to"] = "Receiver: there is no such person."
        elif number == person.id:
            errors["to"] = f"Receiver: choose somebody else than {person.name}."
        elif not receiver.is_present:
            errors["to"] = f"Receiver: {receiver.name} is disabled and cannot look after anything."
    if not receivers:
        errors["to"] = "Receiver: choose who gets all of it, or somebody for one of the groups."
    if errors:
        raise Invalid(errors)
    shares = []
    for number in sorted(people):
        readable[number] = list_readable(session, number, [one.item_id for one in held])
    for group in dict.fromkeys(one.group for one in held):
        receiver = people.get(receivers.get(group, 0))
        if receiver is not None:
            mine = [one for one in held if one.group == group]
            goes = [one for one in mine if one.item_id in readable[receiver.id]]
            shares.append(Share(group, receiver, goes, [one for one in mine if one not in goes]))
    return shares


def mark_of(shares: Sequence[Share]) -> str:
    """Changes with whatever of the plan changes."""
    parts = [f"{share.group}{share.receiver.id}:{[one.item_id for one in share.goes]}" for share in shares]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
