"""Playbooks as search documents, one for each section, and their hits as rows that lead to the heading."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from portal.core import clock
from portal.core.access import Actor
from portal.features.playbooks.models import Playbook, PlaybookSection
from portal.features.playbooks.pages import row_of
from portal.features.playbooks.queries import Place, list_hits, list_sections
from portal.shared.finding.finder import HitSource
from portal.shared.finding.indexing import DocumentSource
from portal.shared.finding.operators import day_number
from portal.shared.finding.pages import Labels, ResultRow
from portal.shared.finding.queries import PERSONA
from portal.shared.items.models import Item
from portal.shared.items.queries import OPEN_STATUSES, list_audiences
from portal.shared.search_index.records import Document, Hit
from portal.shared.tags.models import Tag
from portal.shared.tags.queries import find_tags


def load_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """A document for each section; hidden and missing ids give none. Four statements for any number of ids."""
    playbooks = session.scalars(
        select(Playbook)
        .where(Playbook.id.in_(ids), Playbook.status.in_(OPEN_STATUSES), Playbook.hidden_at.is_(None))
        .options(defer(Item.source, raiseload=True), defer(Item.html, raiseload=True))
    ).all()
    found = [playbook.id for playbook in playbooks]
    sections, tags, audiences = list_sections(session, found), find_tags(session, found), list_audiences(session, found)
    return [
        _document(playbook, section, tags.get(playbook.id, ()), audiences[playbook.id])
        for playbook in playbooks
        if playbook.id in audiences
        for section in sections.get(playbook.id, ())
    ]


def _list_ids(session: Session) -> Sequence[int]:
    return session.scalars(
        select(Playbook.id).where(Playbook.status.in_(OPEN_STATUSES), Playbook.hidden_at.is_(None))
    ).all()


def _document(
    playbook: Playbook, section: PlaybookSection, tags: Sequence[Tag], audiences: tuple[str, ...]
) -> Document:
    group = f"{playbook.kind}:{playbook.id}"
    return Document(
        key=f"{group}#{section.anchor}" if section.anchor else group,
        kind=playbook.kind,
        group=group,
        title=f"{playbook.title} › {section.title}" if section.title else playbook.title,
        body=section.text,
        facets={
            "stage": (playbook.stage,) if playbook.stage else (),
            "tag": tuple(tag.slug for tag in tags),
            "persona": tuple(tag.slug for tag in tags if tag.kind == PERSONA),
            "author": (str(playbook.author_id),),
            "state": _states(playbook),
        },
        audiences=audiences,
        numbers={
            "votes": float(playbook.votes),
            "created": day_number(playbook.created_at.date()),
            "updated": day_number(playbook.updated_at.date()),
        },
    )


def _states(playbook: Playbook) -> tuple[str, ...]:
    if playbook.status == "obsolete":
        return ("obsolete",)
    mark = playbook.mark_on(clock.now().date())
    return (mark,) if mark else ()


def _rows(session: Session, actor: Actor, hits: Sequence[Hit], labels: Labels) -> Mapping[str, ResultRow]:
    """One statement for any number of hits; a section that is gone meanwhile leads to the top of its playbook."""
    places = {hit.key: _place(hit.key) for hit in hits}
    found = list_hits(session, actor, places.values())
    return {
        key: row_of(actor, found[place][0], labels, anchor=place[1], section=found[place][1])
        for key, place in places.items()
        if place in found
    }


def _place(key: str) -> Place:
    """`playbook:12#h-scope` → (12, 'h-scope')."""
    number, _, anchor = key.partition(":")[2].partition("#")
    return int(number), anchor


PLAYBOOKS = DocumentSource("playbook", _list_ids, load_documents)
PLAYBOOK_HITS = HitSource("playbook", "Playbook", "Playbooks", _rows)
