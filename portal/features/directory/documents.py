"""People and tags as search documents and as rows of results."""

from collections.abc import Mapping, Sequence

from markupsafe import escape
from sqlalchemy import literal, select
from sqlalchemy.orm import Session, joinedload

from portal.core.access import EVERYONE, Actor
from portal.core.ids import address
from portal.shared.finding.finder import HitSource
from portal.shared.finding.indexing import DocumentSource
from portal.shared.finding.pages import Labels, ResultRow, search_url
from portal.shared.items.models import Item, ItemAudience
from portal.shared.items.queries import OPEN_STATUSES, visible_to
from portal.shared.people.models import Department, Person
from portal.shared.people.queries import PRESENT, list_present_teams
from portal.shared.search_index.records import Document, Hit
from portal.shared.tags.models import ItemTag, Tag


def load_people(session: Session, ids: Sequence[int]) -> list[Document]:
    """People who are here, found by name, title, department and team; two statements for any number of ids."""
    teams = list_present_teams(session, ids)
    documents = []
    for person in _people(session, ids):
        department, team, key = person.department, teams.get(person.id), f"person:{person.id}"
        places = [person.title, department.name if department else "", team.name if team else ""]
        documents.append(
            Document(
                key=key,
                kind="person",
                group=key,
                title=person.name,
                body=" · ".join(part for part in places if part),
                facets={"dept": (department.slug,) if department else ()},
                audiences=(EVERYONE,),
            )
        )
    return documents


def load_tags(session: Session, ids: Sequence[int]) -> list[Document]:
    """Tags, each for those who can read at least one thing that bears it; a tag on drafts alone gives none."""
    rows = session.execute(
        select(Tag, ItemAudience.audience)
        .join(ItemTag, ItemTag.tag_id == Tag.id)
        .join(Item, Item.id == ItemTag.item_id)
        .join(ItemAudience, ItemAudience.item_id == Item.id)
        .where(Tag.id.in_(sorted(set(ids))), Item.hidden_at.is_(None), Item.status.in_(OPEN_STATUSES))
        .distinct()
    )
    audiences: dict[Tag, set[str]] = {}
    for tag, audience in rows:
        audiences.setdefault(tag, set()).add(audience)
    return [
        Document(key=f"tag:{tag.id}", kind="tag", group=f"tag:{tag.id}", title=tag.name, audiences=tuple(sorted(marks)))
        for tag, marks in audiences.items()
    ]


def _people(session: Session, ids: Sequence[int]) -> Sequence[Person]:
    return session.scalars(
        select(Person)
        .where(Person.id.in_(sorted(set(ids))), Person.state.in_(PRESENT))
        .options(joinedload(Person.department))
        .order_by(Person.id)
    ).all()


def _rows(session: Session, actor: Actor, hits: Sequence[Hit], labels: Labels) -> Mapping[str, ResultRow]:
    """People and tags in one statement; a tag for whoever can read something that bears it."""
    borne = select(ItemTag.tag_id).join(Item, Item.id == ItemTag.item_id).where(visible_to(actor))
    found = session.execute(
        select(literal("person"), Person.id, Person.name, Person.slug, Person.title, Department.name)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(Person.id.in_(_ids_of(hits, "person")), Person.state.in_(PRESENT))
        .union_all(
            select(literal("tag"), Tag.id, Tag.name, Tag.slug, literal(""), literal("")).where(
                Tag.id.in_(_ids_of(hits, "tag")), Tag.id.in_(borne)
            )
        )
    )
    rows = {}
    for kind, number, name, slug, title, department in found:
        rows[f"{kind}:{number}"] = ResultRow(
            key=f"{kind}:{number}",
            kind=kind,
            kind_word="Person" if kind == "person" else "Tag",
            title=name,
            url=f"/people/{address(number, slug)}" if kind == "person" else search_url(f"tag:{slug}"),
            category=department or "",
            snippet_html=escape(title),
        )
    return rows


def _ids_of(hits: Sequence[Hit], kind: str) -> list[int]:
    return [int(hit.key.partition(":")[2]) for hit in hits if hit.kind == kind]


PEOPLE = DocumentSource(
    "person", lambda session: session.scalars(select(Person.id).where(Person.state.in_(PRESENT))).all(), load_people
)
TAGS = DocumentSource("tag", lambda session: session.scalars(select(Tag.id)).all(), load_tags)
PERSON_HITS = HitSource("person", "Person", "People", _rows)
TAG_HITS = HitSource("tag", "Tag", "Tags", _rows)
