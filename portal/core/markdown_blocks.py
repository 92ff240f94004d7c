"""Blocks whose inside is not Markdown: fenced code, indented code and blocks of HTML, read into finished HTML."""

import re
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from portal.core.markdown_cleaner import only_known_tags


class Line(NamedTuple):
    """One line of the source: its number (from 1) and its text without the line break."""

    number: int
    text: str

    @property
    def indent(self) -> int:
        """How many spaces stand before the first word."""
        return len(self.text) - len(self.text.lstrip(" "))


class Block(NamedTuple):
    """Finished HTML, and the index of the first line after the block."""

    html: str
    end: int


_FENCE = re.compile(r"(?P<fence>`{3,})(?P<info>[^`]*)$|(?P<tildes>~{3,})(?P<words>.*)$")
_LANGUAGE = re.compile(r"\s*\{?\.?([A-Za-z0-9_+#-]{1,30})")

_LITERAL = re.compile(r"<(pre|script|style|textarea)(?=[\s>]|$)", re.IGNORECASE)
_COMMENT = "<!--"
_HTML = re.compile(
    r"</?(?:address|article|aside|blockquote|body|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure"
    r"|footer|form|frame|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|noscript|ol|optgroup|option"
    r"|p|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul|video)(?=[\s/>]|$)",
    re.IGNORECASE,
)


def open_fence(body: str) -> re.Match[str] | None:
    """The opening line of fenced code, or None; `body` is a line without its indentation."""
    return _FENCE.match(body)


def is_html(body: str) -> bool:
    """Whether a line opens a block of HTML, as CommonMark sees it."""
    return body.startswith(_COMMENT) or bool(_HTML.match(body) or _LITERAL.match(body))


def read_fence(lines: Sequence[Line], start: int, opening: re.Match[str], indent: int, floor: int) -> Block:
    """The code after an opening fence; it ends at a closing fence, where its list item ends, or with the text.

    `start` is the first line after the opening one, `indent` is taken off each line, and a line of less than `floor`
    spaces ends the list item.
    """
    fence = opening["fence"] or opening["tildes"]
    language = _LANGUAGE.match(opening["info"] or opening["words"] or "")
    code: list[str] = []
    at = start
    while at < len(lines):
        line = lines[at]
        words = line.text.strip()
        if words and line.indent < floor:
            break
        at += 1
        if len(words) >= len(fence) and words == fence[0] * len(words):
            break
        code.append(line.text[min(indent, line.indent) :])
    return Block(_code("\n".join(code), language[1] if language else ""), at)


def read_code(lines: Sequence[Line], start: int, indent: int) -> Block:
    """Indented code: all lines from `start` on that are blank or have `indent` spaces at least."""
    end = indented_end(lines, start, indent)
    return Block(_code("\n".join(line.text[indent:] for line in lines[start:end]), ""), end)


def indented_end(lines: Sequence[Line], start: int, indent: int) -> int:
    """The end of the lines that are blank or have `indent` spaces at least; blank lines at the end are left out."""
    end = start
    for at in range(start, len(lines)):
        if lines[at].text.strip():
            if lines[at].indent < indent:
                break
            end = at + 1
    return end


def closing_of(body: str) -> str:
    """What ends this block of HTML, in lower case; empty where the next blank line does."""
    literal = _LITERAL.match(body)
    return f"</{literal[1].lower()}>" if literal else "-->" if body.startswith(_COMMENT) else ""


def read_html(lines: Sequence[Line], start: int, closing: str) -> Block:
    """A block of HTML up to the line with `closing`, or to the next blank line; scripts and styles leave nothing."""
    end = start
    while end < len(lines) and (closing or lines[end].text.strip()):
        end += 1
        if closing and closing in lines[end - 1].text.lower():
            break
    dropped = closing in {"</script>", "</style>"}
    return Block("" if dropped else only_known_tags("\n".join(line.text for line in lines[start:end])), end)


def _code(text: str, language: str) -> str:
    named = f' class="language-{language.lower()}"' if language else ""
    return f"<pre><code{named}>{escape(text.rstrip(), quote=False)}\n</code></pre>"
