"""Lines as people type them, rewritten to what the parser reads: lists, fences, quotes and notes at any depth.

The parser wants four spaces a level and a blank line around every block; people type as they do elsewhere.
Nothing deeper than `MAX_DEPTH` leaves this module, so the parser's recursion is bounded by what is written here.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from portal.core import markdown_blocks as blocks
from portal.core import markdown_grammar as grammar
from portal.core.markdown_blocks import Block, Line
from portal.core.markdown_limits import KINDS, MARK_END, MARK_START, MAX_DEPTH, MAX_FOOTNOTES, MarkdownRefused

SECTION_LEVELS: Final = 4
SEPARATOR: Final = "<!-- -->"

Store = Callable[[str], str]
"""Keeps finished HTML and returns the placeholder that stands for it."""


@dataclass
class _Item:
    """An open list item: the columns of its marker and of its text, as typed."""

    indent: int
    content: int
    ordered: bool
    settled: bool = False


class _Walk:
    """One pass over the lines of a container; `out` is what the parser will read."""

    def __init__(self, lines: Sequence[Line], store: Store, depth: int) -> None:
        self.lines = lines
        self.store = store
        self.depth = depth
        self.at = 0
        self.out: list[str] = []
        self.items: list[_Item] = []
        self.prose = 0  # lines of the paragraph so far
        self.head = 0  # how deep the first line since the last blank one stands
        self.last: dict[str, int] = {}  # where each closing tag stands for the last time
        self.openers = {
            **dict.fromkeys("-_*=", self._rule),
            **dict.fromkeys("`~", self._fence),
            "#": self._heading,
            "<": self._html,
            ">": self._quote,
            "!": self._note,
            "[": self._footnote,
        }

    def run(self) -> list[str]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            body = line.text.lstrip(" ")
            if body.strip():
                self._step(line, body)
            else:
                self.out.append("")
                self.prose = 0
                self.at += 1
        return self.out

    def _step(self, line: Line, body: str) -> None:
        marker = None if grammar.RULE.match(body) else grammar.MARKER.match(body)
        closed = None
        if marker or self._fresh or grammar.starts_block(body):
            closed = self._close(line.indent)
        floor = self.items[-1].content + 4 if self.items else 4
        if line.indent >= floor and not (marker and self.items):
            self._deep(line, body, floor)
        elif marker and self._may_start_item(marker, body):
            self._item(line, body, marker, closed)
        elif not (body[0] in self.openers and self.openers[body[0]](line, body)):
            self._text(line, body)

    @property
    def _fresh(self) -> bool:
        """Whether the line before is blank, or there is none."""
        return not self.out or not self.out[-1].strip()

    @property
    def _pad(self) -> str:
        return "    " * len(self.items)

    def _close(self, indent: int) -> _Item | None:
        """Leave the list items that a line at this column is not part of; the outermost one left is returned."""
        closed = None
        while self.items and indent < self.items[-1].indent + 2:
            closed = self.items.pop()
            self.prose = 0
        return closed

    @property
    def _after_quote(self) -> bool:
        """Whether the last line that is not blank belongs to a quote."""
        return next((text for text in reversed(self.out) if text.strip()), "").lstrip(" ").startswith(">")

    def _gap(self) -> None:
        if not self._fresh:
            self.out.append("")

    def _put(self, *texts: str) -> None:
        if self._fresh:
            self.head = len(self.items)
        self.out.extend(self._pad + text if text else "" for text in texts)

    def _put_block(self, block: Block) -> bool:
        self._gap()
        self._put(self.store(block.html), "")
        self.prose = 0
        self.at = block.end
        return True

    def _check_depth(self, line: Line, more: int) -> None:
        if self.depth + len(self.items) + more > MAX_DEPTH:
            raise MarkdownRefused(line.number, f"lists and quotes may be nested {MAX_DEPTH} deep at most.")

    def _mark(self, line: Line, level: int) -> str:
        """The sign by which the finished heading is found again; only headings on the outermost floor bear one."""
        return f"{MARK_START}{line.number}{MARK_END}" if not self.depth and level <= SECTION_LEVELS else ""

    # Leaves: each answers whether the line was its own.

    def _text(self, line: Line, body: str) -> None:
        following = self.lines[self.at + 1].text.strip() if self.at + 1 < len(self.lines) else ""
        table = self.prose and "|" in body and grammar.TABLE_RULE.match(following)
        if table or grammar.DEFINITION.match(body):
            self._gap()
        if self.items and not self.items[-1].settled:
            item = self.items[-1]
            item.content, item.settled = max(line.indent, item.indent + 2), True
        self._put(body)
        self.prose += 1
        self.at += 1

    def _deep(self, line: Line, body: str, floor: int) -> None:
        """Code where a block may begin, else the words of the paragraph before, kept from looking like a block."""
        if self._fresh:
            self._put_block(blocks.read_code(self.lines, self.at, floor))
            return
        self._put("    " + body)
        self.prose += 1
        self.at += 1

    def _heading(self, line: Line, body: str) -> bool:
        heading = grammar.HEADING.match(body)
        if not heading:
            return False
        hashes = heading[1]
        self._gap()
        mark = "" if self.items else self._mark(line, len(hashes))
        self._put(f"{hashes} {mark}{body[len(hashes) :].strip()}", "")
        self.prose = 0
        self.at += 1
        return True

    def _rule(self, line: Line, body: str) -> bool:
        """A line of `---` or `===`: it makes a heading of a single line of text before it, or is a rule."""
        if self.prose == 1 and not self.items and grammar.UNDERLINE.match(body):
            before = self.lines[self.at - 1]
            self.out[-1] = self.out[-1].rstrip() + self._mark(before, 1 if body[0] == "=" else 2)
            self._put(body.rstrip(), "")
        elif grammar.RULE.match(body):
            self._gap()
            self._put("---", "")
        else:
            return False
        self.prose = 0
        self.at += 1
        return True

    def _fence(self, line: Line, body: str) -> bool:
        opening = blocks.open_fence(body)
        if not opening:
            return False
        floor = self.items[-1].indent + 2 if self.items else 0
        return self._put_block(blocks.read_fence(self.lines, self.at + 1, opening, line.indent, floor))

    def _html(self, line: Line, body: str) -> bool:
        if not blocks.is_html(body):
            return False
        closing = blocks.closing_of(body)
        if closing not in self.last:
            places = (at for at, x in enumerate(self.lines) if closing in x.text.lower())
            self.last[closing] = max(places, default=-1)
        return self._put_block(blocks.read_html(self.lines, self.at, closing if self.at <= self.last[closing] else ""))

    # Containers: their inside is walked as a text of its own, one floor deeper.

    def _inside(self, line: Line, lines: Sequence[Line]) -> list[str]:
        self._check_depth(line, 1)
        return _Walk(lines, self.store, self.depth + len(self.items) + 1).run()

    def _may_start_item(self, marker: re.Match[str], body: str) -> bool:
        """A list may interrupt a paragraph only with words in it, and a numbered one only with 1."""
        return not self.prose or (marker.end() < len(body.rstrip()) and marker["number"] in {None, "1"})

    def _item(self, line: Line, body: str, marker: re.Match[str], closed: _Item | None) -> None:
        number, rest = marker["number"], body[marker.end() :]
        self._check_depth(line, 1 + grammar.containers(rest))
        apart = closed.ordered != bool(number) if closed else not self.items
        if apart or self._after_quote or self.head > len(self.items):
            self._gap()
        item = _Item(line.indent, line.indent + marker.end(), bool(number))
        opening = blocks.open_fence(rest)
        end = self.at + 1
        if opening:
            block = blocks.read_fence(self.lines, end, opening, item.content, item.indent + 2)
            rest, end = self.store(block.html), block.end
        self._put(f"{int(number)}. {rest}" if number else f"+ {rest}")  # never a rule or underline
        if opening and end < len(self.lines) and not grammar.MARKER.match(self.lines[end].text.lstrip(" ")):
            self.out.append("")
        self.items.append(item)
        self.prose = 0
        self.at = end

    def _quote(self, line: Line, body: str) -> bool:
        inner = []
        for at in range(self.at, len(self.lines)):
            text = self.lines[at].text.lstrip(" ")
            if not text.startswith(">"):
                break
            inner.append(Line(self.lines[at].number, text[2:] if text.startswith("> ") else text[1:]))
        self.at += len(inner)
        if alert := grammar.ALERT.match(inner[0].text):
            inner[0] = Line(inner[0].number, inner[0].text[alert.end() :])
            return self._put_note(line, alert[1].lower(), alert[1].capitalize(), inner)
        self._gap()
        if self._after_quote:
            self._put(self.store(SEPARATOR), "")
        self._put(*(f"> {text}" if text else ">" for text in self._inside(line, inner)))
        self.prose = 2
        return True

    def _put_note(self, line: Line, kind: str, title: str, inner: Sequence[Line]) -> bool:
        known = "danger" if kind == "caution" else kind if kind in KINDS else "note"
        self._gap()
        self._put(f'!!! {known} "{title}"', *_indented(self._inside(line, inner)), "")
        self.prose = 0
        return True

    def _note(self, line: Line, body: str) -> bool:
        note = grammar.NOTE.match(body)
        if not note:
            return False
        end = blocks.indented_end(self.lines, self.at + 1, line.indent + 4)
        inner = [Line(x.number, x.text[line.indent + 4 :]) for x in self.lines[self.at + 1 : end]]
        self.at = end
        return self._put_note(line, note[1].lower(), note[1].capitalize() if note[2] is None else note[2], inner)

    def _footnote(self, line: Line, body: str) -> bool:
        footnote = grammar.FOOTNOTE.match(body)
        if not footnote:
            return False
        end = blocks.indented_end(self.lines, self.at + 1, line.indent + 4)
        inner = [Line(line.number, body[footnote.end() :])]
        inner += [Line(x.number, x.text[line.indent + 4 :]) for x in self.lines[self.at + 1 : end]]
        first, *others = self._inside(line, inner)
        self._gap()
        self._put(f"[^{footnote[1]}]: {first}", *_indented(others))
        self.prose = 2
        self.at = end
        return True


def tidy(lines: Sequence[Line], store: Store) -> list[str]:
    """The lines that the parser reads; fenced code and HTML are handed to `store`, and headings bear a mark.

    Raises MarkdownRefused where containers are nested too deep or footnotes are too many.
    """
    notes = [line for line in lines if grammar.ANY_FOOTNOTE.match(line.text)]
    if len(notes) > MAX_FOOTNOTES:
        raise MarkdownRefused(notes[MAX_FOOTNOTES].number, f"a text may hold {MAX_FOOTNOTES} footnotes at most.")
    return _Walk(lines, store, 0).run()


def _indented(lines: Sequence[str]) -> list[str]:
    return ["    " + text if text else "" for text in lines]
