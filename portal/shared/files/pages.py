"""What templates see of the files that an item offers for download."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.shared.files.kinds import UPLOADED
from portal.shared.files.queries import Attachment

_ENDINGS = {kind.mimetype: kind.extensions[0].upper() for kind in UPLOADED}
_KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file: `about` tells its kind and size, `note` what of it search cannot find, or is empty."""

    anchor: str
    name: str
    url: str
    about: str
    note: str


def file_lines(attachments: Iterable[Attachment]) -> list[FileLine]:
    """The lines of one item."""
    return [
        FileLine(
            anchor=anchor_of(one.item_id, one.file.id),
            name=one.file.name,
            url=f"/files/{one.file.id}",
            about=", ".join(part for part in (_ENDINGS.get(one.file.mimetype, ""), _size(one.file.size)) if part),
            note=one.note,
        )
        for one in attachments
    ]


def anchor_of(item_id: int, file_id: int) -> str:
    """Where the page of an item names a file; one page may show several items, and a file may stand in each."""
    return f"file-{item_id}-{file_id}"


def _size(size: int) -> str:
    """`412 bytes`, `3 KB`, `2.4 MB`."""
    if size < _KILOBYTE:
        return f"{size} byte{'s' if size != 1 else ''}"
    if size < _KILOBYTE**2:
        return f"{size // _KILOBYTE} KB"
    return f"{size / _KILOBYTE**2:.1f} MB"
