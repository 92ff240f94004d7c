"""Clean HTML as a small tree, for those who set it anew; it was cleaned before, so every tag is closed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"br", "hr", "img", "input"})
BLOCKS: Final = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr",
     "th", "td", "hr", "div", "dl", "dt", "dd", "section")
)  # fmt: skip


@dataclass
class Node:
    """A tag with what stands in it: words, and further tags."""

    tag: str
    values: dict[str, str] = field(default_factory=dict)
    inside: "list[Node | str]" = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Stands on lines of its own."""
        return self.tag in BLOCKS

    def walk(self) -> "Iterator[Node]":
        """This tag and all below it."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += [part for part in reversed(one.inside) if isinstance(part, Node)]

    def words(self) -> str:
        """All words, as they stand."""
        return "".join(part if isinstance(part, str) else part.words() for part in self.inside)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("div")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parse(html: str) -> Node:
    """The tree of a piece of HTML, under one `div`."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
