"""Which section of a new text is which section of the old one, so that a section keeps its id over edits."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

ALIKE: Final = 0.5
"""The share of words that two sections have in common from which on one is the other, moved or renamed."""

REACH: Final = 20
"""How far, in sections, a renamed one is looked for: comparing all with all would take a square of time."""


class Part(NamedTuple):
    """What is known of a section, old or new."""

    anchor: str
    title: str
    text: str


def match_sections(old: Sequence[Part], new: Sequence[Part]) -> dict[int, int]:
    """For each place in `new` the place in `old` that it goes on from; new sections are absent, none is taken twice.

    The same anchor first, then the same title, then the most similar words among sections that stand not far apart.
    """
    found: dict[int, int] = {}
    _match_by(lambda part: part.anchor, old, new, found)
    _match_by(lambda part: part.title.casefold() or None, old, new, found)
    taken = set(found.values())
    places = [at for at in range(len(new)) if at not in found]
    free = [at for at in range(len(old)) if at not in taken]
    before = {at: set(old[at].text.casefold().split()) for at in free}
    scored = []
    for place in places:
        words = set(new[place].text.casefold().split())
        near = (at for at in free if abs(at - place) <= REACH)
        scored += [(-likeness(before[at], words), abs(at - place), place, at) for at in near]
    for share, _, place, at in sorted(scored):
        if -share >= ALIKE and place not in found and at not in taken:
            found[place] = at
            taken.add(at)
    return found


def _match_by(
    key: Callable[[Part], str | None], old: Sequence[Part], new: Sequence[Part], found: dict[int, int]
) -> None:
    """Match what bears the same key, in order; parts without a key are left."""
    taken, waiting = set(found.values()), dict[str, list[int]]()
    for at in reversed(range(len(old))):
        name = key(old[at])
        if name is not None and at not in taken:
            waiting.setdefault(name, []).append(at)
    for place, part in enumerate(new):
        name = key(part)
        if place not in found and name is not None and waiting.get(name):
            found[place] = waiting[name].pop()


def likeness(before: set[str], after: set[str]) -> float:
    """The share of all words that both have."""
    return len(before & after) / len(before | after) if before and after else 0.0
