"""What a file really is: sniffed, held against the list of kinds, and parsed before it is believed."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import puremagic

from portal.core.errors import Invalid
from portal.shared.files.kinds import (
    INLINE,
    MEGABYTE,
    MOST_BYTES,
    MOST_PICTURE_BYTES,
    PACKAGES,
    PDF,
    SVG,
    TEXTS,
    UPLOADED,
    Kind,
)
from portal.shared.files.packages import objection_to
from portal.shared.files.pictures import PictureRefused, read_picture

NAME_LENGTH = 120
_SIGNS = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*]+")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: its name made safe, its sniffed kind, and its bytes (a picture's written anew)."""

    name: str
    mimetype: str
    data: bytes
    width: int | None = None
    height: int | None = None


def check_file(name: str, data: bytes, kinds: Iterable[Kind] = UPLOADED) -> Checked:
    """Find out what a file is and whether it may be kept.

    A picture is known by what it holds and gets the extension of that; every other file must hold what its extension
    says. Raises Invalid with a message for the field `file`.
    """
    allowed = tuple(kinds)
    name = safe_name(name)
    if not data:
        raise _refused(f"“{name}” is empty.")
    if len(data) > MOST_BYTES:
        raise _refused(f"“{name}” is too large: a file may have {MOST_BYTES // MEGABYTE} MB.")
    looks_like = _sniff(data)
    if looks_like & INLINE:
        return _checked_picture(name, data)
    kind = next((kind for kind in allowed if _extension(name) in kind.extensions), None)
    if kind is None:
        raise _refused(f"“{name}” is of a kind that is not kept here; taken are {_words_for(allowed)}.")
    if reason := _objection(data, kind, looks_like):
        raise _refused(f"“{name}” {reason}.")
    return Checked(name, kind.mimetype, data)


def safe_name(name: str) -> str:
    """The last part of a name without signs that a path, a header or an eye could stumble over; never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in ("Cf", "Cs", "Co"))
    plain = " ".join(_SIGNS.sub(" ", plain).split()).strip(". ")
    stem, dot, extension = plain.rpartition(".")
    if len(plain) > NAME_LENGTH:
        plain = f"{stem[: NAME_LENGTH - 12]}{dot}{extension[:10]}" if dot else plain[:NAME_LENGTH]
    return plain or "file"


def _sniff(data: bytes) -> frozenset[str]:
    """The types that the first and last bytes speak for."""
    try:
        return frozenset(match.mime_type for match in puremagic.magic_string(data))
    except puremagic.PureError:
        return frozenset()


def _checked_picture(name: str, data: bytes) -> Checked:
    if len(data) > MOST_PICTURE_BYTES:
        raise _refused(f"“{name}” is too large: a picture may have {MOST_PICTURE_BYTES // MEGABYTE} MB.")
    try:
        picture = read_picture(data)
    except PictureRefused as refused:
        raise _refused(f"“{name}” {refused}.") from None
    if _extension(name) not in picture.kind.extensions:
        stem = name.rpartition(".")[0] if "." in name else name
        name = f"{stem or 'picture'}.{picture.kind.extensions[0]}"
    return Checked(name, picture.kind.mimetype, picture.data, picture.width, picture.height)


def _objection(data: bytes, kind: Kind, looks_like: frozenset[str]) -> str:
    """Why the bytes are not what the extension says, or may not be kept; nothing where all is well."""
    is_so = False  # a picture would have been known as one
    if kind in PACKAGES:
        if data.startswith(b"PK\x03\x04"):
            return objection_to(data, kind)
    elif kind is PDF:
        is_so = kind.mimetype in looks_like and data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]
    elif kind is SVG:
        is_so = _is_text(data) and b"<svg" in data[:65536].lower()
    elif kind in TEXTS:
        is_so = _is_text(data) and not data.startswith((b"%PDF-", b"PK\x03\x04"))
    return "" if is_so else f"does not hold what its ending “.{kind.extensions[0]}” says"


def _is_text(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _words_for(kinds: Iterable[Kind]) -> str:
    return ", ".join(kind.extensions[0] for kind in kinds)


def _refused(message: str) -> Invalid:
    return Invalid({"file": message})
