"""Unpacks a ZIP into an empty folder: only plain entries below it, each and all within limits, or nothing at all."""

import re
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from stat import S_IFMT, S_ISLNK, S_ISREG
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from portal.shared.files.kinds import MEGABYTE, MOST_BYTES

MOST_ENTRIES: Final = 200_000
MOST_IN_ALL: Final = 8 * 1024 * MEGABYTE
_SPREAD: Final = 200
"""An entry may unfold to so many times its packed size, once it is larger than a megabyte."""
_PLAIN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK: Final = 256 * 1024
_DRIVE: Final = re.compile(r"[A-Za-z]:")


class PackageRefused(ValueError):
    """A ZIP cannot be taken; the message names the entry and says why."""


def unpack(package: Path, into: Path) -> None:
    """Write the entries of a ZIP below an empty folder; PackageRefused before the first one where a name is bad."""
    try:
        with ZipFile(package) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries)
            left = MOST_IN_ALL
            for entry in entries:
                left -= _write(archive, entry, into / entry.filename)
                if left < 0:
                    raise _refused(entry, f"all in all there are more than {MOST_IN_ALL // MEGABYTE:,} MB")
    except BadZipFile as error:
        raise PackageRefused(f"{package.name} is no ZIP that can be read: {error}") from None


def _check(entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise PackageRefused(f"It has {len(entries):,} entries; at most {MOST_ENTRIES:,} are taken.")
    seen: dict[str, str] = {}
    for entry in entries:
        if reason := _objection(entry):
            raise _refused(entry, reason)
        key = unicodedata.normalize("NFC", entry.filename).casefold()
        if key in seen:
            raise _refused(entry, "it is there twice")
        seen[key] = entry.filename
    for key, name in seen.items():
        for parent in PurePosixPath(key).parents:
            if str(parent) in seen:
                raise PackageRefused(f"{name}: {seen[str(parent)]} is a file and not a folder")


def _objection(entry: ZipInfo) -> str:
    """Why an entry is not taken, or nothing."""
    name, mode = entry.orig_filename, entry.external_attr >> 16
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        return "an absolute name"
    if ".." in re.split(r"[/\\]", name):
        return "a name that climbs out of the folder"
    if "\\" in name or any(character < " " for character in name) or any(part in ("", ".") for part in name.split("/")):
        return "a name with signs that no file has"
    if S_ISLNK(mode) or (S_IFMT(mode) and not S_ISREG(mode)):
        return "a link or a device, and no file"
    if entry.flag_bits & 0x1:
        return "it is locked with a password"
    if entry.compress_type not in _PLAIN:
        return "packed in a way that is not read"
    if entry.file_size > MOST_BYTES:
        return f"larger than {MOST_BYTES // MEGABYTE} MB"
    if entry.file_size > MEGABYTE and entry.file_size > entry.compress_size * _SPREAD:
        return "it unfolds to more than it may"
    return ""


def _write(archive: ZipFile, entry: ZipInfo, path: Path) -> int:
    """Write one entry and return its size; what is larger than it said breaks off."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        with archive.open(entry) as source, path.open("xb") as target:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > MOST_BYTES:
                    raise _refused(entry, f"larger than {MOST_BYTES // MEGABYTE} MB")
                target.write(chunk)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise _refused(entry, f"it cannot be unpacked: {error}") from None
    except OSError as error:
        raise _refused(entry, f"it cannot be written: {error.strerror}") from None
    return size


def _refused(entry: ZipInfo, reason: str) -> PackageRefused:
    return PackageRefused(f"{entry.filename}: {reason}")
