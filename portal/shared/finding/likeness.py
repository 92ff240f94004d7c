"""What is like an item: others that share a tag with it, by how many of its words they have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.finding.covering import cover
from portal.shared.finding.finder import Finder
from portal.shared.finding.pages import LikePage
from portal.shared.finding.queries import list_labels
from portal.shared.items.models import Item
from portal.shared.items.queries import url_of
from portal.shared.search_index.records import IndexUnavailable, Query
from portal.shared.tags.models import Tag

MOST = 5
LEAST = 0.1
"""Of its own score: an item answers its own words best, and what comes nowhere near that is not like it."""
_UNSHOWN = 4
"""Asked for besides: the item itself, and some that are gone since the index was written."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a visible item is compared by: its title and other `wordings`, its tags, else its `category`.

    `kinds` says among what to look.
    """

    item: Item
    tags: Sequence[Tag]
    kinds: tuple[str, ...]
    wordings: Sequence[str] = ()
    category: str = ""

    @property
    def key(self) -> str:
        """Its own group in the index."""
        return f"{self.item.kind}:{self.item.id}"

    @property
    def words(self) -> str:
        """What to ask the index for."""
        return " ".join([self.item.title, *self.wordings, *(tag.name for tag in self.tags)])

    @property
    def kin(self) -> Mapping[str, tuple[str, ...]]:
        """Where to look: among the same tags, else in the same category, else everywhere."""
        if self.tags:
            return {"tag": tuple(tag.slug for tag in self.tags)}
        return {"category": (self.category,)} if self.category else {}


def like_page(session: Session, actor: Actor, finder: Finder, like: Likeness) -> LikePage:
    """The MOST similar items that this person may see, nearest first; none where no index can tell.

    A statement for names, and one for all kinds that are read alike.
    """
    item, labels = like.item, list_labels(session, actor) if actor.is_screen_shared else {}
    near = _list_near(actor, finder, like)
    rows = finder.rows(session, actor, near) if near else ()
    return LikePage(cover(item.title, labels), url_of(item.kind, item.id, item.slug), rows[:MOST])


def _list_near(actor: Actor, finder: Finder, like: Likeness) -> Sequence[str]:
    query = Query(
        words=like.words,
        audiences=actor.audiences,
        filters={"kind": like.kinds, **like.kin},
        limit=MOST + _UNSHOWN,
    )
    try:
        hits = finder.index.search(query).hits
    except IndexUnavailable:
        return ()
    own = next((hit.score for hit in hits if hit.group == like.key), None)
    return [hit.group for hit in hits if own and hit.group != like.key and hit.score >= LEAST * own]
