"""Playbooks as search documents, one for each section, and their hits as rows that lead to the heading."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from portal.core.access import Actor
from portal.features.playbooks.models import Playbook, PlaybookSection
from portal.features.playbooks.pages import row_of
from portal.features.playbooks.queries import Place, list_hits, list_sections
from portal.shared.files.queries import list_words
from portal.shared.finding.file_documents import documents_of_files, in_file, list_hit_names
from portal.shared.finding.finder import HitSource
from portal.shared.finding.indexing import DocumentSource, age_numbers, item_facets, standing_numbers
from portal.shared.finding.pages import Labels, ResultRow
from portal.shared.items.models import Item
from portal.shared.items.queries import OPEN_STATUSES, list_audiences
from portal.shared.items.trust_queries import list_owned
from portal.shared.search_index.records import Document, Hit
from portal.shared.tags.models import Tag
from portal.shared.tags.queries import find_tags


def load_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """A document for each section, and those of the files that are shown; hidden and missing ids give none.

    Six statements for any number of ids.
    """
    playbooks = session.scalars(
        select(Playbook)
        .where(Playbook.id.in_(ids), Playbook.status.in_(OPEN_STATUSES), Playbook.hidden_at.is_(None))
        .options(defer(Item.source, raiseload=True), defer(Item.html, raiseload=True))
    ).all()
    found = [playbook.id for playbook in playbooks]
    sections, tags, audiences = list_sections(session, found), find_tags(session, found), list_audiences(session, found)
    words, owned, documents = list_words(session, found), list_owned(session, found), list[Document]()
    for playbook in playbooks:
        if playbook.id in audiences:
            own = [
                _document(playbook, section, tags.get(playbook.id, ()), audiences[playbook.id], playbook.id in owned)
                for section in sections.get(playbook.id, ())
            ]
            documents += own
            documents += documents_of_files(playbook.title, own[0], words.get(playbook.id, ())) if own else ()
    return documents


def _list_ids(session: Session) -> Sequence[int]:
    return session.scalars(
        select(Playbook.id).where(Playbook.status.in_(OPEN_STATUSES), Playbook.hidden_at.is_(None))
    ).all()


def _document(
    playbook: Playbook, section: PlaybookSection, tags: Sequence[Tag], audiences: tuple[str, ...], is_owned: bool
) -> Document:
    group = f"{playbook.kind}:{playbook.id}"
    return Document(
        key=f"{group}#{section.anchor}" if section.anchor else group,
        kind=playbook.kind,
        group=group,
        title=f"{playbook.title} › {section.title}" if section.title else playbook.title,
        body=section.text,
        tags=tuple(tag.name for tag in tags),
        facets={
            "stage": (playbook.stage,) if playbook.stage else (),
            **item_facets(playbook, tags),
            "state": _states(playbook, is_owned=is_owned),
        },
        audiences=audiences,
        numbers={**standing_numbers(playbook), **age_numbers(playbook)},
    )


def _states(playbook: Playbook, *, is_owned: bool) -> tuple[str, ...]:
    """What holds until somebody changes it; what a day makes stale, `verify_by` tells the search."""
    if playbook.status == "obsolete":
        return ("obsolete",)
    return () if is_owned else ("unowned",)


def _rows(session: Session, actor: Actor, hits: Sequence[Hit], labels: Labels) -> Mapping[str, ResultRow]:
    """One statement for any number of hits, and one more where some lie in files.

    A section that is gone meanwhile leads to the top of its playbook.
    """
    places = {hit.key: _place(hit.key) for hit in hits}
    found, names = list_hits(session, actor, places.values()), list_hit_names(session, actor, hits)
    rows = {
        hit.key: in_file(row_of(actor, found[place][0], labels, anchor=place[1], section=found[place][1]), hit, names)
        for hit in hits
        if (place := places[hit.key]) in found
    }
    return {key: row for key, row in rows.items() if row}


def _place(key: str) -> Place:
    """`playbook:12#h-scope` → (12, 'h-scope')."""
    number, _, anchor = key.partition(":")[2].partition("#")
    return int(number), anchor


PLAYBOOKS = DocumentSource("playbook", _list_ids, load_documents)
PLAYBOOK_HITS = HitSource("playbook", "Playbook", "Playbooks", _rows)
