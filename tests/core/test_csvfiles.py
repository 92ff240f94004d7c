"""CSV files: found out, limited, disarmed, and read back as they were written."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.csvfiles import BYTES, CELL, ROWS, CsvRefused, read, write

CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


def cells(content: bytes, *names: str) -> list[list[str]]:
    """The cells of a file, row by row, in the order of the names."""
    return [[row.cells[name] for name in names] for row in read(content, required=names)]


@given(st.lists(st.tuples(CELLS, CELLS).filter(any), max_size=8))
def test_what_is_written_is_read_back_unchanged(rows: list[tuple[str, str]]) -> None:
    assert cells(write(["name", "text"], rows), "name", "text") == [list(row) for row in rows]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "'quoted"])
def test_formulas_are_disarmed_for_spreadsheets_alone(formula: str) -> None:
    content = write(["text"], [[formula]])
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1] == ["'" + formula]
    assert cells(content, "text") == [[formula]]


def test_apostrophe_before_a_letter_is_the_writers_own() -> None:
    assert cells(b"text\n'tis true\n", "text") == [["'tis true"]]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("mark", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_bom_delimiter_and_line_ends_are_found_out(bom: bytes, mark: str, end: str) -> None:
    rows = [mark.join(row) for row in (['"name"', "Text "], ["Ü", '"a, b; ""c"""'], ["x", ""])]
    assert cells(bom + end.join(rows).encode(), "name", "text") == [["Ü", 'a, b; "c"'], ["x", ""]]


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    content = b'name,text\n"two\nlines",x\n\n,\nlast,y\n'
    assert [(row.number, row.where) for row in read(content, required=["name", "text"])] == [(2, "row 2"), (5, "row 5")]


def test_columns_come_in_any_order_and_optional_ones_may_be_missing() -> None:
    [row] = read(b"TEXT;name;;\nhello;Dana;;\n", required=["name"], optional=["text", "more"])
    assert row.cells == {"name": "Dana", "text": "hello", "more": ""}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "missing: name"),
        (b"text\nx\n", "missing: name"),
        (b"name,nmae\n", "Column “nmae” is not known. The columns are: name, text."),
        (b"name,name\n", "stands there twice"),
        ("name\nÜ\nÖ".encode("latin-1"), "Line 2 is not UTF-8"),
        ("name\nx".encode("utf-16"), "UTF-16"),
        (b"name\nx\na\0b\n", "Line 3 holds a NUL"),
        (b'name\n"open\n', "Row 2, line 2 cannot be read"),
        (b'name\nx\n"a"b\n', "Row 3, line 3 cannot be read"),
        (b"name\n" + b"x" * (CELL + 1), "a cell of more than"),
        (b"name\n" + b"x" * 200_000, "cannot be read"),
        (b"name\n" + b"," * 60, "61 columns"),
        (b"name\n" + b"x\n" * (ROWS + 1), "more than 50,000 rows"),
        (b"x" * (BYTES + 1), "at most 10,485,760 are taken"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_place(content: bytes, message: str) -> None:
    with pytest.raises(CsvRefused, match=message.replace(".", r"\.")):
        read(content, required=["name"], optional=["text"])


def test_row_with_cells_beyond_the_header_names_its_trouble() -> None:
    [good, bad] = read(b"name\nx\ny,z\n", required=["name"])
    assert (good.problem, bad.problem) == ("", "the row has 2 cells, the header 1")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(CsvRefused):
        rows = read(b"name,text\n" + content, required=["name", "text"])
        assert all(set(row.cells) == {"name", "text"} for row in rows)
