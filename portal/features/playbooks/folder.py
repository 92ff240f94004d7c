"""A folder of Markdown files as it lies on disk: which files there are, and what each says about itself."""

import html
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import yaml

from portal.features.playbooks.forms import MOST_TAGS, TITLE

MARKDOWN: Final = (".md", ".markdown")
INDEXES: Final = ("index.md", "readme.md", "_index.md")
MOST_BYTES: Final = 2 * 1024 * 1024
TAG: Final = 60
_FRONT = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_HASHES = re.compile(r" {0,3}#{1,6}[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
_NO_PROSE = re.compile(r"\s*(?:[-*+>|]|\d+[.)]\s)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_MARKUP = re.compile(r"<[^<>]+>|\{#[^{}]*\}|\\(?=[^\w\s])|[*`]+|(?<!\w)_+|_+(?!\w)|:[a-z0-9_+-]+:")


class Unreadable(ValueError):
    """A file cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The files below a root, by their path in it: parts joined by `/`, letters composed, hidden ones left out."""

    root: Path
    files: Mapping[str, Path]

    @property
    def texts(self) -> list[str]:
        """The paths of the Markdown files, in order."""
        return sorted(ref for ref in self.files if ref.lower().endswith(MARKDOWN))

    def find(self, origin: str, path: str) -> str | None:
        """The file that a path leads to from the file `origin`: as it stands, with `.md`, or the index of a folder.

        A path that begins with `/` starts at the root; one that climbs out of it, or finds nothing, gives None.
        """
        steps = [] if path.startswith("/") else list(PurePosixPath(origin).parts[:-1])
        for step in unicodedata.normalize("NFC", path.replace("\\", "/")).split("/"):
            if step == ".." and not steps:
                return None
            if step == "..":
                steps.pop()
            elif step not in ("", "."):
                steps.append(step)
        place = "/".join(steps)
        inside = f"{place}/" if place else ""
        names = [place, *(place + ending for ending in MARKDOWN if place), *(inside + name for name in INDEXES)]
        return next((name for name in names if name in self.files), None)


@dataclass(frozen=True, slots=True)
class SourceText:
    """A Markdown file: its title, its tags, and the text below both; `notes` say what was wrong with its head."""

    ref: str
    title: str
    tags: tuple[str, ...]
    text: str
    notes: tuple[str, ...] = ()


def list_folder(root: Path) -> Folder:
    """Everything below a folder; links that lead out of it are left out, and so are hidden files and folders."""
    home = root.resolve()
    files: dict[str, Path] = {}
    for place, folders, names in os.walk(home):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file() and path.resolve().is_relative_to(home):
                files.setdefault(_ref(path.relative_to(home)), path)
    return Folder(home, files)


def read_text(folder: Folder, ref: str) -> SourceText:
    """Read one Markdown file; Unreadable where it is too large or not UTF-8.

    The title is that of the front matter, else the first heading, else the name of the file (or of its folder, for an
    index). A first heading that opens the text is taken out of it: the page shows the title above.
    """
    path = folder.files[ref]
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"larger than {MOST_BYTES // (1024 * 1024)} MB")
    front, text, notes = _split_front(_decode(path.read_bytes()))
    heading, opening = _first_heading(text)
    title = _title_of(front.get("title")) or heading or _title_of_path(ref)
    if opening and text[opening:].strip() and _plain(heading).casefold() == title.casefold():
        text = text[opening:]
    tags = (*_tags_of(front.get("tags")), *PurePosixPath(ref).parts[:-1])
    return SourceText(ref, title[:TITLE].strip(), _tidy_tags(tags), text.strip(), notes)


def _ref(relative: Path) -> str:
    """Names that are no UTF-8 are written so that they can be printed and stored."""
    name = os.fsencode(relative.as_posix()).decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", name)


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"not UTF-8: byte {error.start + 1:,}, in line {line:,}") from None
    if "\x00" in text:
        raise Unreadable("not a text: it holds NUL")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _split_front(text: str) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    """The front matter, the text below, and what is wrong with the former; what is no YAML is left in the text."""
    front = _FRONT.match(text)
    if not front:
        return {}, text, ()
    try:
        values = yaml.safe_load(front[1])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        return {}, text[front.end() :], (f"front matter cannot be read{where}; it was left out",)
    if values is None:
        return {}, text[front.end() :], ()
    if not isinstance(values, dict):
        return {}, text, ()
    return values, text[front.end() :], ()


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
