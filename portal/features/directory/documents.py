"""People and tags as search documents and as rows of results."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core.access import EVERYONE, Actor
from portal.shared.finding.finder import HitSource
from portal.shared.finding.indexing import DocumentSource
from portal.shared.finding.marking import marked
from portal.shared.finding.pages import Labels, ResultRow
from portal.shared.items.models import Item, ItemAudience
from portal.shared.items.queries import OPEN_STATUSES, visible_to
from portal.shared.people.models import Person
from portal.shared.people.pages import url_of_person
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


def _person_rows(session: Session, actor: Actor, hits: Sequence[Hit], labels: Labels) -> Mapping[str, ResultRow]:
    rows = {}
    for person in _people(session, _ids_of(hits)):
        rows[f"person:{person.id}"] = ResultRow(
            key=f"person:{person.id}",
            kind="person",
            kind_word="Person",
            title=person.name,
            url=url_of_person(person),
            category=person.department.name if person.department else "",
            snippet_html=marked(person.title, ()),
        )
    return rows


def _tag_rows(session: Session, actor: Actor, hits: Sequence[Hit], labels: Labels) -> Mapping[str, ResultRow]:
    borne = select(ItemTag.tag_id).join(Item, Item.id == ItemTag.item_id).where(visible_to(actor))
    tags = session.scalars(select(Tag).where(Tag.id.in_(_ids_of(hits)), Tag.id.in_(borne)))
    return {
        f"tag:{tag.id}": ResultRow(
            key=f"tag:{tag.id}",
            kind="tag",
            kind_word="Tag",
            title=tag.name,
            url=f"/search?q=tag:{tag.slug}",
        )
        for tag in tags
    }


def _ids_of(hits: Sequence[Hit]) -> list[int]:
    return [int(hit.key.partition(":")[2]) for hit in hits]


PEOPLE = DocumentSource(
    "person", lambda session: session.scalars(select(Person.id).where(Person.state.in_(PRESENT))).all(), load_people
)
TAGS = DocumentSource("tag", lambda session: session.scalars(select(Tag.id)).all(), load_tags)
PERSON_HITS = HitSource("person", "Person", "People", _person_rows)
TAG_HITS = HitSource("tag", "Tag", "Tags", _tag_rows)
