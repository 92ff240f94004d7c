"""Files that hold words, of every kind that search can read, made on the spot."""

import io
from collections.abc import Sequence
from html import escape

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from tests.shared.files.samples import package

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def pdf(*pages: str, password: str = "", owner: str = "") -> bytes:
    """A PDF with a line of Latin text on each page; locked for readers by a password, for editors by an owner's."""
    writer = PdfWriter()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    helvetica = writer._add_object(DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()}))
    for text in pages:
        page = writer.add_blank_page(400, 400)
        fonts = DictionaryObject({NameObject("/F1"): helvetica})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = StreamObject()
        content.set_data(f"BT /F1 12 Tf 20 300 Td <{text.encode('cp1252').hex()}> Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
    if password or owner:
        writer.encrypt(password, owner or password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(body: str) -> bytes:
    """A Word file; `body` is its XML with the prefix `w`."""
    document = f'<w:document xmlns:w="urn:w" xmlns:mc="urn:mc"><w:body>{body}</w:body></w:document>'
    return package({"[Content_Types].xml": TYPES, "word/document.xml": document})


def paragraphs(*texts: str) -> str:
    """Paragraphs of a Word file."""
    return "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in texts)


def pptx(*slides: str, notes: str = "") -> bytes:
    """A PowerPoint file with a line on each slide, and notes for whoever speaks."""
    lines = {f"ppt/slides/slide{number}.xml": text for number, text in enumerate(slides, 1)}
    lines |= {"ppt/notesSlides/notesSlide1.xml": notes} if notes else {}
    shape = (
        '<p:sld xmlns:p="urn:p" xmlns:a="urn:a"><a:p><a:r><a:t>{}</a:t></a:r><a:fld><a:t>77</a:t></a:fld></a:p></p:sld>'
    )
    entries: dict[str, str | bytes] = {name: shape.format(escape(text)) for name, text in lines.items()}
    return package({"[Content_Types].xml": TYPES, "ppt/presentation.xml": "<p/>", **entries})


def xlsx(rows: Sequence[Sequence[str | float]], hidden: Sequence[Sequence[str | float]] = ()) -> bytes:
    """An Excel file with the sheets "Preise" and, out of sight, "Marge"."""
    sheets = [("Preise", "visible", rows), ("Marge", "hidden", hidden)]
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" state="{state}" r:id="r{number}"/>'
        for number, (name, state, _) in enumerate(sheets, 1)
    )
    targets = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    entries: dict[str, str | bytes] = {
        f"xl/worksheets/sheet{number}.xml": sheet("".join(map(_row, range(1, len(held) + 1), held)))
        for number, (_, _, held) in enumerate(sheets, 1)
    }
    main = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    return package(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{main}</Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">{targets}</Relationships>',
            **entries,
        }
    )


def sheet(rows: str) -> str:
    """A sheet of an Excel file."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def cell(place: str, value: str | float) -> str:
    """A cell of a sheet."""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def _row(number: int, values: Sequence[str | float]) -> str:
    cells = "".join(cell(f"{chr(ord('A') + at)}{number}", value) for at, value in enumerate(values))
    return f'<row r="{number}">{cells}</row>'


def odt(*texts: str) -> bytes:
    """An OpenDocument text."""
    lines = "".join(f"<text:p>{escape(text)}</text:p>" for text in texts)
    space = f'xmlns:office="{OPEN}:office:1.0" xmlns:text="{OPEN}:text:1.0"'
    content = f"<office:document-content {space}><office:body>{lines}</office:body></office:document-content>"
    return package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def ods(*texts: str) -> bytes:
    """An OpenDocument spreadsheet with one column."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    space = " ".join(f'xmlns:{name}="{OPEN}:{name}:1.0"' for name in ("office", "text", "table"))
    rows = "".join(
        '<table:table-row><table:table-cell office:value-type="string">'
        f"<text:p>{escape(text)}</text:p></table:table-cell></table:table-row>"
        for text in texts
    )
    content = (
        f'<office:document-content {space}><office:body><office:spreadsheet><table:table table:name="Blatt">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return package({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})
