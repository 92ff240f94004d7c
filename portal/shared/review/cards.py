"""What a kind of item gives to the queue: its words on a card, and how it is retired; `wiring.py` lists the kinds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.items.models import Item
from portal.shared.items.queries import url_of


@dataclass(frozen=True, slots=True)
class Rival:
    """An answer that competes with the one on the card."""

    say: str
    by: str
    votes: int
    url: str


@dataclass(frozen=True, slots=True)
class CardWords:
    """The words of one item: where they stand, what they belong to, the line to say, or else a text, and rivals."""

    url: str
    edit_url: str
    title: str
    say: str = ""
    text: str = ""
    rivals: Sequence[Rival] = ()


def page_words(item: Item, *, may_edit: bool) -> CardWords:
    """The words of an item with a page of its own."""
    url = url_of(item.kind, item.id, item.slug)
    return CardWords(url=url, edit_url=f"{url}/edit" if may_edit else "", title=item.title, text=item.summary)


Retire = Callable[[Session, Actor, int, int, str], object]
"""Make an item obsolete: its number, that of its successor (0 for none), and a reason; Invalid without either."""
Move = Callable[[Session, Actor, int], object]


@dataclass(frozen=True, slots=True)
class CardSource:
    """One kind of item in the queue.

    `words` reads a visible item's words, None where what it belongs to is not in view. `labels` name the fields of its
    versions. `places` selects (item, the item on whose page it stands) for items without a page; `unanswered` selects
    the items that wait for an answer. `verified` says that its words are vouched for.
    """

    kind: str
    word: str
    words: Callable[[Session, Actor, Item], CardWords | None]
    labels: Mapping[str, str]
    verified: bool = False
    retire: Retire | None = None
    revive: Move | None = None
    remove: Move | None = None
    restore: Move | None = None
    places: Any = None
    unanswered: Any = None
