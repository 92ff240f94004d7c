"""The folder that keeps bytes under their SHA-256: written whole or not at all, and never changed afterwards."""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

_NAME = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = ".part"


class FileStore:
    """Bytes by hash, in two levels of folders (`ab/cd/abcd…`); made at the first write, shared by all processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, data: bytes) -> str:
        """Keep bytes and return their SHA-256 in hex; what is there already is only touched, so that it stays young.

        Written beside, flushed, renamed, and the folder flushed too: after a power cut the file is whole or absent.
        OSError where the folder cannot be written.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        try:
            os.utime(path)
        except FileNotFoundError:
            self._write(path, data)
        return sha256

    def open(self, sha256: str) -> BinaryIO:
        """The bytes as an open file; FileNotFoundError where there are none under this hash."""
        return self._path(sha256).open("rb")

    def read(self, sha256: str) -> bytes:
        """The bytes; FileNotFoundError where there are none under this hash."""
        return self._path(sha256).read_bytes()

    def sweep(self, named: Collection[str], *, older_than: float) -> int:
        """Delete what no row names and what was left unfinished, if it lay untouched for so many seconds.

        The age spares files whose row is just being written. Returns how many were deleted.
        """
        before, deleted = time.time() - older_than, 0
        for path in self.folder.glob("??/??/*"):
            is_ours = _NAME.fullmatch(path.name) or path.name.endswith(_UNFINISHED)
            if is_ours and path.name not in named and path.stat().st_mtime < before:
                path.unlink()
                deleted += 1
        return deleted

    def _path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise ValueError(f"no SHA-256: {sha256!r}")
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def _write(self, path: Path, data: bytes) -> None:
        made = [folder for folder in (path.parent, path.parent.parent, self.folder) if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=_UNFINISHED, delete=False) as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        for folder in (path.parent, *(one.parent for one in made)):
            _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
