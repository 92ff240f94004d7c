"""Reads for searches: the names that stand behind the slugs of facets."""

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.items.models import Item
from portal.shared.items.queries import visible_to
from portal.shared.people.models import Department
from portal.shared.tags.models import Tag, Term

STATES = {"verified": "Verified", "stale": "Stale", "unanswered": "Unanswered", "obsolete": "Obsolete"}


def list_labels(session: Session, actor: Actor) -> dict[str, dict[str, str]]:
    """The names behind the slugs of facets, in one statement: `{"stage": {"negotiation": "Negotiation"}, …}`."""
    rows = session.execute(
        union_all(
            select(Term.vocabulary, Term.slug, Term.name),
            select(literal("tag"), Tag.slug, Tag.name),
            select(literal("dept"), Department.slug, Department.name),
            select(literal("competitor"), Item.slug, Item.title).where(Item.kind == "competitor", visible_to(actor)),
        )
    )
    labels: dict[str, dict[str, str]] = {"state": dict(STATES)}
    for facet, slug, name in rows:
        labels.setdefault(facet, {})[slug] = name
    return labels
