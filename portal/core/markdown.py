"""Markdown to HTML that is safe to show: `render` once when it is written, `fill_items` at each reading."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from portal.core.ids import ID
from portal.core.markdown_blocks import Line
from portal.core.markdown_cleaner import MAX_OPEN_TAGS, clean, open_tags
from portal.core.markdown_finish import Finished, Heading, finish, words
from portal.core.markdown_limits import MarkdownRefused, check_size, hold_brackets, line_of_tag, without_signs
from portal.core.markdown_lines import tidy
from portal.core.markdown_parser import build_parser

__all__ = [
    "RENDERER_VERSION",
    "MarkdownRefused",
    "Rendered",
    "Section",
    "fill_items",
    "items_in",
    "plain_text",
    "render",
]

RENDERER_VERSION: Final = 2
"""Stored beside the HTML; raised with every change that renders an old text in another way."""

GONE: Final = '<span class="gone">an item you cannot see</span>'

_BREAK = re.compile(r"\r\n?|\n")
_HEADED = re.compile(r'<h[1-6] id="([^"]+)">.*?</h[1-6]>', re.DOTALL)
_FILE = re.compile(rf'(?:src|href)="/files/({ID})(?:/[^"]*)?"')
_ITEM = re.compile(
    r'<a data-item="(?P<id>[0-9]+)"(?: data-anchor="(?P<anchor>[^"]*)")?>'
    r"(?P<words>[^<]*+(?:<(?!/?a[ >])[^>]*>[^<]*+)*+)</a>"
)


@dataclass(frozen=True)
class Section:
    """A part of a text from one heading to the next.

    The first one is the lead before any heading (anchor and title empty, level 0, and maybe no words). `start` and
    `end` are character offsets in the source, and the sections follow each other without a gap; `anchor` is the id
    of the heading in the HTML.
    """

    anchor: str
    title: str
    level: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Rendered:
    """A rendered text: clean HTML, its sections, and the items and files that it names, in order and each once."""

    html: str
    sections: tuple[Section, ...]
    item_ids: tuple[int, ...]
    file_ids: tuple[int, ...]
    version: int


def render(source: str) -> Rendered:
    """Render a text; the same text always gives the same result, on any thread.

    Raises MarkdownRefused, with the line, for a text of more than 512 KB, for lists and quotes deeper than 20 levels,
    for more than 500 footnotes and for more than 2000 HTML tags left open.
    """
    check_size(source)
    source = without_signs(source)
    lines = [Line(number, text.expandtabs(4)) for number, text in enumerate(_BREAK.split(source), 1)]
    html = _parse(lines)
    if open_tags(html) > MAX_OPEN_TAGS:
        raise MarkdownRefused(line_of_tag(source, MAX_OPEN_TAGS + 1), f"at most {MAX_OPEN_TAGS} HTML tags may be open.")
    finished = finish(clean(html))
    return Rendered(
        finished.html,
        _sections(source, finished),
        tuple(finished.item_ids),
        tuple(finished.file_ids),
        RENDERER_VERSION,
    )


def fill_items(html: str, items: Mapping[int, tuple[str, str]]) -> str:
    """Put addresses and titles into the links to items of rendered HTML.

    `items` maps the ids that the reader may see to (url, title); a link without words of its own takes the title.
    The link to any other item gives way, words and all, to a remark.
    """

    def fill(link: re.Match[str]) -> str:
        if int(link["id"]) not in items:
            return GONE
        url, title = items[int(link["id"])]
        anchor = f"#{link['anchor']}" if link["anchor"] and "#" not in url else ""
        return f'<a href="{escape(url)}{anchor}">{link["words"].strip() or escape(title)}</a>'

    return _ITEM.sub(fill, html)


def items_in(*texts: str) -> set[int]:
    """The ids of all items that rendered texts link to, for one look-up before `fill_items`."""
    return {int(link["id"]) for html in texts for link in _ITEM.finditer(html)}


def files_in(*texts: str) -> set[int]:
    """The ids of all files that rendered texts show or offer."""
    return {int(named[1]) for html in texts for named in _FILE.finditer(html)}


def plain_text(html: str) -> str:
    """The words of rendered HTML, one line for each block."""
    return words(html)


def _parse(lines: list[Line]) -> str:
    try:
        parser = build_parser()
        return parser.convert("\n".join([*hold_brackets(tidy(lines, parser.htmlStash.store)), "", ""]))
    except RecursionError:
        raise MarkdownRefused(1, "the text is nested too deep.") from None


def _sections(source: str, finished: Finished) -> tuple[Section, ...]:
    headings = {heading.anchor: heading for heading in finished.headings if heading.line}
    starts = [0, *(found.end() for found in _BREAK.finditer(source))]
    lead = Heading("", "", 0, 1)
    cuts = [cut for cut in _HEADED.finditer(finished.html) if cut[1] in headings]
    parts = [(lead, 0, 0), *((headings[cut[1]], cut.start(), cut.end()) for cut in cuts)]
    ends = [(starts[heading.line - 1], at) for heading, at, _ in parts[1:]] + [(len(source), len(finished.html))]
    return tuple(
        Section(part.anchor, part.title, part.level, starts[part.line - 1], end, words(finished.html[after:until]))
        for (part, _, after), (end, until) in zip(parts, ends, strict=True)
    )
