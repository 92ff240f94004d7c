"""Paths as search documents and as rows; what stands on a path is found by itself."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.markdown import plain_text
from portal.features.paths.models import Path
from portal.features.paths.pages import row_of
from portal.features.paths.queries import list_hits
from portal.shared.finding.finder import HitSource
from portal.shared.finding.indexing import DocumentSource, age_numbers, item_facets, standing_numbers
from portal.shared.finding.pages import Labels, ResultRow
from portal.shared.items.queries import OPEN_STATUSES, list_audiences
from portal.shared.search_index.records import Document, Hit
from portal.shared.tags.models import Tag
from portal.shared.tags.queries import find_tags


def load_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """A document for each path, of its own words alone: not everybody who reads it may see all that stands on it."""
    paths = session.scalars(
        select(Path).where(Path.id.in_(ids), Path.status.in_(OPEN_STATUSES), Path.hidden_at.is_(None))
    ).all()
    found = [path.id for path in paths]
    tags, audiences = find_tags(session, found), list_audiences(session, found)
    return [_document(path, tags.get(path.id, ()), audiences[path.id]) for path in paths if path.id in audiences]


def _list_ids(session: Session) -> Sequence[int]:
    return session.scalars(select(Path.id).where(Path.status.in_(OPEN_STATUSES), Path.hidden_at.is_(None))).all()


def _document(path: Path, tags: Sequence[Tag], audiences: tuple[str, ...]) -> Document:
    key = f"{path.kind}:{path.id}"
    return Document(
        key=key,
        kind=path.kind,
        group=key,
        title=path.title,
        body=plain_text(path.html),
        tags=tuple(tag.name for tag in tags),
        facets={**item_facets(path, tags), "state": ("obsolete",) if path.status == "obsolete" else ()},
        audiences=audiences,
        numbers={**standing_numbers(path), **age_numbers(path)},
    )


def _rows(session: Session, actor: Actor, hits: Sequence[Hit], labels: Labels) -> Mapping[str, ResultRow]:
    """One statement for any number of hits."""
    ids = {hit.key: int(hit.key.partition(":")[2]) for hit in hits}
    found = list_hits(session, actor, ids.values())
    return {key: row_of(actor, found[number], labels) for key, number in ids.items() if number in found}


PATHS = DocumentSource("path", _list_ids, load_documents)
PATH_HITS = HitSource("path", "Path", "Paths", _rows)
