"""What Markdown may cost: every limit that is checked before parsing, and a refusal that names line and limit."""

import re
from collections.abc import Iterable
from itertools import groupby, islice
from typing import Final

MAX_BYTES: Final = 512 * 1024
MAX_DEPTH: Final = 20
MAX_OPEN_BRACKETS: Final = 50
MAX_FOOTNOTES: Final = 500
MAX_RUN: Final = 16 * 1024
"""How many characters of running text are searched for links and emphasis; a longer paragraph stays as typed."""

KINDS: Final = ("note", "tip", "important", "warning", "danger")
"""The kinds of note (`!!! note`) that have a colour of their own."""

# Noncharacters of Unicode: never text, so they can carry marks through the parser and the cleaner.
MARK_START: Final = "\ufdd0"
MARK_END: Final = "\ufdd1"
TASK_OPEN: Final = "\ufdd2"
TASK_DONE: Final = "\ufdd3"
HELD_BRACKET: Final = "\ufdd4"

_FOREIGN = re.compile("[\x00\x02\x03\ufdd0-\ufdef\ud800-\udfff]")
_TAG = re.compile(r"<[a-zA-Z]")
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)


class MarkdownRefused(ValueError):
    """The text breaks a limit; `line` counts from 1 and the message is fit to be shown to its author."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"Line {line}: {reason}")
        self.line = line


def check_size(source: str) -> None:
    """Refuse a text of more than 512 KB of UTF-8, with the line on which the limit is passed."""
    if len(source) * 4 <= MAX_BYTES:
        return
    encoded = source.encode("utf-8", "replace")
    if len(encoded) > MAX_BYTES:
        raise MarkdownRefused(encoded.count(b"\n", 0, MAX_BYTES) + 1, "a text may hold at most 512 KB.")


def line_of_tag(source: str, count: int) -> int:
    """The line of the HTML tag with this number, or the last line."""
    tags = [tag.start() for tag in islice(_TAG.finditer(source), count)]
    return source.count("\n", 0, tags[-1] if tags else None) + 1


def without_signs(source: str) -> str:
    """The same text, as long as before, with every sign that we or the parser use inside replaced by U+FFFD."""
    return _FOREIGN.sub("\ufffd", source)


def hold_brackets(lines: Iterable[str]) -> list[str]:
    """Each block with more than 50 `[` open, side by side or one in the other, has those held back as plain signs.

    The parser looks for the end of each open bracket anew, which took it 23 s for 10 KB of them.
    """
    held: list[str] = []
    for blank, block in groupby(lines, key=lambda line: not line.strip()):
        text = "\n".join(block)
        if not blank and text.count("[") > MAX_OPEN_BRACKETS:
            text = _hold(text)
        held.append(text)
    return "\n".join(held).split("\n") if held else []


def _hold(block: str) -> str:
    open_at: list[int] = []
    too_deep: list[int] = []
    for sign in _BRACKET.finditer(block):
        if sign[0] == "[":
            open_at.append(sign.start())
            if len(open_at) > MAX_OPEN_BRACKETS:
                too_deep.append(sign.start())
        elif sign[0] == "]" and open_at:
            open_at.pop()
    if not too_deep:
        return block
    signs = list(block)
    for at in {*too_deep, *open_at}:
        signs[at] = HELD_BRACKET
    return "".join(signs)
