"""Reads handouts: each room gives its leaves, and all that they name is looked up at once for this reader."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.errors import NotFound
from portal.core.markdown import files_in, items_in
from portal.shared.files.models import StoredFile
from portal.shared.files.queries import list_visible
from portal.shared.items.pages import Links
from portal.shared.items.queries import find_links


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a leaf: stored HTML, whose links are not filled yet; `style` is say, internal, quiet or nothing."""

    html: str
    label: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One item as its room hands it out. `steps` are (kind, id, why) of what stands on it, for a path.

    `source` is its Markdown, in which items and files are named by number. A leaf that was not asked for as internal
    holds nothing internal: rooms leave it out when they read the rows, not when they are printed.
    """

    item_id: int
    kind: str
    kind_word: str
    title: str
    url: str
    updated_at: datetime
    blocks: Sequence[Block]
    source: str
    why: str = ""
    by: str = ""
    steps: Sequence[tuple[str, int, str]] = ()


@dataclass(frozen=True, slots=True)
class Handout:
    """A leaf with those that stand on it, in their order; `links` and `files` are what this reader may see of what is
    named in them. An internal one says so on every page."""

    first: Leaf
    others: Sequence[Leaf]
    is_internal: bool
    at: datetime
    links: Links
    files: Mapping[int, StoredFile]

    @property
    def leaves(self) -> Sequence[Leaf]:
        """All of them."""
        return (self.first, *self.others)


Load = Callable[[Session, Actor, Sequence[int]], Mapping[int, Leaf]]
"""The visible ones among these items as leaves, in a fixed number of statements."""


@dataclass(frozen=True, slots=True)
class HandoutSource:
    """A kind of item that can be handed out, and with its internal lines."""

    kind: str
    load: Load
    load_internal: Load


class Handouts:
    """Finds handouts for one process; made by the roof with a source for each kind."""

    def __init__(self, sources: Sequence[HandoutSource]) -> None:
        self.sources: Mapping[str, HandoutSource] = {source.kind: source for source in sources}

    def find(self, session: Session, actor: Actor, kind: str, item_id: int) -> Handout:
        """The handout of an item, without any internal line; NotFound where this reader may not see it."""
        loads = {name: one.load for name, one in self.sources.items()}
        return self._find(session, actor, (kind, item_id), loads, is_internal=False)

    def find_internal(self, session: Session, actor: Actor, kind: str, item_id: int) -> Handout:
        """The same with internal lines."""
        loads = {name: one.load_internal for name, one in self.sources.items()}
        return self._find(session, actor, (kind, item_id), loads, is_internal=True)

    def _find(
        self, session: Session, actor: Actor, wanted: tuple[str, int], loads: Mapping[str, Load], *, is_internal: bool
    ) -> Handout:
        kind, item_id = wanted
        first = loads[kind](session, actor, [item_id]).get(item_id)
        if first is None or first.kind != kind:
            raise NotFound
        found: dict[int, Leaf] = {}
        for load in dict.fromkeys(loads[step_kind] for step_kind, _, _ in first.steps):
            ids = [number for step_kind, number, _ in first.steps if loads[step_kind] is load]
            found |= load(session, actor, ids)
        others = [replace(found[number], why=why) for _, number, why in first.steps if number in found]
        texts = [block.html for leaf in (first, *others) for block in leaf.blocks]
        return Handout(
            first,
            others,
            is_internal,
            clock.now(),
            find_links(session, actor, items_in(*texts)),
            _files(session, actor, texts),
        )


def _files(session: Session, actor: Actor, texts: Sequence[str]) -> Mapping[int, StoredFile]:
    return {file.id: file for file in list_visible(session, actor, files_in(*texts))}
