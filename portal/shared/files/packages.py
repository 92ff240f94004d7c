"""Looking into ZIP packages (office documents, archives) by their directory alone: nothing is ever unpacked."""

import io
import zipfile

from portal.shared.files.kinds import MOST_ENTRIES, MOST_RATIO, ZIP, Kind

_ENTRY = b"PK\x01\x02"
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".tar", ".jar", ".cab", ".iso", ".lz", ".z")
_PACKAGES = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".epub")
_MACROS = (".bin.vba", "vbaproject.bin", ".docm", ".xlsm", ".pptm", ".dotm", ".xltm", ".xlam", ".xlsb")
_ENCRYPTED = 0x1


def objection_to(data: bytes, kind: Kind) -> str:
    """Why a package may not be taken, in words, or nothing.

    At most 1,000 entries, together 50 times as large as packed; no archive inside an archive (an office document
    may hold the sheets behind its charts); no macros, no password, no entry that leads out of the package; and an
    office document must hold the part that makes it one.
    """
    # Before zipfile reads the directory: one of 500,000 entries would cost seconds and hundreds of megabytes.
    if data.count(_ENTRY) > MOST_ENTRIES:
        return f"has more than {MOST_ENTRIES:,} entries"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            declared = _declared_type(package)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RuntimeError):
        return "is damaged"
    if sum(entry.file_size for entry in entries) > MOST_RATIO * len(data):
        return f"would be more than {MOST_RATIO} times as large when unpacked"
    for entry in entries:
        if reason := _objection_to_entry(entry, kind):
            return reason
    names = {entry.filename for entry in entries}
    if kind.must_hold and (kind.must_hold not in names or (kind.must_hold == "mimetype" and declared != kind.mimetype)):
        return f"is no {kind.extensions[0].upper()} document inside"
    return ""


def _objection_to_entry(entry: zipfile.ZipInfo, kind: Kind) -> str:
    name = entry.filename.lower().replace("\\", "/")
    if entry.flag_bits & _ENCRYPTED:
        return "is locked with a password"
    if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/"):
        return "holds an entry that leads out of it"
    if name.endswith(_MACROS):
        return "holds macros"
    is_chart_data = kind is not ZIP and "/embeddings/" in f"/{name}"
    if name.endswith(_ARCHIVES) or (name.endswith(_PACKAGES) and not is_chart_data):
        return "holds another archive"
    return ""


def _declared_type(package: zipfile.ZipFile) -> str:
    """What an OpenDocument says that it is, in its entry `mimetype`; nothing where that is missing or too long."""
    try:
        entry = package.getinfo("mimetype")
    except KeyError:
        return ""
    return package.read(entry).decode("ascii", "replace").strip() if entry.file_size <= 100 else ""
