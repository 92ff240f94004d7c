"""A folder of files as it lies on disk: which files there are, where their paths lead, and the text of one."""

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

MARKDOWN: Final = (".md", ".markdown")
INDEXES: Final = ("index.md", "readme.md", "_index.md")


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


def _ref(relative: Path) -> str:
    """Names that are no UTF-8 are written so that they can be printed and stored."""
    name = os.fsencode(relative.as_posix()).decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", name)


def decode(data: bytes) -> str:
    """The text of a file with one kind of line end; Unreadable where it is no UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"not UTF-8: byte {error.start + 1:,}, in line {line:,}") from None
    if "\x00" in text:
        raise Unreadable("not a text: it holds NUL")
    return text.replace("\r\n", "\n").replace("\r", "\n")
