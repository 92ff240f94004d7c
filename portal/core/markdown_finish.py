"""The last pass, over clean HTML alone: heading ids, links to items and files, pictures, check boxes.

Whatever is added here was not typed: the cleaner has run, so `<` stands only before a tag, never in a value.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Final, NamedTuple

from portal.core.markdown_cleaner import FILE_ADDRESS, FILE_PATH, ITEM_ADDRESS
from portal.core.markdown_limits import HELD_BRACKET, MARK_END, MARK_START, TASK_DONE, TASK_OPEN

PREFIX: Final = "h-"
"""Before every heading's id, so that no heading takes an id of the page around it."""

ANCHOR_LENGTH: Final = 80

_MARK = re.compile(f"{MARK_START}([0-9]+){MARK_END}")
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_TASK = re.compile(f"<li>(\\s*(?:<p>)?)([{TASK_OPEN}{TASK_DONE}])")
_EMPTY = re.compile(r"<p>\s*</p>\n?")
_TAG = re.compile(r"<(/?)(a|img)((?: [a-z]+=\"[^\"]*\")*)>")
_VALUE = re.compile(r" ([a-z]+)=\"([^\"]*)\"")
_OWN_ANCHOR = re.compile(r"h-|fn-[0-9]|fnref[0-9]*-[0-9]")
_NOISE = re.compile(r"<sup id=\"[^\"]*\">.*?</sup>|<a [^>]*class=\"footnote-backref\"[^>]*>.*?</a>", re.DOTALL)
_INLINE = re.compile(r"</?(?:a|strong|em|del|code|sup|sub|kbd|span|input)(?: [^>]*)?>")
_PICTURE = re.compile(r"<img [^>]*?alt=\"([^\"]*)\"[^>]*>")
_ANY_TAG = re.compile(r"<[^>]*>")
_LEFT_OVER = str.maketrans({HELD_BRACKET: "[", **dict.fromkeys((MARK_START, MARK_END, TASK_OPEN, TASK_DONE))})


class Heading(NamedTuple):
    """A heading of the finished HTML; `line` is its line in the source, or 0 where it opens no section."""

    anchor: str
    title: str
    level: int
    line: int


@dataclass
class Finished:
    """What the last pass hands back; ids stand in the order of their first appearance."""

    html: str
    headings: list[Heading] = field(default_factory=list)
    item_ids: dict[int, None] = field(default_factory=dict)
    file_ids: dict[int, None] = field(default_factory=dict)


def finish(html: str) -> Finished:
    """Turn the cleaner's HTML into what is stored."""
    headings = _Headings()
    html = _HEADING.sub(headings.number, html)
    html = _TASK.sub(_check_box, _EMPTY.sub("", _MARK.sub("", html)))
    links = _Links(headings.taken)
    html = _TAG.sub(links.rewrite, html)
    return Finished(html.translate(_LEFT_OVER), headings.found, links.item_ids, links.file_ids)


def words(html: str) -> str:
    """The words of finished HTML without any markup, one line for each block; pictures give their description."""
    html = _INLINE.sub("", _PICTURE.sub(r" \1 ", _NOISE.sub("", html)))
    lines = (" ".join(line.split()) for line in unescape(_ANY_TAG.sub("\n", html)).split("\n"))
    return "\n".join(line for line in lines if line)


def slug(title: str) -> str:
    """The anchor of a heading, without its prefix: letters of any script, digits and single hyphens."""
    text = re.sub(r"[^\w\s-]", "", unicodedata.normalize("NFKC", title).casefold())
    return re.sub(r"[\s_-]+", "-", text)[:ANCHOR_LENGTH].strip("-") or "section"


class _Headings:
    """Gives each heading an id of its own, and remembers where it stood in the source."""

    def __init__(self) -> None:
        self.found: list[Heading] = []
        self.taken: set[str] = set()
        self.last: dict[str, int] = {}

    def number(self, heading: re.Match[str]) -> str:
        level, inner = int(heading[1]), heading[2]
        mark = _MARK.search(inner)
        title = words(_MARK.sub("", inner)).translate(_LEFT_OVER).replace("\n", " ")
        anchor = PREFIX + self._free(slug(title))
        self.taken.add(anchor)
        self.found.append(Heading(anchor, title, level, int(mark[1]) if mark else 0))
        return f'<h{level} id="{anchor}">{inner}</h{level}>'

    def _free(self, base: str) -> str:
        name, count = base, self.last.get(base, 1)
        while PREFIX + name in self.taken:
            count += 1
            name = f"{base}-{count}"
        self.last[base] = count
        return name


class _Links:
    """Rewrites each link and picture in turn; `depth` tells a picture whether it stands inside a link."""

    def __init__(self, anchors: set[str]) -> None:
        self.anchors = anchors
        self.item_ids: dict[int, None] = {}
        self.file_ids: dict[int, None] = {}
        self.depth = 0

    def rewrite(self, tag: re.Match[str]) -> str:
        closing, name = tag[1], tag[2]
        if closing:
            self.depth -= 1
            return tag[0]
        values = {key: unescape(value) for key, value in _VALUE.findall(tag[3])}
        if name == "img":
            return self._picture(values)
        self.depth += 1
        return self._link(values)

    def _link(self, values: dict[str, str]) -> str:
        href = values.pop("href", "")
        if item := ITEM_ADDRESS.fullmatch(href):
            self.item_ids[int(item[1])] = None
            return _tag("a", {"data-item": item[1]} | ({"data-anchor": _prefixed(item[2])} if item[2] else {}))
        return _tag("a", self._target(href) | values)

    def _picture(self, values: dict[str, str]) -> str:
        """Our own files are shown; any other picture becomes a link to it, or its bare description inside a link."""
        target, alt = self._target(values.pop("src", "")), values.pop("alt", "")
        if FILE_PATH.fullmatch(target.get("href", "")):
            return _tag("img", {"src": target["href"], "alt": alt} | values)
        text = escape(alt.strip() or "image")
        return text if self.depth or not target else f"{_tag('a', target)}{text}</a>"

    def _target(self, href: str) -> dict[str, str]:
        """Where an address leads: files by their path, anchors with their prefix, `rel` where it leaves the house."""
        if own := FILE_ADDRESS.fullmatch(href):
            href = f"/files/{own[1]}"
        if path := FILE_PATH.fullmatch(href):
            self.file_ids[int(path[1])] = None
        if href.startswith("#") and len(href) > 1:
            known = PREFIX + href[1:] in self.anchors
            return {"href": f"#{PREFIX}{href[1:]}" if known else f"#{_prefixed(href[1:])}"}
        if href[:5].lower().startswith("http"):
            return {"href": href, "rel": "nofollow noopener ugc"}
        return {"href": href} if href and not ITEM_ADDRESS.fullmatch(href) else {}


def _prefixed(anchor: str) -> str:
    return anchor if _OWN_ANCHOR.match(anchor) else PREFIX + anchor


def _tag(name: str, values: dict[str, str]) -> str:
    return "".join((f"<{name}", *(f' {key}="{escape(value)}"' for key, value in values.items()), ">"))


def _check_box(item: re.Match[str]) -> str:
    state = 'aria-label="done" checked' if item[2] == TASK_DONE else 'aria-label="to do"'
    return f'<li class="task">{item[1]}<input type="checkbox" disabled {state}> '
