"""A file is what it holds: every kind that is taken, and every way in which one is refused."""

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.core.errors import Invalid
from portal.shared.files import kinds
from portal.shared.files.sniffing import check_file, safe_name
from tests.shared.files import samples


def refusal(name: str, data: bytes) -> str:
    """Why a file is not taken."""
    with pytest.raises(Invalid) as refused:
        check_file(name, data)
    return refused.value.errors["file"]


TAKEN = [
    ("plan.pdf", samples.PDF, "application/pdf"),
    ("plan.txt", "Grüße\n".encode(), "text/plain"),
    ("plan.CSV", b"a;b\n1;2\n", "text/csv"),
    ("plan.md", b"# Plan\n", "text/markdown"),
    ("plan.docx", samples.office("docx"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("plan.xlsx", samples.office("xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("plan.pptx", samples.office("pptx"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("plan.odt", samples.office("odt"), "application/vnd.oasis.opendocument.text"),
    ("plan.ods", samples.office("ods"), "application/vnd.oasis.opendocument.spreadsheet"),
    ("plan.zip", samples.package({"a.txt": "a", "b/c.txt": "c"}), "application/zip"),
]


@pytest.mark.parametrize(("name", "data", "mimetype"), TAKEN, ids=[row[0] for row in TAKEN])
def test_attachments_are_kept_as_they_are(name: str, data: bytes, mimetype: str) -> None:
    checked = check_file(name, data)
    assert (checked.name, checked.mimetype, checked.data) == (name, mimetype, data)


@pytest.mark.parametrize(("kind", "extension"), [("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp")])
def test_pictures_are_written_anew_and_named_by_what_they_hold(kind: str, extension: str) -> None:
    checked = check_file("photo.bmp", samples.picture(kind))
    assert checked.name == f"photo.{extension}"
    assert (checked.width, checked.height) == (6, 4)
    assert Image.open(io.BytesIO(checked.data)).format == kind


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_tells_nothing_but_what_can_be_seen_and_stands_upright(kind: str) -> None:
    told = samples.told_picture(kind) + b"SECRET behind the end"
    checked = check_file(f"photo.{kind}", told)
    assert b"SECRET" in told
    assert b"SECRET" not in checked.data
    assert (checked.width, checked.height) == (4, 6)
    assert not Image.open(io.BytesIO(checked.data)).getexif()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_stays_one(kind: str) -> None:
    checked = check_file("a.gif", samples.picture(kind, frames=5))
    assert getattr(Image.open(io.BytesIO(checked.data)), "n_frames", 1) == 5


def test_a_picture_in_two_parts_keeps_the_first() -> None:
    checked = check_file("a.jpg", samples.picture("MPO", frames=2))
    assert checked.mimetype == "image/jpeg"


REFUSED = [
    ("nothing", "a.txt", b"", "is empty"),
    ("unknown kind", "a.exe", b"MZ\x90\x00\x03", "of a kind that is not kept here"),
    ("no ending", "Makefile", b"all:\n", "of a kind that is not kept here"),
    ("drawing", "a.svg", samples.SVG, "of a kind that is not kept here"),
    ("page", "a.html", samples.HTML, "of a kind that is not kept here"),
    ("page called picture", "a.png", samples.HTML, "does not hold what its ending “.png” says"),
    ("drawing called picture", "a.png", samples.SVG, "does not hold what its ending “.png” says"),
    ("broken picture", "a.png", samples.picture()[:40], "is no picture that can be read"),
    ("binary called text", "a.txt", b"\x00\x01\x02", "does not hold"),
    ("wrong encoding", "a.csv", "Grüße".encode("latin-1"), "does not hold"),
    ("PDF called text", "a.txt", samples.PDF, "does not hold"),
    ("ZIP called PDF", "a.pdf", samples.package({"a": "b"}), "does not hold"),
    ("PDF without end", "a.pdf", b"%PDF-1.7\n", "does not hold"),
    ("text called ZIP", "a.zip", b"PK but not", "does not hold"),
    ("broken ZIP", "a.zip", samples.package({"a.txt": "a"})[:-30], "is damaged"),
    ("ZIP called document", "a.docx", samples.package({"a.txt": "a"}), "is no DOCX document inside"),
    ("sheet called document", "a.docx", samples.office("xlsx"), "is no DOCX document inside"),
    ("sheet called text", "a.odt", samples.office("ods"), "is no ODT document inside"),
    ("macros", "a.docx", samples.office("docx", **{"word/vbaProject.bin": b"x"}), "holds macros"),
    ("archive inside", "a.zip", samples.package({"b.zip": samples.package({"a": "b"})}), "holds another archive"),
    ("document inside", "a.zip", samples.package({"b.docx": samples.office("docx")}), "holds another archive"),
    ("way out", "a.zip", samples.package({"../../etc/passwd": "x"}), "leads out of it"),
    ("way from the top", "a.zip", samples.package({"/etc/passwd": "x"}), "leads out of it"),
    ("bomb", "a.zip", samples.package({"a.txt": "0" * 20_000_000}), "more than 50 times as large"),
    ("too many entries", "a.zip", samples.package({f"{n}": "" for n in range(1001)}), "more than 1,000 entries"),
    ("too large", "a.txt", b"x" * (kinds.MOST_BYTES + 1), "a file may have 25 MB"),
    ("too large a picture", "a.gif", b"GIF89a" + b"x" * kinds.MOST_PICTURE_BYTES, "a picture may have 10 MB"),
    ("too many frames", "a.gif", samples.picture("GIF", (2, 2), frames=201), "more than 200 frames"),
    ("too many pixels", "a.png", samples.picture(size=(12_000, 12_000)), "more than 40 megapixels"),
    ("too many pixels in all", "a.gif", samples.picture("GIF", (2000, 2000), frames=11), "more than 40 megapixels"),
]


@pytest.mark.parametrize(("name", "data", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_refused_is_refused_within_a_second(name: str, data: bytes, reason: str) -> None:
    started = time.process_time()
    assert reason in refusal(name, data)
    assert time.process_time() - started < 1


def test_a_directory_of_half_a_million_entries_is_never_read() -> None:
    data = samples.package({"a.txt": "a"})
    start = data.index(b"PK\x01\x02")
    data = data[:start] + data[start : data.index(b"PK\x05\x06")] * 300_000 + data[data.index(b"PK\x05\x06") :]
    assert "more than 1,000 entries" in refusal("a.zip", data)


def test_the_sheet_behind_a_chart_is_no_archive_in_an_archive() -> None:
    chart = samples.office("pptx", **{"ppt/embeddings/Sheet1.xlsx": samples.office("xlsx")})
    assert check_file("a.pptx", chart).data == chart


def test_an_import_takes_drawings_too() -> None:
    assert check_file("a.svg", samples.SVG, kinds.IMPORTED).mimetype == "image/svg+xml"
    assert kinds.SVG.mimetype not in kinds.INLINE


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\dana\\Plan.pdf", "Plan.pdf"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie x.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("...", "file"),
        ("", "file"),
        ("Größe.png", "Größe.png"),
    ],
)
def test_names_are_made_safe(typed: str, kept: str) -> None:
    assert safe_name(typed) == kept


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_can_stand_in_a_header(typed: str) -> None:
    name = safe_name(typed)
    assert 0 < len(name) <= 120
    assert not set(name) & set('/\\\r\n\0"')
