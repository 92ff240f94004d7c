"""Paths as files of an export: their steps stand in the head, in order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.features.paths.models import Path, PathStep
from portal.shared.exchange.queries import ExportSource, Names, Page, Ref, Sight


def load_pages(session: Session, sight: Sight, ids: Sequence[int], names: Names) -> Sequence[Page]:
    """The paths with these ids that are in sight; what somebody has done of them is in no export."""
    tags, steps = names.tags(ids), dict[int, list[dict[str, Any]]]()
    rows = session.scalars(select(PathStep).where(PathStep.path_id.in_(ids)).order_by(PathStep.position, PathStep.id))
    for row in rows:
        steps.setdefault(row.path_id, []).append({"item": Ref(row.item_id), "why": row.why})
    found = session.scalars(select(Path).where(Path.id.in_(ids), sight.seen).order_by(Path.id))
    return [Page(one, {"tags": tags.get(one.id, []), "steps": steps.get(one.id, [])}, one.source) for one in found]


EXPORTED = ExportSource("path", "paths", load_pages)
