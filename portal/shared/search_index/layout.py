"""How a document becomes a row of word positions: its title lines first, then what it leads with, then its body.

A position says by its size alone which part of the document a word stands in:

    0 …  4095   title and variants, one line of 64 places each
    4096 … 8191   lead: the line to say, headings, tags, and what did not fit into the lines
    8192 … 65535   body
"""

import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

from portal.shared.search_index.analysis import STOP, Words, content, cut, stem
from portal.shared.search_index.records import Document

LINE_PLACES = 64
LINE_WORDS = 60
"""Words kept of a line: fewer than its places, so that the end of one line is no neighbour of the next."""
LEAD = 4096
BODY = 8192
PLACE_BITS = 16
PLACES = 1 << PLACE_BITS
LEAD_WEIGHT = 2.0
"""A word of the lead counts as so many of the body."""
_GAP = 8


class Card(NamedTuple):
    """What ranking needs of a document at all times; lengths count the words that are no stop words."""

    group: str
    lines: list[str]
    """The content stems of each line, joined by spaces."""
    lead_length: int
    body_length: int
    numbers: dict[str, float]


class Laid(NamedTuple):
    """A document ready for the store."""

    document: Document
    positions: dict[str, list[int]]
    """Word to its ascending positions."""
    card: Card
    fingerprint: str


def lay_out(document: Document) -> Laid:
    """Cut a document into words and give each its positions; a body's words beyond 57,000 are not indexed."""
    positions: dict[str, list[int]] = {}
    lines, rest = _title_lines(document)
    for number, words in enumerate(lines):
        _place(words, number * LINE_PLACES, (number + 1) * LINE_PLACES, positions)
    start, lead_length = LEAD, 0
    for words in [*rest, cut(document.say), cut(document.headings), *map(cut, document.tags)]:
        _place(words, start, BODY, positions)
        lead_length += _length(words)
        start += len(words.plain) + _GAP
    body, quiet = cut(document.body), cut(document.quiet)
    _place(body, BODY, PLACES, positions)
    _place(quiet, BODY + len(body.plain) + _GAP, PLACES, positions)
    stems = [" ".join(stem(word) for word in content(words.plain[:LINE_WORDS])) for words in lines]
    card = Card(document.group, stems, lead_length, _length(body) + _length(quiet), dict(document.numbers))
    return Laid(document, positions, card, fingerprint(document))


def fingerprint(document: Document) -> str:
    """A short hash of everything in a document, to see whether the index holds it as it is now."""
    plain = json.dumps(vars(document), sort_keys=True, default=dict)
    return blake2b(plain.encode(), digest_size=12).hexdigest()


def facet_term(facet: str, value: str) -> str:
    """A facet's value as one term; the name of a facet holds no "=", its value may."""
    return f"{facet}={value}"


def _title_lines(document: Document) -> tuple[list[Words], list[Words]]:
    """The lines that count as titles, and the words that have no room there."""
    texts = [cut(text) for text in dict.fromkeys((document.title, *document.variants)) if text]
    most = LEAD // LINE_PLACES
    lines, rest = texts[:most], texts[most:]
    rest += [Words(words.plain[LINE_WORDS:], []) for words in lines if len(words.plain) > LINE_WORDS]
    lines = [Words(words.plain[:LINE_WORDS], words.spellings) for words in lines]
    return lines or [Words([], [])], rest


def _place(words: Words, start: int, end: int, positions: dict[str, list[int]]) -> None:
    """Enter the words from `start` on, leaving out what would reach `end`."""
    placed: Iterable[tuple[int, str]] = enumerate(words.plain)
    if words.spellings:
        placed = sorted([*placed, *((spelling.at, spelling.word) for spelling in words.spellings)])
    for at, word in placed:
        if start + at >= end:
            break
        positions.setdefault(word, []).append(start + at)


def _length(words: Words) -> int:
    return sum(word not in STOP for word in words.plain)
