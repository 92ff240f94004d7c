"""Competitors as files of an export."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.features.competitors.models import Competitor
from portal.shared.exchange.queries import ExportSource, Names, Page, Sight


def load_pages(session: Session, sight: Sight, ids: Sequence[int], names: Names) -> Sequence[Page]:
    """The competitors with these ids that are in sight."""
    tags = names.tags(ids)
    found = session.scalars(select(Competitor).where(Competitor.id.in_(ids), sight.seen).order_by(Competitor.id))
    return [Page(one, {"slug": one.slug, "tags": tags.get(one.id, [])}, one.source) for one in found]


EXPORTED = ExportSource("competitor", "competitors", load_pages)
