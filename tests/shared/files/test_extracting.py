"""Words come out of files of every kind, a file that resists costs little, and what reads them can only read."""

import io
import json
import tempfile
import zipfile
from dataclasses import replace

import pytest

from portal.shared.files import extracting
from portal.shared.files.extracting import Extracted, Limits, extract
from portal.shared.files.kinds import CSV, DOCX, ODS, ODT, PDF, PPTX, READABLE, TEXTS, XLSX, Kind
from tests.shared.files import worded
from tests.shared.files.samples import package

LIMITS = Limits(seconds=60, processor_seconds=30)
"""Wide enough for a machine that has much to do."""
CONFINED = """
import json, sys
from portal.shared.files.extracting import Limits
from portal.shared.files.extractor import confine
confine(Limits(**json.loads(sys.argv[2])))
"""


def run(data: bytes, kind: Kind, limits: Limits = LIMITS) -> Extracted:
    """Read a file as the worker does."""
    return ask(data, kind.mimetype, limits)


def ask(data: bytes, mimetype: str, limits: Limits = LIMITS, script: str = "") -> Extracted:
    """Hand bytes to the program as an open file, or to a script in its place."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return extract(file, mimetype, limits, program=("-c", script)) if script else extract(file, mimetype, limits)


WORDS = "Größe DN 80, Käsehausen"
KINDS = [
    (PDF, worded.pdf("Price list", WORDS), f"Price list\f{WORDS}"),
    (DOCX, worded.docx(worded.paragraphs("Price list", WORDS)), f"Price list\n{WORDS}"),
    (PPTX, worded.pptx("Price list", WORDS, notes="Smile"), f"Price list\f{WORDS}\fSmile"),
    (XLSX, worded.xlsx([["X-200", 412.0], [WORDS, 3.5]]), f"Preise\nX-200 · 412\n{WORDS} · 3.5"),
    (ODT, worded.odt("Price list", WORDS), f"Price list\n{WORDS}"),
    (ODS, worded.ods("Price list", WORDS), f"Blatt\nPrice list\n{WORDS}"),
    *((kind, f"\ufeffPrice  list\r\n\r\n{WORDS}".encode(), f"Price list\n{WORDS}") for kind in TEXTS if kind != CSV),
    (CSV, f"Price list\n{WORDS}".encode(), "Price list\nGröße DN 80 · Käsehausen"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "text"), KINDS, ids=[row[0].extensions[0] for row in KINDS])
def test_words_come_out_of_every_kind(kind: Kind, data: bytes, text: str) -> None:
    assert run(data, kind) == Extracted(text)


def test_every_kind_that_is_said_to_be_readable_is_tried_here() -> None:
    assert {row[0].mimetype for row in KINDS} == READABLE


def test_what_an_office_does_not_show_is_left_out() -> None:
    body = (
        "<w:p><w:r><w:t>Seen </w:t></w:r><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<mc:Choice><w:r><w:t>once</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>twice</w:t></w:r></mc:Fallback></w:p>"
    )
    assert run(worded.docx(body), DOCX).text == "Seen once"
    assert run(worded.xlsx([["list"]], hidden=[["margin"]]), XLSX).text == "Preise\nlist"
    assert "77" not in run(worded.pptx("A slide"), PPTX).text


def test_cells_of_a_list_stand_apart_whatever_parts_them() -> None:
    for mark in ",;\t":
        rows = f'Agent{mark}Strength{mark}{mark}Mind\r\n"Caustic{mark} hot"{mark}2 %{mark}{mark}"two\nlines"\r\n'
        assert run(rows.encode(), CSV).text == f"Agent · Strength · Mind\nCaustic{mark.strip()} hot · 2 % · two\nlines"


def test_words_that_a_line_broke_are_whole_again_and_odd_signs_are_gone() -> None:
    text = "Liefer-\nzeit, Liefer-\nund Zahlungsziel, X-\n200,\x00 soft\u00adware, cafe\u0301\x0b!"
    assert run(text.encode(), TEXTS[0]).text == "Lieferzeit, Liefer-\nund Zahlungsziel, X-\n200, software, café !"


def test_a_password_is_named_and_an_owners_alone_keeps_nobody_from_reading() -> None:
    assert run(worded.pdf("Secret", password="open sesame"), PDF) == Extracted("", extracting.LOCKED)
    assert run(worded.pdf("For all eyes", owner="mine"), PDF) == Extracted("For all eyes")


BROKEN = [
    (PDF, b"%PDF-1.7\nnothing of the kind\n%%EOF\n"),
    (PDF, worded.pdf("cut off")[:200]),
    (DOCX, worded.docx(worded.paragraphs("cut off"))[:-40]),
    (DOCX, package({"word/document.xml": "<w:document xmlns:w='u'><w:p>"})),
    (PPTX, b"PK\x03\x04"),
    (XLSX, package({"xl/workbook.xml": "<workbook"})),
    (ODS, package({"mimetype": "x", "content.xml": "<"})),
    (ODT, b""),
]


@pytest.mark.parametrize(("kind", "data"), BROKEN)
def test_a_broken_file_is_named_damaged(kind: Kind, data: bytes) -> None:
    assert run(data, kind) == Extracted("", extracting.DAMAGED)


def test_what_was_read_before_the_damage_is_kept() -> None:
    whole = "".join(f"<w:p><w:r><w:t>number {at}</w:t></w:r></w:p>" for at in range(5000))
    broken = worded.docx(f"{whole}<w:p></w:q>")
    found = run(broken, DOCX)
    assert found.text.startswith("number 0\nnumber 1\n")
    assert found.note == extracting.BEGINNING


@pytest.mark.parametrize(
    ("kind", "data"), [(PDF, worded.pdf("")), (DOCX, worded.docx("<w:p/>")), (TEXTS[0], b" \n\t ")]
)
def test_a_file_without_words_says_so(kind: Kind, data: bytes) -> None:
    assert run(data, kind) == Extracted("", extracting.WORDLESS)


def test_pages_and_letters_have_an_end() -> None:
    few = replace(LIMITS, pages=2)
    assert run(worded.pdf("one", "two", "three"), PDF, few) == Extracted("one\ftwo", extracting.BEGINNING)
    assert run(worded.pdf("one", "two"), PDF, few) == Extracted("one\ftwo")
    short = replace(LIMITS, characters=5)
    assert run(b"one two three", TEXTS[0], short) == Extracted("one t", extracting.BEGINNING)
    rows = [[f"row {number}"] for number in range(1, 1000)]
    found = run(worded.xlsx(rows), XLSX, few)
    assert found.note == extracting.BEGINNING
    assert found.text.endswith("row 199")


def test_a_declared_document_type_is_refused_with_its_entities() -> None:
    laughs = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    document = f"{laughs}<w xmlns='u'><p><t>&b;&c;</t></p></w>"
    assert run(package({"word/document.xml": document}), DOCX) == Extracted("", extracting.DAMAGED)


def test_what_swells_when_it_is_unpacked_is_given_up() -> None:
    bomb = package({"word/document.xml": b"<w:t xmlns:w='u'>" + b"a" * 120_000_000 + b"</w:t>"}, level=9)
    assert len(bomb) < 200_000
    found = run(bomb, DOCX, replace(LIMITS, memory=256 * 1024**2))
    assert found.text == ""
    assert found.note in (extracting.DAMAGED, extracting.TOO_LARGE, extracting.TOO_SLOW)


def test_a_sheet_that_claims_the_whole_plane_is_given_up() -> None:
    corners = worded.cell("A1", "first"), worded.cell("XFD1048576", "last")
    rows = f'<row r="1">{corners[0]}</row><row r="1048576">{corners[1]}</row>'
    with zipfile.ZipFile(io.BytesIO(worded.xlsx([["x"]]))) as made:
        entries: dict[str, str | bytes] = {name: made.read(name) for name in made.namelist()}
    vast = package({**entries, "xl/worksheets/sheet1.xml": worded.sheet(rows)})
    assert run(vast, XLSX) == Extracted("", extracting.CRASHED)


def test_a_program_that_sleeps_is_ended() -> None:
    assert ask(b"", "x", replace(LIMITS, seconds=0.5), "import time; time.sleep(600)").note == extracting.TOO_SLOW


def test_a_program_that_turns_in_circles_is_ended() -> None:
    busy = replace(LIMITS, processor_seconds=1)
    assert ask(b"", "x", busy, f"{CONFINED}while True: pass").note == extracting.TOO_SLOW


def test_a_program_that_nobody_waits_for_ends_itself() -> None:
    left = replace(LIMITS, seconds=60)
    script = CONFINED.replace("**json.loads(sys.argv[2])", "seconds=0.2") + "import time; time.sleep(600)"
    assert ask(b"", "x", left, script).note == extracting.TOO_SLOW


def test_the_program_can_only_read() -> None:
    script = f"""{CONFINED}
import os, socket, subprocess
said = []
for way in (
    lambda: socket.create_connection(("127.0.0.1", 9)),
    lambda: socket.getaddrinfo("example.com", 80),
    lambda: subprocess.run(["true"]),
    lambda: os.system("true"),
    lambda: os.fork(),
    lambda: open("/tmp/fieldhouse-never", "w").write("x" * 9000),
    lambda: bytearray(3 * 1024**3),
):
    try:
        way()
        said.append("did")
    except (PermissionError, OSError, MemoryError) as error:
        said.append(type(error).__name__)
print(json.dumps({{"text": " ".join(said), "note": ""}}))
"""
    assert ask(b"", "x", LIMITS, script).text == " ".join(["PermissionError"] * 5 + ["OSError", "MemoryError"])


def test_the_program_learns_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "do not tell")
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgresql://me:do-not-tell@db/portal")
    script = "import json, os; print(json.dumps({'text': ' '.join(os.environ), 'note': ''}))"
    assert "PORTAL" not in ask(b"", "x", LIMITS, script).text


@pytest.mark.parametrize("script", ["raise SystemExit('no library')", "import os; os.kill(os.getpid(), 9)"])
def test_what_is_not_the_files_fault_is_no_note(script: str) -> None:
    with pytest.raises(RuntimeError, match="the program that reads files ended"):
        ask(b"", "x", LIMITS, script)


def test_limits_survive_the_way_to_the_program() -> None:
    script = "import json, sys; print(json.dumps({'text': sys.argv[2], 'note': sys.argv[1]}))"
    told = ask(b"", "a/b", LIMITS, script)
    assert Limits(**json.loads(told.text)) == LIMITS
    assert told.note == "a/b"
