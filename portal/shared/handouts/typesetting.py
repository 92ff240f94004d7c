"""Sets a handout as PDF: a small program of its own, JSON in and PDF out, so that no web process loads its library."""

import base64
import io
import json
import resource
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, Final

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    HRFlowable,
    Image,
    Indenter,
    ListFlowable,
    ListItem,
    Paragraph,
    Preformatted,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from portal.shared.handouts.markup import Node, parse

MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 40
WIDTH: Final = A4[0] - 36 * mm - 12  # a frame keeps 6 points free at each side
INK, SOFT, LINE, ACCENT, BAD = (HexColor(value) for value in ("#1d2126", "#565d66", "#c9c4b8", "#0d6b4d", "#a8261f"))
DEJAVU: Final = Path("/usr/share/fonts/truetype/dejavu")
FACES: Final = (("Sans", "Vera.ttf", "DejaVuSans.ttf"), ("SansB", "VeraBd.ttf", "DejaVuSans-Bold.ttf"),
                ("SansI", "VeraIt.ttf", "DejaVuSans-Oblique.ttf"),
                ("SansBI", "VeraBI.ttf", "DejaVuSans-BoldOblique.ttf"))  # fmt: skip
INLINE: Final = {"strong": "b", "b": "b", "em": "i", "i": "i", "del": "strike", "sup": "super", "sub": "sub"}
MOST_COLUMNS: Final = 16
PADDING: Final = 6
HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
INSTEAD: Final = {"→": "->", "←": "<-", "✓": "[x]", "☑": "[x]", "☐": "[ ]", "\u00a0": " ", "\u202f": " "}


class Sheet:
    """One handout on its way to paper: fonts, styles, and the anchors that links may lead to."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.glyphs = _load_fonts()
        self.trees = [[parse(block["html"]) for block in leaf["blocks"]] for leaf in given["leaves"]]
        nodes = (node for trees in self.trees for tree in trees for node in tree.walk())
        headings = {node.values["id"] for node in nodes if node.tag in HEADINGS and "id" in node.values}
        self.anchors = headings | {leaf["anchor"] for leaf in given["leaves"]}

    def style(self, size: float = 9.5, **more: Any) -> ParagraphStyle:
        """Running text, or something made of it."""
        given = {
            "fontName": "Sans",
            "fontSize": size,
            "leading": size * 1.45,
            "textColor": INK,
            "spaceAfter": size * 0.6,
        }
        return ParagraphStyle("text", **{**given, **more})

    def text(self, words: str) -> str:
        """Words as a paragraph takes them; a sign that the font lacks gives way to one that it has."""
        if not all(ord(sign) in self.glyphs or sign in "\n\t" for sign in words):
            words = "".join(self._sign(sign) for sign in words)
        return escape(words, quote=False)

    def _sign(self, sign: str) -> str:
        if ord(sign) in self.glyphs or sign in "\n\t":
            return sign
        plain = INSTEAD.get(sign) or unicodedata.normalize("NFKD", sign)
        return "".join(one for one in plain if ord(one) in self.glyphs) or ("" if unicodedata.combining(sign) else "?")

    def inline(self, parts: Sequence[Node | str]) -> str:
        """Words and the tags within a line, in the markup of a paragraph."""
        return "".join(
            self.text(" ".join(part.split("\n"))) if isinstance(part, str) else self._tag(part) for part in parts
        )

    def _tag(self, node: Node) -> str:
        if node.tag == "br":
            return "<br/>"
        if node.tag == "input":
            return self.text("☑ " if "checked" in node.values else "☐ ")
        if node.tag == "img":
            return f"<i>{self.text(node.values.get('alt', '') or 'picture')}</i>"
        if node.values.get("class") == "footnote-backref":
            return ""
        inside = self.inline(node.inside)
        if node.tag in ("code", "kbd"):
            face = 'face="Courier"' if inside.isascii() else 'color="#565d66"'
            return f"<font {face}>{inside}</font>"
        if node.tag == "a":
            return self._link(node.values.get("href", ""), inside)
        name = INLINE.get(node.tag)
        return f"<{name}>{inside}</{name}>" if name else inside

    def _link(self, href: str, inside: str) -> str:
        known = (
            href[1:] in self.anchors if href.startswith("#") else href.startswith(("http://", "https://", "mailto:"))
        )
        return f'<a href="{escape(href)}" color="#0d6b4d">{inside}</a>' if known and inside.strip() else inside

    def flow(self, parts: Sequence[Node | str], style: ParagraphStyle, width: float) -> Iterator[Flowable]:
        """Everything in a tag, one below the other."""
        run: list[Node | str] = []
        for part in [*parts, Node("end")]:
            if isinstance(part, str) or not (part.is_block or part.tag in ("img", "end")):
                run.append(part)
                continue
            if words := self.inline(run).strip():
                yield Paragraph(words, style)
            run = []
            if isinstance(part, Node) and part.tag != "end":
                yield from self.block(part, style, width)

    def block(self, node: Node, style: ParagraphStyle, width: float) -> Iterator[Flowable]:
        """One tag that stands on lines of its own."""
        if node.tag == "img":
            yield self._picture(node, style, width)
        elif node.tag in HEADINGS:
            yield self._heading(node)
        elif node.tag in ("ul", "ol"):
            yield self._list(node, style, width)
            yield Spacer(1, style.spaceAfter)
        elif node.tag == "pre":
            yield self._code(node, width)
        elif node.tag == "table":
            yield from self._table(node, width)
        elif node.tag == "hr":
            yield HRFlowable(width="100%", color=LINE, spaceBefore=6, spaceAfter=6)
        elif node.tag == "blockquote" or "admonition" in node.values.get("class", "").split():
            is_box = node.tag == "div"
            soft = ParagraphStyle("soft", style, leftIndent=style.leftIndent + 12, textColor=INK if is_box else SOFT)
            yield from self.flow(node.inside, soft, width - 12)
        elif node.values.get("class") == "admonition-title":
            yield from self.flow(node.inside, ParagraphStyle("head", style, fontName="SansB", keepWithNext=1), width)
        else:
            yield from self.flow(node.inside, style, width)

    def _heading(self, node: Node) -> Flowable:
        size = {"1": 15.0, "2": 13.0, "3": 11.5}.get(node.tag[1], 10.0)
        style = self.style(size, fontName="SansB", leading=size * 1.25, spaceBefore=size * 0.7, keepWithNext=1)
        name = node.values.get("id", "")
        anchor = f'<a name="{escape(name)}"/>' if name in self.anchors else ""
        return Paragraph(anchor + self.inline(node.inside), style)

    def _list(self, node: Node, style: ParagraphStyle, width: float) -> Flowable:
        items = [one for one in node.inside if isinstance(one, Node)]
        tight = ParagraphStyle("item", style, spaceAfter=2, leftIndent=0)
        inside: list[Any] = [
            ListItem(list(self.flow(one.inside, tight, width - 16)) or [Spacer(1, 1)]) for one in items
        ]
        kind, start = ("1", 1) if node.tag == "ol" else ("bullet", "•")
        return ListFlowable(
            inside, bulletType=kind, start=start, leftIndent=16 + style.leftIndent, bulletFontName="Sans",
            bulletFontSize=8, bulletColor=SOFT,
        )  # fmt: skip

    def _code(self, node: Node, width: float) -> Flowable:
        words = "".join(self._sign(sign) for sign in node.words().rstrip("\n"))
        face = "Courier" if words.isascii() else "Sans"
        style = self.style(8, fontName=face, leading=10.5, textColor=SOFT)
        return Preformatted(words, style, maxLineLength=max(20, int(width / (8 * 0.62))), newLineChars="")

    def _table(self, node: Node, width: float) -> Iterator[Flowable]:
        rows = [[cell for cell in row.inside if isinstance(cell, Node)] for row in node.walk() if row.tag == "tr"]
        rows = [row for row in rows if row]
        columns = max(map(len, rows), default=0)
        if not columns:
            return
        if columns > MOST_COLUMNS:
            yield from (Paragraph(" · ".join(self.inline(cell.inside) for cell in row), self.style(8)) for row in rows)
            return
        sizes = [[min(len(cell.words()), 60) for cell in row] for row in rows]
        wanted = [max((row[at] for row in sizes if at < len(row)), default=1) + 4 for at in range(columns)]
        widths = [width * part / sum(wanted) for part in wanted]
        cells = [[*(self._cell(cell, at) for cell, at in zip(row, widths, strict=False)), *[""] * (columns - len(row))]
                 for row in rows]  # fmt: skip
        heads = sum(all(cell.tag == "th" for cell in row) for row in rows[:1])
        edges = (("LEFTPADDING", 0), ("RIGHTPADDING", PADDING))
        lines = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
                            *((name, (0, 0), (-1, -1), by) for name, by in edges)])  # fmt: skip
        yield Table(cells, colWidths=widths, repeatRows=heads, style=lines, splitInRow=1, hAlign="LEFT")
        yield Spacer(1, 8)

    def _cell(self, cell: Node, width: float) -> list[Flowable]:
        style = self.style(8.5, spaceAfter=0, fontName="SansB" if cell.tag == "th" else "Sans")
        return list(self.flow(cell.inside, style, max(width - PADDING, 12)))

    def _picture(self, node: Node, style: ParagraphStyle, width: float) -> Flowable:
        head, _, data = node.values.get("src", "").partition(";base64,")
        if not head.startswith("data:image/"):
            return Paragraph(f"<i>{self.text(node.values.get('alt', '') or 'picture')}</i>", style)
        stream = io.BytesIO(base64.b64decode(data))
        wide, high = ImageReader(stream).getSize()
        scale = min(width / wide, 0.75, 160 * mm / high)
        stream.seek(0)
        return Image(stream, wide * scale, high * scale, hAlign="LEFT")

    def story(self) -> Iterator[Flowable]:
        """All of it: the title, then leaf after leaf."""
        given = self.given
        small = self.style(8, textColor=SOFT)
        yield Paragraph(self.text(given["line"]), small)
        yield Paragraph(self.text(given["title"]), self.style(19, fontName="SansB", leading=23, spaceAfter=4))
        yield Paragraph(
            self._link(given["address"], self.text(given["address"])), self.style(8, textColor=SOFT, spaceAfter=14)
        )
        for leaf, trees in zip(given["leaves"], self.trees, strict=True):
            if leaf["number"]:
                yield HRFlowable(width="100%", color=LINE, spaceBefore=14, spaceAfter=8)
                head = f'<a name="{escape(leaf["anchor"])}"/>{leaf["number"]}  {self.text(leaf["title"])}'
                yield Paragraph(head, self.style(14, fontName="SansB", leading=18, keepWithNext=1))
                if leaf["why"]:
                    yield Paragraph(self.text(leaf["why"]), self.style(9, textColor=SOFT, keepWithNext=1))
            else:
                yield Paragraph(f'<a name="{escape(leaf["anchor"])}"/>', self.style(1, leading=1, spaceAfter=0))
            for block, tree in zip(leaf["blocks"], trees, strict=True):
                yield from self._block(block, tree)

    def _block(self, block: Mapping[str, str], tree: Node) -> Iterator[Flowable]:
        say, internal = block["style"] == "say", block["style"] == "internal"
        style = self.style(13 if say else 8.5 if block["style"] == "quiet" else 9.5)
        if say or internal:
            style = ParagraphStyle(
                "set apart", style, leftIndent=10, textColor=BAD if internal else INK, spaceBefore=14 if say else 0
            )
        if block["label"]:
            label = self.style(8, fontName="SansB", textColor=BAD if internal else SOFT, spaceAfter=1, keepWithNext=1)
            yield Paragraph(self.text(block["label"]), label)
        yield from ([Indenter(left=0)] if not tree.inside else self.flow(tree.inside, style, WIDTH))

    def set(self, pages: int) -> tuple[bytes, int]:
        """The PDF that says on each page how many there are, and how many there really are."""
        out, counted = io.BytesIO(), [0]
        document = SimpleDocTemplate(
            out, pagesize=A4, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=22 * mm, bottomMargin=20 * mm,
            title=self.given["title"], author="Fieldhouse", subject=self.given["stamp"] or self.given["line"],
        )  # fmt: skip
        draw = partial(self._edges, pages=pages, counted=counted)
        document.build(list(self.story()), onFirstPage=draw, onLaterPages=draw)
        return out.getvalue(), counted[0]

    def _edges(self, canvas: Canvas, document: Any, *, pages: int, counted: list[int]) -> None:
        counted[0] = canvas.getPageNumber()
        canvas.saveState()
        canvas.setFont("Sans", 7.5)
        canvas.setFillColor(SOFT)
        title = "".join(self._sign(sign) for sign in self.given["title"])
        while stringWidth(title, "Sans", 7.5) > WIDTH * 0.55:
            title = title[:-2].rstrip() + "…"
        canvas.drawString(18 * mm, A4[1] - 14 * mm, title)
        canvas.drawString(18 * mm, 12 * mm, self.given["date"])
        canvas.drawRightString(A4[0] - 18 * mm, 12 * mm, f"page {counted[0]} of {pages}")
        if self.given["stamp"]:
            canvas.setFont("SansB", 7.5)
            canvas.setFillColor(BAD)
            canvas.drawRightString(A4[0] - 18 * mm, A4[1] - 14 * mm, self.given["stamp"])
        canvas.restoreState()


def _load_fonts() -> frozenset[int]:
    """DejaVu where the machine has it, for more scripts; else the fonts that come with the library."""
    own = Path(reportlab.__file__).parent / "fonts"
    has_more = all((DEJAVU / more).exists() for _, _, more in FACES)
    for name, file, more in FACES:
        registerFont(TTFont(name, str(DEJAVU / more if has_more else own / file)))
    registerFontFamily("Sans", normal="Sans", bold="SansB", italic="SansI", boldItalic="SansBI")
    return frozenset(TTFont("probe", str(DEJAVU / FACES[0][2] if has_more else own / FACES[0][1])).face.charToGlyph)


def main() -> None:
    """Read the handout, set it twice (the first time counts the pages), and write it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    given = json.load(sys.stdin)
    _, pages = Sheet(given).set(0)
    body, _ = Sheet(given).set(pages)
    sys.stdout.buffer.write(body)


if __name__ == "__main__":
    main()
