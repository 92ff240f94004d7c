"""A long text as pieces that are found and shown by themselves."""

from collections.abc import Iterator
from typing import Final

LONGEST: Final = 2000
"""Letters of a passage: about a page, so that a hit leads to the place and long files win by no length."""


def passages(text: str) -> Iterator[str]:
    """Pack lines into passages of at most LONGEST letters; where a form feed begins a part, half of that is enough."""
    gathered, size = list[str](), 0
    for line, begins_part in _lines(text):
        if gathered and (size + len(line) >= LONGEST or (begins_part and size >= LONGEST // 2)):
            yield "\n".join(gathered)
            gathered, size = [], 0
        gathered.append(line)
        size += len(line) + 1
    if gathered:
        yield "\n".join(gathered)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """The lines that hold words, cut where they are too long, each with whether a part begins with it."""
    for part in text.split("\f"):
        begins_part = True
        for line in part.split("\n"):
            rest = line.strip()
            while rest:
                end = len(rest) if len(rest) <= LONGEST else max(rest.rfind(" ", 0, LONGEST), 0) or LONGEST
                yield rest[:end], begins_part
                rest, begins_part = rest[end:].strip(), False
