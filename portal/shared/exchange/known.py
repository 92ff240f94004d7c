"""Which items that are here the files of an import speak of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.shared.exchange.forms import SIGN, Given
from portal.shared.files.models import StoredFile
from portal.shared.items.models import Item


@dataclass(frozen=True, slots=True)
class Known:
    """An item that is here already, or an empty row (version 0) that waits for its words."""

    id: int
    version: int
    is_hidden: bool = False
    is_same_portal: bool = False
    """It bears the number that the file gives: what the file names by number is the same here."""


def list_rows(session: Session) -> Sequence[Any]:
    """What an import has to know of every item that is here."""
    return session.execute(
        select(Item.id, Item.kind, Item.created_at, Item.source_ref, Item.version, Item.hidden_at)
    ).all()


def list_hashes(session: Session) -> dict[int, str]:
    """The hashes of all files, by number."""
    return {row.id: row.sha256 for row in session.execute(select(StoredFile.id, StoredFile.sha256))}


def list_origins(session: Session) -> set[tuple[str, str]]:
    """Where the items that came from files came from, by kind: no two may say the same."""
    rows = session.execute(select(Item.kind, Item.source_ref).where(Item.source_ref.is_not(None)))
    return {(row.kind, row.source_ref or "") for row in rows}


def match(read: Iterable[Given], rows: Sequence[Any]) -> dict[str, Known]:
    """The items that files speak of; new files are absent, and no item is found for two."""
    by_id = {row.id: row for row in rows}
    by_ref = {(row.kind, row.source_ref): row for row in rows if row.source_ref}
    found: dict[str, Known] = {}
    taken: set[int] = set()
    for given in read:
        facts, kind = given.facts, given.kind
        row = by_id.get(facts.number)
        if row is None or row.kind != kind or (row.version and row.created_at != facts.created):
            row = by_ref.get((kind, mark_of(given)))
        if row is None and facts.origin:
            row = by_ref.get((kind, facts.origin))
            row = row if row is not None and row.created_at == facts.created else None
        if row is not None and row.id not in taken:
            taken.add(row.id)
            is_same = row.id == facts.number and row.created_at == facts.created
            found[given.ref] = Known(row.id, row.version, row.hidden_at is not None, is_same)
    return found


def mark_of(given: Given) -> str:
    """What the import notes of an item whose number is another's here, to know it again."""
    facts = given.facts
    if not facts.number or facts.created is None:
        return f"{SIGN}:{given.ref}"[:500]
    return f"{SIGN}:{facts.number}@{facts.created.isoformat()}"
