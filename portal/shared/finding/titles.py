"""Search without an index: titles that hold every word, for the minutes until one stands again."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.finding.pages import ResultRow
from portal.shared.items.models import Item
from portal.shared.items.queries import BASES, url_of, visible_to
from portal.shared.search_index.records import Query

MOST_WORDS = 8


def list_by_title(session: Session, actor: Actor, query: Query, words: Mapping[str, str]) -> tuple[ResultRow, ...]:
    """Visible items whose title holds each word and phrase, the most useful first; `words` names the kinds.

    Of the filters only the kind is heeded.
    """
    kinds = [kind for kind in query.filters.get("kind", tuple(BASES)) if kind in BASES]
    wanted = select(Item).where(visible_to(actor), Item.kind.in_(kinds))
    for word in (*query.words.split(), *query.phrases)[:MOST_WORDS]:
        wanted = wanted.where(Item.title.icontains(word, autoescape=True))
    items = session.scalars(wanted.order_by(Item.votes.desc(), Item.id).limit(query.limit).offset(query.offset)).all()
    return tuple(
        ResultRow(
            key=f"{item.kind}:{item.id}",
            kind=item.kind,
            kind_word=words.get(item.kind, item.kind),
            title=item.title,
            url=url_of(item.kind, item.id, item.slug),
            votes=item.votes,
        )
        for item in items
    )
