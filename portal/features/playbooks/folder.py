"""What a Markdown file of a folder says about itself: its title, its tags, and the text below both."""

import html
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from portal.core import front_matter
from portal.features.playbooks.forms import MOST_TAGS, TITLE
from portal.shared.exchange.folder import INDEXES, Folder, Unreadable, decode

MOST_BYTES: Final = 2 * 1024 * 1024
TAG: Final = 60
_HASHES = re.compile(r" {0,3}#{1,6}[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
_NO_PROSE = re.compile(r"\s*(?:[-*+>|]|\d+[.)]\s)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_MARKUP = re.compile(r"<[^<>]+>|\{#[^{}]*\}|\\(?=[^\w\s])|[*`]+|(?<!\w)_+|_+(?!\w)|:[a-z0-9_+-]+:")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A Markdown file: its title, its tags, and the text below both; `notes` say what was wrong with its head."""

    ref: str
    title: str
    tags: tuple[str, ...]
    text: str
    notes: tuple[str, ...] = ()


def read_text(folder: Folder, ref: str) -> SourceText:
    """Read one Markdown file; Unreadable where it is too large or not UTF-8.

    The title is that of the front matter, else the first heading, else the name of the file (or of its folder, for an
    index). A first heading that opens the text is taken out of it: the page shows the title above.
    """
    path = folder.files[ref]
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"larger than {MOST_BYTES // (1024 * 1024)} MB")
    front, text, notes = _split_front(decode(path.read_bytes()))
    heading, opening = _first_heading(text)
    title = _title_of(front.get("title")) or heading or _title_of_path(ref)
    if opening and text[opening:].strip() and _plain(heading).casefold() == title.casefold():
        text = text[opening:]
    tags = (*_tags_of(front.get("tags")), *PurePosixPath(ref).parts[:-1])
    return SourceText(ref, title[:TITLE].strip(), _tidy_tags(tags), text.strip(), notes)


def _split_front(text: str) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    """The front matter, the text below, and what is wrong with the former; what is no list of values is left out."""
    try:
        values, rest = front_matter.split(text)
    except front_matter.Unreadable as error:
        return {}, front_matter.below(text), (f"{error}; it was left out",)
    return values if isinstance(values, dict) else {}, rest, ()


def _first_heading(text: str) -> tuple[str, int]:
    """The words of the first heading outside of code, and where the text goes on if nothing stands before it."""
    fence, before, earlier, at = "", "", False, 0
    for line in text.splitlines(keepends=True):
        row, at = line.rstrip("\n"), at + len(line)
        mark = _FENCE.match(row)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and (heading := _HASHES.match(row)) and (words := _plain(heading[1])):
            return words, 0 if earlier or before.strip() else at
        elif not (fence or _NO_PROSE.match(before)) and _UNDERLINE.match(row) and (words := _plain(before)):
            return words, 0 if earlier else at
        earlier, before = earlier or bool(before.strip()), row
    return "", 0


def _title_of(value: object) -> str:
    return " ".join(_plain(str(value)).split()) if isinstance(value, str | int | float) else ""


def _title_of_path(ref: str) -> str:
    path = PurePosixPath(ref)
    name = path.parent.name if path.name.lower() in INDEXES and path.parent.name else path.stem
    words = " ".join(re.sub(r"[-_]+", " ", name).split())
    return words[:1].upper() + words[1:] if words else "Untitled"


def _plain(markdown: str) -> str:
    """The words of one line of Markdown."""
    words = markdown
    while (shorter := _LINK.sub(r"\1", words)) != words:
        words = shorter
    return " ".join(html.unescape(_MARKUP.sub("", words)).split())


def _tags_of(value: object) -> list[str]:
    if isinstance(value, str):
        return value.split(",")
    return [str(one) for one in value if isinstance(one, str | int)] if isinstance(value, list) else []


def _tidy_tags(names: tuple[str, ...]) -> tuple[str, ...]:
    """Words with spaces, each once, only such as can have an address, at most as many as a playbook may bear."""
    found: dict[str, str] = {}
    for name in names:
        words = " ".join(re.sub(r"[\s,_-]+", " ", name).split())[:TAG].strip().lower()
        if re.search(r"[a-z0-9]", unicodedata.normalize("NFKD", words)):
            found.setdefault(words, words)
    return tuple(found)[:MOST_TAGS]
