"""Run as a process of its own: reads one file from its standard input and writes the words as JSON, within limits.

Nothing imports this: its libraries stay out of the web server, and a file that breaks one of them breaks this process
alone. `extracting` starts it.
"""

import csv
import io
import json
import logging
import os
import re
import resource
import signal
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any, BinaryIO, Final

from pypdf import PageObject, PdfReader
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from portal.shared.files.extracting import BEGINNING, DAMAGED, LOCKED, TOO_LARGE, WORDLESS, Extracted, Limits
from portal.shared.files.kinds import CSV, DOCX, ODS, ODT, PDF, PPTX, TEXTS, XLSX
from portal.shared.files.office import OPEN_TEXT, SLIDES, WORD, read_package

ROWS_OF_A_PAGE: Final = 100
_OPEN_FILES: Final = 32
_NICE: Final = 10
_WAYS_OUT: Final = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system", "ctypes.")
_BROKEN_WORD: Final = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zß-öø-ÿ])(?!(?:and|or|und|oder)\b)")
_UNSEEN: Final = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))


class Locked(Exception):
    """A password is needed."""


def main() -> None:
    """`extractor MIMETYPE LIMITS`: the limits as JSON."""
    mimetype, limits = sys.argv[1], Limits(**json.loads(sys.argv[2]))
    confine(limits)
    found = read(sys.stdin.buffer, mimetype, limits)
    sys.stdout.write(json.dumps({"text": found.text, "note": found.note}))


def confine(limits: Limits) -> None:
    """Hold this process to its limits, and to reading: it writes no file, starts no program and calls nobody."""
    logging.disable()
    csv.field_size_limit(limits.memory)
    os.nice(_NICE)
    signal.alarm(limits.whole_seconds)  # for the case that whoever started this is gone
    _hold(resource.RLIMIT_CPU, limits.processor_seconds, limits.processor_seconds + 1)
    _hold(resource.RLIMIT_AS, limits.memory, limits.memory)
    _hold(resource.RLIMIT_FSIZE, 0, 0)
    _hold(resource.RLIMIT_CORE, 0, 0)
    _hold(resource.RLIMIT_NOFILE, _OPEN_FILES, _OPEN_FILES)
    sys.addaudithook(_refuse_ways_out)


def read(file: BinaryIO, mimetype: str, limits: Limits) -> Extracted:
    """The words of a file as far as they can be read, and a note where they are not all."""
    gathered, room, note = list[str](), limits.characters, ""
    try:
        for number, part in enumerate(_READERS[mimetype](file)):
            if number >= limits.pages or len(part) > room:
                note = BEGINNING
            if number < limits.pages:
                gathered.append(tidy(part[:room]))
            room -= len(part)
            if note:
                break
    except Locked:
        note = LOCKED
    except MemoryError:
        note = TOO_LARGE
    except BaseException:  # a library in Rust panics beside Exception
        note = DAMAGED
    text = "\f".join(gathered)
    if text.strip():
        return Extracted(text, BEGINNING if note else "")
    return Extracted("", WORDLESS if note in ("", BEGINNING) else note)


def tidy(text: str) -> str:
    """One blank between words, no sign that a database refuses; words that a line's end broke are whole again."""
    text = unicodedata.normalize("NFC", text.translate(_UNSEEN).replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") or c == "\n" else " " for c in text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _BROKEN_WORD.sub("", "\n".join(line for line in lines if line))


def _read_pdf(file: BinaryIO) -> Iterator[str]:
    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Locked
    for page in reader.pages:
        yield _words_of_page(page)


def _words_of_page(page: PageObject) -> str:
    """One broken page costs its own words alone."""
    try:
        return page.extract_text()
    except MemoryError:
        raise
    except Exception:
        return ""


def _read_sheets(file: BinaryIO) -> Iterator[str]:
    """The sheets that an office shows, by their names, a line for each row."""
    workbook = CalamineWorkbook.from_filelike(file)
    for sheet in workbook.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            rows = workbook.get_sheet_by_name(sheet.name).iter_rows()
            yield from _pages_of(chain([sheet.name], _lines_of(rows)))


def _pages_of(lines: Iterator[str]) -> Iterator[str]:
    while block := list(islice(lines, ROWS_OF_A_PAGE)):
        yield "\n".join(block)


def _lines_of(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    for row in rows:
        if words := [word for cell in row if (word := _word_of(cell))]:
            yield " · ".join(words)


def _word_of(cell: Any) -> str:
    """A cell as a person would type it: 412 and not 412.0, a day without its midnight."""
    if isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.10g}"
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell).strip()


def _read_text(file: BinaryIO) -> Iterator[str]:
    yield file.read().decode("utf-8-sig", "replace")


def _read_csv(file: BinaryIO) -> Iterator[str]:
    """A line for each row; the first one tells what stands between its cells."""
    text = file.read().decode("utf-8-sig", "replace")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    return _pages_of(_lines_of(csv.reader(io.StringIO(text), delimiter=delimiter)))


_READERS: Final[dict[str, Callable[[BinaryIO], Iterator[str]]]] = {
    PDF.mimetype: _read_pdf,
    DOCX.mimetype: partial(read_package, dialect=WORD),
    PPTX.mimetype: partial(read_package, dialect=SLIDES),
    ODT.mimetype: partial(read_package, dialect=OPEN_TEXT),
    XLSX.mimetype: _read_sheets,
    ODS.mimetype: _read_sheets,
    **dict.fromkeys((kind.mimetype for kind in TEXTS), _read_text),
    CSV.mimetype: _read_csv,
}


def _hold(kind: int, soft: int, hard: int) -> None:
    """Set a limit, or the stricter one that this process has been given already."""
    given = resource.getrlimit(kind)[1]
    most = hard if given == resource.RLIM_INFINITY else min(hard, given)
    resource.setrlimit(kind, (min(soft, most), most))


def _refuse_ways_out(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_WAYS_OUT):
        raise PermissionError(f"a file is read and nothing else: {event}")


if __name__ == "__main__":
    main()
