"""The words of Word, PowerPoint and OpenDocument files: their XML streams by, and nothing is built from it.

Only `extractor` imports this: the library stays out of the web server.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from lxml import etree

_BLOCK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where words stand in one format: `parts` are patterns of entries in reading order, the rest local names."""

    parts: tuple[str, ...]
    text: frozenset[str]
    lines: frozenset[str]
    signs: Mapping[str, str]
    hidden: frozenset[str]


WORD: Final = Dialect(
    parts=(r"word/document\.xml", r"word/(footnotes|endnotes)\.xml"),
    text=frozenset({"t"}),
    lines=frozenset({"p"}),
    signs={"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"},
    hidden=frozenset({"Fallback", "moveFrom"}),  # what stands twice, and what was moved away
)
SLIDES: Final = Dialect(
    parts=(r"ppt/slides/slide\d+\.xml", r"ppt/diagrams/data\d+\.xml", r"ppt/notesSlides/notesSlide\d+\.xml"),
    text=frozenset({"t"}),
    lines=frozenset({"p"}),
    signs={"br": "\n"},
    hidden=frozenset({"Fallback", "fld"}),  # fields number the slides and tell the day
)
OPEN_TEXT: Final = Dialect(
    parts=(r"content\.xml",),
    text=frozenset({"p", "h"}),
    lines=frozenset({"p", "h"}),
    signs={"s": " ", "tab": " ", "line-break": "\n"},
    hidden=frozenset({"annotation", "tracked-changes"}),
)


def read_package(file: BinaryIO, dialect: Dialect) -> Iterator[str]:
    """The words of a package, in pieces that end with a paragraph; an entry begins a new one.

    Raises where the package is damaged, or declares a document type: no office does, and entities hide behind one.
    """
    with zipfile.ZipFile(file) as package:
        for pattern in dialect.parts:
            names = [name for name in package.namelist() if re.fullmatch(pattern, name)]
            for name in sorted(names, key=_numbered):
                yield from _read_entry(package, name, dialect)


@dataclass
class _Words:
    """Hears the parser, and gathers words."""

    dialect: Dialect
    gathered: list[str] = field(default_factory=list)
    in_text: int = 0
    in_hidden: int = 0
    has_line: bool = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        self.in_hidden += name in self.dialect.hidden
        self.in_text += name in self.dialect.text
        self._add(self.dialect.signs.get(name, ""))

    def end(self, tag: str) -> None:
        name = _local(tag)
        self._add("\n" if name in self.dialect.lines else "")
        self.in_hidden -= name in self.dialect.hidden
        self.in_text -= name in self.dialect.text

    def data(self, text: str) -> None:
        self._add(text if self.in_text else "")

    def doctype(self, *told: str | None) -> None:
        raise ValueError("a document type is declared")

    def close(self) -> None:
        """The parser asks for it."""

    def _add(self, text: str) -> None:
        if text and not self.in_hidden:
            self.gathered.append(text)
            self.has_line = self.has_line or text == "\n"

    def take(self) -> str:
        """What was gathered, up to the last end of a line; the rest stays for the next time."""
        if not self.has_line:
            return ""
        self.has_line = False
        text, end, rest = "".join(self.gathered).rpartition("\n")
        self.gathered = [rest] if rest else []
        return text + end


def _read_entry(package: zipfile.ZipFile, name: str, dialect: Dialect) -> Iterator[str]:
    words = _Words(dialect)
    parser = etree.XMLParser(target=words, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    with package.open(name) as entry:
        while block := entry.read(_BLOCK):
            parser.feed(block)
            if text := words.take():
                yield text
    parser.close()
    if words.gathered:
        yield "".join(words.gathered)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _numbered(name: str) -> tuple[int, str]:
    """`slide10` after `slide9`."""
    number = re.search(r"(\d+)\.xml$", name)
    return (int(number[1]) if number else 0, name)
