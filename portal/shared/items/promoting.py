"""Promotion: words of one room become a section of a playbook; what both rooms must know of each other."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core.access import Actor


@dataclass(frozen=True, slots=True)
class Promotable:
    """Words that can become a section: their place, who wrote them, and the section as Markdown, with its heading."""

    item_id: int
    title: str
    by: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Promotions:
    """As the roof joins it: the promotable item of a number that somebody may see, where items went, and who is
    offered to promote."""

    find: Callable[[Session, Actor, int], Promotable | None]
    list_places: Callable[[Session, Actor, Iterable[int]], Mapping[int, Sequence[tuple[str, str]]]]
    may_promote: Callable[[Actor], bool]
