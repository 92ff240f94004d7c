"""The kinds of file that are taken, by what they hold; a name or a browser's claim never decides alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MEGABYTE: Final = 1024 * 1024
MOST_BYTES: Final = 25 * MEGABYTE
MOST_PICTURE_BYTES: Final = 10 * MEGABYTE
MOST_PIXELS: Final = 40_000_000
MOST_FRAMES: Final = 200
MOST_RATIO: Final = 50
MOST_ENTRIES: Final = 1000

_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its extensions (the first is the usual one), and for a package the entry that it must hold."""

    mimetype: str
    extensions: tuple[str, ...]
    must_hold: str = ""


PNG: Final = Kind("image/png", ("png",))
JPEG: Final = Kind("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
GIF: Final = Kind("image/gif", ("gif",))
WEBP: Final = Kind("image/webp", ("webp",))
PDF: Final = Kind("application/pdf", ("pdf",))
SVG: Final = Kind("image/svg+xml", ("svg",))
ZIP: Final = Kind("application/zip", ("zip",))

PICTURES: Final[Mapping[str, Kind]] = {"PNG": PNG, "JPEG": JPEG, "MPO": JPEG, "GIF": GIF, "WEBP": WEBP}
"""By the format that Pillow names; MPO is a JPEG with a second picture behind it, as some telephones make."""

CSV: Final = Kind("text/csv", ("csv",))
TEXTS: Final = (Kind("text/plain", ("txt",)), CSV, Kind("text/markdown", ("md", "markdown")))
DOCX: Final = Kind(f"{_OFFICE}wordprocessingml.document", ("docx",), "word/document.xml")
XLSX: Final = Kind(f"{_OFFICE}spreadsheetml.sheet", ("xlsx",), "xl/workbook.xml")
PPTX: Final = Kind(f"{_OFFICE}presentationml.presentation", ("pptx",), "ppt/presentation.xml")
ODT: Final = Kind("application/vnd.oasis.opendocument.text", ("odt",), "mimetype")
ODS: Final = Kind("application/vnd.oasis.opendocument.spreadsheet", ("ods",), "mimetype")
PACKAGES: Final = (DOCX, XLSX, PPTX, ODT, ODS, ZIP)

UPLOADED: Final = (PNG, JPEG, GIF, WEBP, PDF, *TEXTS, *PACKAGES)
"""What people may upload."""

IMPORTED: Final = (*UPLOADED, SVG)
"""What an import takes: drawings too, which are only ever handed out as attachments."""

INLINE: Final = frozenset({PNG.mimetype, JPEG.mimetype, GIF.mimetype, WEBP.mimetype})
"""What a page may show; everything else is downloaded."""

READABLE: Final = frozenset(kind.mimetype for kind in (PDF, *TEXTS, DOCX, XLSX, PPTX, ODT, ODS))
"""What holds words that search can find."""
