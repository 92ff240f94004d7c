"""The parser: the library Markdown with our own links, headings, tasks and footnotes, and nothing that scans twice."""

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.admonition import AdmonitionExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import (
    BACKTICK_RE,
    HTML_RE,
    IMAGE_LINK_RE,
    IMAGE_REFERENCE_RE,
    LINK_RE,
    REFERENCE_RE,
    BacktickInlineProcessor,
    DelimiterProcessor,
    HtmlInlineProcessor,
    ImageInlineProcessor,
    ImageReferenceInlineProcessor,
    InlineProcessor,
    LinkInlineProcessor,
    ReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
)
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from portal.core.ids import ID
from portal.core.markdown_cleaner import is_known
from portal.core.markdown_limits import MAX_RUN, TASK_DONE, TASK_OPEN

LINK_REACH: Final = 2000
"""How far, in characters, a link's words and its target may run."""


class _Headings(BlockProcessor):
    """`## Words`, with a space: `#hashtag` stays a word."""

    RE = re.compile(r"(#{1,6})(?: |$)", re.MULTILINE)

    def test(self, parent: Element, block: str) -> bool:
        return self.RE.match(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        first, _, rest = blocks.pop(0).partition("\n")
        level = len(first) - len(first.lstrip("#"))
        words = first[level:].strip()
        bare = words.rstrip("#")
        heading = SubElement(parent, f"h{level}")
        heading.text = bare.rstrip() if not bare or bare.endswith(" ") else words
        if rest:
            blocks.insert(0, rest)


class _Reach(LinkInlineProcessor):
    """Looks for the end of a link no further than LINK_REACH, so that many open ones cost no square."""

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802
        text, length, found = super().getText(data[index : index + LINK_REACH], 0)
        return text, index + length, found

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:  # noqa: N802
        part = data[index : index + LINK_REACH]
        if ")" not in part:
            return "", None, index, False
        href, title, length, found = super().getLink(part, 0)
        return href, title, index + length, found


class _Link(_Reach, LinkInlineProcessor):
    pass


class _Image(_Reach, ImageInlineProcessor):
    pass


class _Reference(_Reach, ReferenceInlineProcessor):
    pass


class _ShortReference(_Reach, ShortReferenceInlineProcessor):
    pass


class _ImageReference(_Reach, ImageReferenceInlineProcessor):
    pass


class _ShortImageReference(_Reach, ShortImageReferenceInlineProcessor):
    pass


class _ItemLink(InlineProcessor):
    """`[[12]]`, `[[12#anchor]]` and `[[12|words]]`."""

    RE = rf"\[\[({ID})(#[^\s\[\]|#]{{1,120}})?(?:\|([^\[\]]{{1,300}}))?\]\]"

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        link = Element("a", {"href": f"item:{m[1]}{m[2] or ''}"})
        link.text = (m[3] or "").strip()
        return link, m.start(), m.end()


class _BareLink(InlineProcessor):
    """Addresses standing in the text; signs that close a sentence, and brackets not opened in them, stay outside."""

    RE = r"(?<![\w/.@:])(?:https?://|mailto:(?=[^\s@]{1,64}@))[^\s<>\"`|\\\x02\x03\ufdd0-\ufdef]{3,2000}"
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        address = m[0]
        while address[-1] in ".,:;!?'*_~)]}" and not (address[-1] == ")" and address.count("(") >= address.count(")")):
            address = address[:-1]
        link = Element("a", {"href": address})
        link.text = AtomicString(address.removeprefix("mailto:"))
        return link, m.start(), m.start() + len(address)


class _Html(HtmlInlineProcessor):
    """Tags that may stay; `<first name>` and the like are words of the author and stay readable."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        return super().handleMatch(m, data) if is_known(m[1]) else (None, None, None)


class _Code(BacktickInlineProcessor):
    """`` `code` ``, closed by just as many backticks; the library looks at each backtick that follows one by one."""

    TICKS = re.compile("`+")

    def find_code_spans(self, start: int, text: str) -> tuple[int, int | None]:  # type: ignore[override]
        ticks = self.TICKS.match(text, start)
        begin = ticks.end() if ticks else start
        closing = re.compile(f"(?<!`)`{{{begin - start}}}(?!`)").search(text, begin)
        return begin, closing.start() if closing else None


class _Emphasis(DelimiterProcessor):
    """`*`, `_` and `~~`."""

    def __init__(self, token: str, tags: str, md: Markdown) -> None:
        super().__init__(token, tags, md)
        self.add("_", tags, smart=True)
        self.add("~", "del", double=True)


class _Tasks(Treeprocessor):
    """`[ ]` and `[x]` at the beginning of a list item become signs, which `markdown_finish` makes check boxes of."""

    RE = re.compile(r"\[([ xX])\](?:\s+|$)")

    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            holder = item[0] if len(item) and not (item.text or "").strip() and item[0].tag == "p" else item
            task = self.RE.match(holder.text or "")
            if task:
                sign = TASK_OPEN if task[1] == " " else TASK_DONE
                holder.text = sign + (holder.text or "")[task.end() :]


class _LongRuns(Treeprocessor):
    """A paragraph longer than MAX_RUN is shown as it was typed: the work on one run grows with its square."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if len(element.text or "") > MAX_RUN:
                element.text = AtomicString(element.text or "")
            if len(element.tail or "") > MAX_RUN:
                element.tail = AtomicString(element.tail or "")


class _Footnotes(FootnoteExtension):
    """Footnotes are known by number, not by the name that was typed, and naming one again costs no search."""

    def makeFootnoteId(self, id: str) -> str:  # noqa: N802, A002
        return f"fn-{self.numbers[id]}"

    def makeFootnoteRefId(self, id: str, found: bool = False) -> str:  # noqa: N802, A002
        reference = f"fnref-{self.numbers[id]}"
        if not found:
            return reference
        count = self.found_refs[reference] = self.found_refs.get(reference, 0) + 1
        return reference if count == 1 else reference.replace("fnref", f"fnref{count}")

    def reset(self) -> None:
        super().reset()
        self.numbers: dict[str, int] = {}

    def setFootnote(self, id: str, text: str) -> None:  # noqa: N802, A002
        super().setFootnote(id, text)
        self.numbers.setdefault(id, len(self.numbers) + 1)


class _House(Extension):
    """Our own parts; what they replace in the library is taken out."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        for name in ("normalize_whitespace", "html_block"):
            md.preprocessors.deregister(name)
        md.parser.blockprocessors.deregister("code")
        md.parser.blockprocessors.register(_Headings(md.parser), "hashheader", 70)
        patterns = md.inlinePatterns
        patterns.register(_Code(BACKTICK_RE), "backtick", 190)
        patterns.register(_ItemLink(_ItemLink.RE, md), "item_link", 178)
        patterns.register(_Reference(REFERENCE_RE, md), "reference", 170)
        patterns.register(_Link(LINK_RE, md), "link", 160)
        patterns.register(_Image(IMAGE_LINK_RE, md), "image_link", 150)
        patterns.register(_ImageReference(IMAGE_REFERENCE_RE, md), "image_reference", 140)
        patterns.register(_ShortReference(REFERENCE_RE, md), "short_reference", 130)
        patterns.register(_ShortImageReference(IMAGE_REFERENCE_RE, md), "short_image_ref", 125)
        patterns.register(_Html(HTML_RE, md), "html", 90)
        patterns.register(_BareLink(_BareLink.RE, md), "bare_link", 70)
        patterns.register(_Emphasis("*", "strong,em", md), "em_strong", 60)
        md.treeprocessors.register(_Tasks(md), "tasks", 30)
        md.treeprocessors.register(_LongRuns(md), "long_runs", 25)


def build_parser() -> Markdown:
    """A parser for one text: it keeps state that no other thread may see, and building it takes less than 1 ms."""
    return Markdown(
        extensions=[
            AdmonitionExtension(),
            _Footnotes(SEPARATOR="-"),
            SaneListExtension(),
            TableExtension(use_align_attribute=True),
            _House(),
        ],
        output_format="html",
    )
