"""The items and files that a Markdown text names, found in its source outside of code, and written anew."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from portal.core.ids import ID

CODE: Final = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*\n)*?[ \t>]*(?P=fence)[`~]*[ \t]*$"
    r"|(?<![`\\])(?P<ticks>`+)(?!`)(?:[^`\n]|\n(?!\n)|(?!(?<!`)(?P=ticks)(?!`))`+)+?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE,
)
"""Fenced blocks and code spans, in which every address is only words."""

_NUMBER = rf"(?P<number>{ID})"
_TARGET = rf"(?P<sort>item:|file:|/files/){_NUMBER}(?:/[\w.-]*\w)?(?P<anchor>#[^\s#\"'<>()]{{1,120}})?"
WIKI = re.compile(rf"\[\[{_NUMBER}(?P<anchor>#[^\s\[\]|#]{{1,120}})?(?:\|(?P<words>[^\[\]]{{1,300}}))?\]\]")
WHOLE = re.compile(rf"\[(?P<words>[^\[\]]*)\]\([ \t]*<?{_TARGET}>?(?P<title>[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*\)")
ADDRESS = re.compile(
    r"(?P<before>\]\([ \t]*<?|^ {0,3}\[[^\[\]\n]+\]:[ \t]*<?|\b(?:href|src)[ \t]*=[ \t]*[\"'])" + _TARGET +
    r"(?=[>\s)\"']|$)",
    re.MULTILINE,
)  # fmt: skip


class Unseen(Exception):
    """A text names something that its reader may not see, in a way that cannot be taken out of it."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names: an item or a file, by number, and the place in it (`#scope`, or nothing)."""

    is_file: bool
    number: int
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it stands for this reader: an address, and the title that a link without words of its own takes."""

    address: str
    title: str


Find = Callable[[Named], Place | None]
GONE: Final = "an item you cannot see"


def rewrite_references(text: str, find: Find) -> str:
    """The text with the address of everything that it names; what `find` does not know is taken out, words and all.

    A link written as `[[12]]` becomes `[Title](address "[[12]]")`, so that it can be written back as it was.
    Raises Unseen where something unknown is named in a definition or a tag, whose words stand elsewhere.
    """
    return outside_code(text, lambda part: _rewrite(part, find))


def outside_code(text: str, rewrite: Callable[[str], str]) -> str:
    """The text with all between blocks and spans of code rewritten."""
    parts, at = [], 0
    for code in CODE.finditer(text):
        parts += [rewrite(text[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*parts, rewrite(text[at:])])


def named_by(found: re.Match[str], *, is_file: bool) -> Named:
    """What a match of the patterns above names."""
    return Named(is_file, int(found["number"]), found["anchor"] or "")


def _rewrite(text: str, find: Find) -> str:
    text = WHOLE.sub(lambda link: _whole(link, find), text)
    text = WIKI.sub(lambda link: _wiki(link, find), text)
    return ADDRESS.sub(lambda address: _address(address, find), text)


def _whole(link: re.Match[str], find: Find) -> str:
    """Take out a link to what is unknown; a known one is left to `_address`, which changes no word."""
    return link[0] if find(named_by(link, is_file=link["sort"] != "item:")) else GONE


def _wiki(link: re.Match[str], find: Find) -> str:
    place = find(named_by(link, is_file=False))
    if place is None:
        return GONE
    words = link["words"] or re.sub(r"([\\\[\]])", r"\\\1", place.title)
    sign = "" if link["words"] else f' "[[{link["number"]}]]"'
    return f"[{words}]({_typed(place.address)}{sign})"


def _address(found: re.Match[str], find: Find) -> str:
    place = find(named_by(found, is_file=found["sort"] != "item:"))
    if place is None:
        raise Unseen
    return found["before"] + _typed(place.address)


def _typed(address: str) -> str:
    """An address as Markdown takes it between round brackets."""
    return address.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
