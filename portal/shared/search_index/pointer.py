"""The small file that says which folder holds the index now: what a rebuild swaps and what a reader watches."""

import json
import os
import zlib
from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from uuid import uuid4

from portal.shared.search_index import analysis
from portal.shared.search_index.records import IndexUnavailable

NAME = "current.json"
_VERSION = f"2.{analysis.VERSION}"
"""Of the store's layout and of the analyser."""


def version_of(documents: int) -> str:
    """The version of an index of documents of this shape; an index of another one is outdated and must be rebuilt."""
    return f"{_VERSION}.{documents}"


@dataclass(frozen=True)
class Pointer:
    """One committed state of the index."""

    folder: str
    generation: str
    """Differs for every commit."""
    sums: dict[str, int] = field(default_factory=dict)
    """CRC-32 of the folder's files, since Whoosh neither checks nor flushes what it wrote."""
    version: str = ""
    """As `version_of` told it when the index was built."""


def read(root: Path, documents: int = 0) -> Pointer:
    """The current pointer; raises IndexUnavailable if it is missing, damaged or of another version."""
    try:
        pointer = Pointer(**json.loads((root / NAME).read_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        raise IndexUnavailable("missing") from None
    except (OSError, ValueError, TypeError) as error:
        raise IndexUnavailable("damaged") from error
    if pointer.version != version_of(documents):
        raise IndexUnavailable("outdated")
    return pointer


def write(root: Path, pointer: Pointer) -> None:
    """Replace the pointer in one step: a reader, or the start after a power cut, sees the old one or the new one."""
    fresh = root / f"{NAME}.new"
    try:
        with fresh.open("w") as file:
            json.dump(asdict(pointer), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(root / NAME)
    except FileNotFoundError:
        raise IndexUnavailable("missing") from None


def commit(root: Path, current: Pointer, files: Iterable[str]) -> None:
    """Point to a newer state of the current folder, made of these files; sums are known of those that it had."""
    folder = root / current.folder
    sums = {name: current.sums.get(name) or checksum(folder / name) for name in files}
    whole = {name: total for name, total in sums.items() if total is not None}
    write(root, replace(current, sums=whole, generation=uuid4().hex[:16]))


def stamp(root: Path) -> tuple[int, int] | None:
    """Changes whenever the pointer does; costs one look at the file system. None if there is no pointer."""
    try:
        status = (root / NAME).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def verify(folder: Path, sums: Mapping[str, int], known: Container[str]) -> None:
    """Compare the files of a folder with their sums, but for the segments that are `known` by name.

    A file that is not there was removed by a newer commit, or will be missed. Raises IndexUnavailable("damaged").
    """
    for name, expected in sums.items():
        if Path(name).stem not in known and checksum(folder / name) not in (None, expected):
            raise IndexUnavailable("damaged")


def checksum(path: Path) -> int | None:
    """CRC-32 of a file; None if it is not there."""
    total = 0
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                total = zlib.crc32(block, total)
    except FileNotFoundError:
        return None
    return total
