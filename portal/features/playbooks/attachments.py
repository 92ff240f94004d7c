"""Pictures and other files beside imported texts: looked at cheaply, kept when a text that shows them is written."""

import hashlib

from portal.core.access import Actor
from portal.core.errors import Invalid
from portal.features.playbooks.linking import Aim
from portal.features.playbooks.sources import Units
from portal.shared.exchange.folder import Folder
from portal.shared.files.kinds import GIF, IMPORTED, INLINE, JPEG, MEGABYTE, MOST_BYTES, PNG, WEBP
from portal.shared.files.operations import add_file
from portal.shared.files.sniffing import check_file
from portal.shared.files.store import FileStore

_PICTURES = tuple(f".{extension}" for kind in (PNG, JPEG, GIF, WEBP) for extension in kind.extensions)
_TAKEN = tuple(f".{extension}" for kind in IMPORTED for extension in kind.extensions)


class Attachments:
    """The files of one folder in one run; each is hashed once and kept once."""

    def __init__(self, units: Units, store: FileStore, owner: Actor, folder: Folder, *, dry_run: bool) -> None:
        self.units, self.store, self.owner, self.folder, self.dry_run = units, store, owner, folder, dry_run
        self._hashes: dict[str, str] = {}
        self._kept: dict[str, Aim] = {}

    def glance(self, ref: str) -> tuple[Aim, str]:
        """A stand-in for the link to a file, and the hash of its bytes; Invalid where its kind is never taken."""
        if not ref.lower().endswith(_TAKEN):
            raise Invalid({"file": "files of this kind are not kept"})
        if ref not in self._hashes:
            self._hashes[ref] = hashlib.sha256(self._read(ref)).hexdigest()
        return Aim("file:1", is_picture=ref.lower().endswith(_PICTURES)), self._hashes[ref]

    def keep(self, ref: str) -> Aim:
        """Check a file, store its bytes and then its row; the link to it. Invalid where it may not be kept."""
        self.glance(ref)
        if ref not in self._kept:
            checked = check_file(ref, self._read(ref), IMPORTED)
            number = 1
            if not self.dry_run:
                sha256 = self.store.keep(checked.data)
                number = self.units.write(lambda session: add_file(session, self.owner, checked, sha256).id)
            self._kept[ref] = Aim(f"file:{number}", is_picture=checked.mimetype in INLINE)
        return self._kept[ref]

    def _read(self, ref: str) -> bytes:
        path = self.folder.files[ref]
        if path.stat().st_size > MOST_BYTES:
            raise Invalid({"file": f"larger than {MOST_BYTES // MEGABYTE} MB"})
        return path.read_bytes()
