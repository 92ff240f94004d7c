"""The files beside the texts of an import: known again by their bytes, checked as an upload is, kept once."""

import hashlib
from collections.abc import Callable
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid
from portal.core.ids import read_id
from portal.shared.exchange.folder import Folder
from portal.shared.exchange.operations import MOST_KEPT, skip_numbers
from portal.shared.files.kinds import IMPORTED, MEGABYTE, MOST_BYTES
from portal.shared.files.models import StoredFile
from portal.shared.files.operations import add_file
from portal.shared.files.sniffing import check_file
from portal.shared.files.store import FileStore

Write = Callable[[Callable[[Session], int]], int]


class Attached:
    """The files of one folder in one run; `here` are the hashes of what the portal has, by number."""

    def __init__(self, store: FileStore, owner: Actor, folder: Folder, here: dict[int, str]) -> None:
        self.store, self.owner, self.folder, self.here = store, owner, folder, here
        self._kept: dict[str, int] = {}
        self._fine: set[str] = set()

    def check(self, ref: str) -> int:
        """A number that stands for a file, 1 while it is not kept; Invalid where it may not be kept."""
        number = self._known(ref)
        if not number and ref not in self._fine:
            check_file(PurePosixPath(ref).name, self._read(ref), IMPORTED)
            self._fine.add(ref)
        return number or 1

    def keep(self, ref: str, write: Write) -> int:
        """The number of a file, kept where it is not here yet, under the number of its folder where that is free."""
        if number := self._known(ref):
            return number
        checked = check_file(PurePosixPath(ref).name, self._read(ref), IMPORTED)
        sha256 = self.store.keep(checked.data)

        def add(session: Session) -> int:
            wanted = _number_of(ref)
            is_free = 0 < wanted <= MOST_KEPT and not session.scalar(
                select(StoredFile.id).where(StoredFile.id == wanted)
            )
            if is_free:
                skip_numbers(session, StoredFile, [wanted])
            return add_file(session, self.owner, checked, sha256, wanted if is_free else None).id

        self._kept[ref] = write(add)
        return self._kept[ref]

    def _known(self, ref: str) -> int:
        """The number of a file that is here: kept in this run, or with the same bytes under the same number."""
        if ref not in self._kept:
            number = _number_of(ref)
            if number in self.here and self.here[number] == hashlib.sha256(self._read(ref)).hexdigest():
                self._kept[ref] = number
        return self._kept.get(ref, 0)

    def _read(self, ref: str) -> bytes:
        path = self.folder.files[ref]
        if path.stat().st_size > MOST_BYTES:
            raise Invalid({"file": f"{ref}: larger than {MOST_BYTES // MEGABYTE} MB"})
        return path.read_bytes()


def _number_of(ref: str) -> int:
    """The number in `files/7/plan.png`, or 0."""
    parts = PurePosixPath(ref).parts
    return read_id(parts[1]) if len(parts) == 3 and parts[0] == "files" else 0
