"""Writes of tags and vocabularies."""

from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal import events
from portal.core import audit
from portal.core.bus import publish
from portal.core.db import add_once
from portal.core.errors import Invalid, NotFound
from portal.core.ids import slugify
from portal.shared.tags.models import ItemTag, Tag, Term


def set_tags(session: Session, item_id: int, names: Iterable[str], kind: str = "topic") -> None:
    """Give an item exactly these tags; a new name makes a tag of the kind."""
    in_one_order = sorted(names, key=slugify)  # two units that wait for each other's new tags would never end
    known = {tag.name: tag for tag in session.scalars(select(Tag).where(Tag.name.in_(in_one_order)))}
    wanted = {(known.get(name) or find_or_add_tag(session, name, kind)).id for name in in_one_order}
    before = set(session.scalars(select(ItemTag.tag_id).where(ItemTag.item_id == item_id)))
    if before - wanted:
        session.execute(delete(ItemTag).where(ItemTag.item_id == item_id, ItemTag.tag_id.in_(sorted(before - wanted))))
    session.add_all(ItemTag(item_id=item_id, tag_id=tag_id) for tag_id in sorted(wanted - before))
    session.flush()
    for tag_id in sorted(before ^ wanted):
        publish(session, events.TagChanged(tag_id))


def find_or_add_tag(session: Session, name: str, kind: str) -> Tag:
    """The tag of a name, made where it is new; Invalid where the name has no letter or digit."""
    slug = slugify(name)
    if not slug:
        raise Invalid({"tags": f"Tags: “{name}” needs a Latin letter or digit."})
    named = select(Tag).where((Tag.slug == slug) | (func.lower(Tag.name) == name.lower()))
    tag = session.scalars(named).first()
    if tag is None:
        is_new = add_once(session, Tag, slug=slug, name=name[:80], kind=kind)
        tag = session.scalars(named).one()
        if is_new:
            publish(session, events.TagChanged(tag.id))
    return tag


def add_term(session: Session, by: int | None, vocabulary: str, name: str) -> Term:
    """Append a word to a vocabulary; Invalid where it is there already."""
    slug = slugify(name)
    if not slug:
        raise Invalid({"name": "Name: at least one Latin letter or digit."})
    if session.scalar(select(Term.id).where(Term.vocabulary == vocabulary, Term.slug == slug)):
        raise Invalid({"name": f"Name: “{name}” is there already."})
    last = session.scalar(select(func.max(Term.position)).where(Term.vocabulary == vocabulary)) or 0
    term = Term(vocabulary=vocabulary, slug=slug, name=name, position=last + 1)
    session.add(term)
    audit.record(session, by, "vocabulary changed", f"{vocabulary}: {name}", {"act": "added"})
    session.flush()
    return term


def move_term(session: Session, by: int | None, term_id: int, steps: int) -> Term:
    """Move a word up (-1) or down (1) among the words of its vocabulary; at the ends nothing happens."""
    term = session.get(Term, term_id)
    if term is None:
        raise NotFound
    terms = list(
        session.scalars(
            select(Term).where(Term.vocabulary == term.vocabulary).order_by(Term.position, Term.id).with_for_update()
        )
    )
    at = terms.index(term)
    terms.insert(min(max(at + steps, 0), len(terms) - 1), terms.pop(at))
    for position, one in enumerate(terms, start=1):
        one.position = position
    audit.record(session, by, "vocabulary changed", f"{term.vocabulary}: {term.name}", {"act": "moved"})
    session.flush()
    return term


def change_term(session: Session, by: int | None, term_id: int, *, name: str, is_retired: bool) -> Term:
    """Rename a word, or retire it; its slug stays, so that items and addresses hold.

    Invalid where the name is taken.
    """
    term = session.get(Term, term_id)
    if term is None:
        raise NotFound
    same = select(Term.id).where(Term.vocabulary == term.vocabulary, Term.id != term_id)
    if session.scalar(same.where(func.lower(Term.name) == name.lower())):
        raise Invalid({"name": f"Name: “{name}” is there already."})
    audit.record(
        session,
        by,
        "vocabulary changed",
        f"{term.vocabulary}: {term.name}",
        {"name": name, "retired": "yes" if is_retired else "no"},
    )
    term.name, term.is_retired = name, is_retired
    session.flush()
    return term
