"""Playbooks as files of an export."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.features.playbooks.models import Contributor, Playbook
from portal.shared.exchange.queries import ExportSource, Names, Page, Ref, Sight


def load_pages(session: Session, sight: Sight, ids: Sequence[int], names: Names) -> Sequence[Page]:
    """The playbooks with these ids that are in sight, with the words that readers see."""
    tags, contributors = names.tags(ids), _list_contributors(session, ids, names)
    found = session.scalars(select(Playbook).where(Playbook.id.in_(ids), sight.seen).order_by(Playbook.id))
    return [Page(one, _values(one, tags.get(one.id, []), contributors.get(one.id, [])), one.source) for one in found]


def _values(playbook: Playbook, tags: Sequence[str], contributors: Sequence[str]) -> dict[str, Any]:
    return {
        "stage": playbook.stage,
        "tags": tags,
        "successor": Ref(playbook.successor_id) if playbook.successor_id else None,
        "obsolete_reason": playbook.obsolete_reason,
        "contributors": sorted(contributors),
    }


def _list_contributors(session: Session, ids: Sequence[int], names: Names) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in session.execute(
        select(Contributor.playbook_id, Contributor.person_id).where(Contributor.playbook_id.in_(ids))
    ):
        found.setdefault(row.playbook_id, []).append(names.mails[row.person_id])
    return found


EXPORTED = ExportSource("playbook", "playbooks", load_pages)
