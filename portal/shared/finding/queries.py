"""Reads for searches: the names that stand behind the slugs of facets, and whom a name means."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import String, bindparam, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.ids import slugify
from portal.shared.finding.models import Star, Wish, WordListEdition
from portal.shared.items.models import Item
from portal.shared.items.queries import VISIBLE, seen_by
from portal.shared.people.models import Department, DepartmentSlug, Person
from portal.shared.people.queries import PRESENT
from portal.shared.tags.models import Tag, Term

STATES = {
    "verified": "Verified",
    "due": "Due soon",
    "stale": "Stale",
    "unowned": "No owner",
    "unanswered": "Unanswered",
    "obsolete": "Obsolete",
    "draft": "Draft",
}
PERSONA = "persona"
"""The kind of tag that names who says something."""
MOST_CALLED = 200
_NUMBERED = re.compile(r"(\d{1,9})(?:-.*)?", re.ASCII)


_LABELS = union_all(
    select(Term.vocabulary, Term.slug, Term.name, Term.position),
    select(literal("tag"), Tag.slug, Tag.name, literal(0)),
    select(literal("persona"), Tag.slug, Tag.name, literal(0)).where(Tag.kind == PERSONA),
    select(literal("dept"), Department.slug, Department.name, literal(0)),
    select(literal("former"), DepartmentSlug.slug, Department.slug, literal(0)).join(
        Department, Department.id == DepartmentSlug.department_id
    ),
    select(literal("competitor"), Item.slug, Item.title, literal(0)).where(Item.kind == "competitor", VISIBLE),
    select(literal("star"), cast(Star.item_id, String), literal(""), literal(0)).where(
        Star.person_id == bindparam("viewer_id")
    ),
    select(literal("wish"), Wish.normal, literal(""), literal(0)).where(
        Wish.person_id == bindparam("viewer_id"), Wish.told_at.is_(None)
    ),
    select(literal("edition"), WordListEdition.mark, literal(""), literal(0)),
)


def list_labels(session: Session, actor: Actor) -> dict[str, dict[str, str]]:
    """The names behind the slugs of facets, in one statement: `{"stage": {"negotiation": "Negotiation"}, …}`.

    A persona is a tag too. "former" leads from the former slugs of departments to the present ones. Tags are named
    whoever may see them: they are shown where the index has counted them for somebody. Three more things that
    searches need come along: "star" has the numbers of the own starred items, "wish" the normal forms of what one
    wants to be told of, "edition" the mark of the word list.
    While the screen is shared competitors are "covered": known, so that no page may name them.
    """
    labels: dict[str, dict[str, str]] = {"state": dict(STATES)}
    for facet, slug, name, _ in sorted(session.execute(_LABELS, seen_by(actor)), key=lambda row: (row[3], row[2])):
        labels.setdefault(facet, {})[slug] = name
    if actor.is_screen_shared:
        labels["covered"] = labels.pop("competitor", {})
    return labels


class Called(NamedTuple):
    """Somebody whom a typed name may mean; who has left is found by name and offered no more."""

    id: int
    slug: str
    name: str
    is_present: bool

    def unnamed(self) -> "Called":
        """The same for a page that must name nobody."""
        return self._replace(name="a colleague", is_present=False)

    def is_meant(self, value: str) -> bool:
        """Whether a typed name is a whole part of this one, or the number: `dana`, `@dana-ruiz`, `12-dana-ruiz`."""
        number, handle = _number(value), _handle(value)
        if number:
            return number == self.id
        return f"-{handle}-" in f"-{self.slug}-" if handle else self.name.lower() == value.lower().lstrip("@")


def list_called(session: Session, values: Sequence[str]) -> dict[str, list[Called]]:
    """For each typed name those of whom a part begins so, whole parts first; one statement, none for no names."""
    wanted = [value for value in dict.fromkeys(values) if value.strip("@")]
    if not wanted:
        return {}
    padded = literal("-") + Person.slug + literal("-")
    whole, begun = [], []
    for value in wanted:
        handle, number = _handle(value), _number(value)
        whole.append(padded.contains(f"-{handle}-") if handle else func.lower(Person.name) == value.lower().lstrip("@"))
        begun.append(padded.contains(f"-{handle}") if handle else whole[-1])
        if number:
            begun.append(Person.id == number)
    rows = session.execute(
        select(Person.id, Person.slug, Person.name, Person.state.in_(PRESENT))
        .where(Person.state != "erased", or_(*begun))
        .order_by(case((or_(*whole), 0), else_=1), Person.name, Person.id)
        .limit(MOST_CALLED)
    )
    people = [Called(*row) for row in rows]
    return {value: _fitting(value, people) for value in wanted}


def _fitting(value: str, people: Sequence[Called]) -> list[Called]:
    beginning = f"-{_handle(value)}" if _handle(value) and not _number(value) else ""
    return [one for one in people if one.is_meant(value) or (beginning and beginning in f"-{one.slug}")]


def _handle(value: str) -> str:
    return slugify(value.lstrip("@"))


def _number(value: str) -> int:
    match = _NUMBERED.fullmatch(value.lstrip("@"))
    return int(match[1]) if match else 0
