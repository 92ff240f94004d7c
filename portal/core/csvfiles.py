"""CSV files in and out: BOM and delimiter are found out, limits hold, and what is written is read back unchanged."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.core.errors import Problem

BYTES, ROWS, COLUMNS, CELL = 10 * 1024 * 1024, 50_000, 50, 32 * 1024
_BOM = "\ufeff"
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_GUARD = "'"


class CsvRefused(Problem):
    """The file as a whole cannot be taken; the message says why, and where."""

    status = 422


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row. `number` counts as a spreadsheet does, the header being row 1; every known column has a cell.

    `problem` says what is wrong with the row's shape, or is empty.
    """

    number: int
    cells: Mapping[str, str]
    problem: str = ""

    @property
    def where(self) -> str:
        """The place of this row in a report."""
        return f"row {self.number}"


def read(content: bytes, *, required: Sequence[str], optional: Sequence[str] = ()) -> tuple[CsvRow, ...]:
    """The rows of a file in UTF-8 with `,` or `;` between cells; CsvRefused where it is none, or too large.

    Column names are taken in any order and case. A missing, unknown or doubled one refuses the file, since a
    misspelt name would lose its cells silently. A guard put before a formula is taken off; blank rows are left out.
    """
    if len(content) > BYTES:
        raise CsvRefused(f"The file has {len(content):,} bytes; at most {BYTES:,} are taken.")
    text = _decoded(content)
    records = _records(text, _delimiter(text))
    header = _header(next(records, (1, []))[1], required, optional)
    known = (*required, *optional)
    return tuple(_row(number, header, cells, known) for number, cells in records if any(cells))


def write(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file that spreadsheets open rightly: UTF-8 with BOM, commas, formulas disarmed by a leading apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return (_BOM + out.getvalue()).encode("utf-8")


def _guarded(cell: str) -> str:
    """A leading apostrophe is guarded too, so that taking one off gives back what was there."""
    return _GUARD + cell if cell.startswith((*_FORMULA, _GUARD)) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith(_GUARD) and cell[1:].startswith((*_FORMULA, _GUARD)) else cell


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CsvRefused("The file is UTF-16; save it as “CSV UTF-8”.")
    try:
        text = content.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CsvRefused(f"Line {line} is not UTF-8; save the file as “CSV UTF-8”.") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise CsvRefused(f"Line {line} holds a NUL character; this is no text file.")
    return text


def _delimiter(text: str) -> str:
    """Whichever of the two stands more often in the header, quoted names left out."""
    header = text.lstrip("\r\n").partition("\n")[0]
    outside = "".join(header.split('"')[::2])
    return ";" if outside.count(";") > outside.count(",") else ","


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            if number > ROWS + 1:
                raise CsvRefused(f"The file has more than {ROWS:,} rows; split it.")
            if len(record) > COLUMNS:
                raise CsvRefused(f"Row {number} has {len(record)} columns; at most {COLUMNS} are taken.")
            if max(map(len, record), default=0) > CELL:
                raise CsvRefused(f"Row {number} has a cell of more than {CELL:,} characters.")
            yield number, [_unguarded(cell) for cell in record]
    except csv.Error as error:
        raise CsvRefused(f"Row {number + 1}, line {reader.line_num} cannot be read: {error}.") from None


def _header(names: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> list[str]:
    header = [name.strip().lower() for name in names]
    while header and not header[-1]:
        header.pop()
    known = [*required, *optional]
    for name in header:
        if name not in known:
            raise CsvRefused(f"Column “{name[:80]}” is not known. The columns are: {', '.join(known)}.")
        if header.count(name) > 1:
            raise CsvRefused(f"Column “{name}” stands there twice.")
    if missing := [name for name in required if name not in header]:
        raise CsvRefused(f"The first row must name the columns; missing: {', '.join(missing)}.")
    return header


def _row(number: int, header: Sequence[str], record: Sequence[str], known: Sequence[str]) -> CsvRow:
    extra = any(record[len(header) :])
    problem = f"the row has {len(record)} cells, the header {len(header)}" if extra else ""
    cells = dict.fromkeys(known, "") | dict(zip(header, record, strict=False))
    return CsvRow(number, cells, problem)
