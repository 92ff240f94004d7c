"""A handout as finished pieces of HTML, for a page or for one file, and as Markdown."""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any, Final

import yaml
from markupsafe import Markup

from portal.core.errors import Problem
from portal.core.markdown import plain_text
from portal.core.markdown_references import Named, Place, Unseen, rewrite_references
from portal.shared.files.kinds import INLINE, MEGABYTE
from portal.shared.files.queries import url_of as url_of_file
from portal.shared.files.store import FileStore
from portal.shared.handouts.queries import Handout, Leaf
from portal.shared.items.pages import shown

MOST_TEXT: Final = 4 * MEGABYTE
MOST_PICTURES: Final = 12 * MEGABYTE
_ANCHOR = re.compile(r'(\bid="|\bhref="#)(?=(?:h-|fn))')
_OWN = re.compile(r'(\bhref=")(/[^"]*")')
_PICTURE = re.compile(r'<img src="/files/([0-9]{1,9})(?:/[^"]*)?"([^>]*)>')
_ALT = re.compile(r'alt="([^"]*)"')
_HEADING = re.compile(r"(</?h)([2-5])(?=[ >])")
_DOWN: Final = {"2": "3", "3": "4", "4": "5", "5": "6"}


class TooLong(Problem):
    """A handout is larger than one file may be."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            f"This is more than one file may hold ({MOST_TEXT // MEGABYTE} MB of text). Take its parts one by one."
        )


@dataclass(frozen=True, slots=True)
class FilledBlock:
    """A block with its links and pictures in place."""

    html: Markup
    label: str
    style: str


@dataclass(frozen=True, slots=True)
class FilledLeaf:
    """A leaf with its blocks in place; `number` is that of its step, 0 for what was asked for."""

    anchor: str
    number: int
    kind: str
    kind_word: str
    title: str
    why: str
    blocks: Sequence[FilledBlock]


Picture = Callable[[int, str], str]
"""The tag that stands for a picture, by its number and its description."""


def fill_leaves(handout: Handout, base_url: str, picture: Picture | None = None) -> Sequence[FilledLeaf]:
    """Every leaf with links to what is in the handout within it, to all else by full address; TooLong where the texts
    are. Without `picture` the pictures stay addresses of the portal.

    Headings and anchors get the leaf's number, so that two leaves with the same heading do not meet.
    """
    leaves = handout.leaves
    if sum(len(block.html) for leaf in leaves for block in leaf.blocks) > MOST_TEXT:
        raise TooLong
    inside = {leaf.item_id: f"#i{leaf.item_id}" for leaf in leaves}
    links = {number: (inside.get(number, base_url + url), title) for number, (url, title) in handout.links.items()}

    def fill(leaf: Leaf, html: str, number: int) -> Markup:
        text = _ANCHOR.sub(rf"\g<1>i{leaf.item_id}-", str(shown(html, links)))
        text = _OWN.sub(rf"\g<1>{base_url}\g<2>", text)
        if number:
            text = _HEADING.sub(lambda tag: tag[1] + _DOWN[tag[2]], text)
        if picture is not None:
            text = _PICTURE.sub(lambda tag: picture(int(tag[1]), _alt(tag[2])), text)
        return Markup(text)  # noqa: S704 - cleaned when it was written

    return [
        FilledLeaf(
            f"i{leaf.item_id}", number, leaf.kind, leaf.kind_word, leaf.title, leaf.why,
            [FilledBlock(fill(leaf, block.html, number), block.label, block.style) for block in leaf.blocks],
        )
        for number, leaf in enumerate(leaves)
    ]  # fmt: skip


def picture_within(handout: Handout, store: FileStore) -> Picture:
    """Pictures as part of the file itself, the first ones up to MOST_PICTURES in all; the others by description."""
    kept: dict[int, str] = {}
    left = [MOST_PICTURES]

    def tag(number: int, alt: str) -> str:
        if number not in kept:
            kept[number] = _data_of(handout, store, number, left)
        if not kept[number]:
            return f"<em>[{escape(alt or 'picture')}: not in this file]</em>"
        return f'<img src="{kept[number]}" alt="{escape(alt)}">'

    return tag


def _data_of(handout: Handout, store: FileStore, number: int, left: list[int]) -> str:
    file = handout.files.get(number)
    if file is None or file.mimetype not in INLINE or file.size > left[0]:
        return ""
    try:
        data = store.read(file.sha256)
    except FileNotFoundError:
        return ""
    left[0] -= len(data)
    return f"data:{file.mimetype};base64,{base64.b64encode(data).decode()}"


def _alt(values: str) -> str:
    found = _ALT.search(values)
    return unescape(found[1]) if found else ""


def write_markdown(handout: Handout, base_url: str, facts: Mapping[str, Any]) -> str:
    """The handout as one Markdown file: front matter, then the text of each leaf; addresses are full ones."""
    head = {"title": handout.first.title, **facts, "address": base_url + handout.first.url}
    if handout.is_internal:
        head["internal"] = "Internal version"
    parts = ["---", yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=10_000).rstrip(), "---", ""]
    if handout.is_internal:
        parts += ["**Internal version**", ""]
    for number, leaf in enumerate(handout.leaves):
        if number:
            parts += [f"# {number}. {leaf.title}", ""]
            parts += [f"*{leaf.why}*", ""] if leaf.why else []
        parts += [_source(handout, leaf, base_url), ""]
    text = "\n".join(parts).rstrip() + "\n"
    if len(text) > MOST_TEXT:
        raise TooLong
    return text


def _source(handout: Handout, leaf: Leaf, base_url: str) -> str:
    """The text of a leaf; its plain words where it names, in a way that cannot be cut out, what the reader must not
    know of."""

    def find(named: Named) -> Place | None:
        if named.is_file:
            file = handout.files.get(named.number)
            return Place(base_url + url_of_file(file), file.name) if file else None
        if named.number not in handout.links:
            return None
        url, title = handout.links[named.number]
        return Place(base_url + url + named.anchor, title)

    try:
        return rewrite_references(leaf.source, find)
    except Unseen:
        return "\n\n".join(plain_text(str(shown(block.html, handout.links))) for block in leaf.blocks)
