"""Words that matched, marked: plain text becomes escaped HTML with `<mark>` around the matches."""

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from portal.shared.search_index.analysis import fold, stem

_WORD = re.compile(r"[^\W_]+")


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """Escape `text` and mark the character spans, which do not overlap and are in order."""
    parts, at = list[str](), 0
    for start, end in spans:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    parts.append(escape(text[at:]))
    return Markup("".join(parts))  # noqa: S704 - every part is escaped above


def mark_words(text: str, stems: frozenset[str], beginning: str) -> Markup:
    """Mark the words of `text` whose stem was looked for, or that go on from an unfinished word (empty for none)."""
    spans = []
    for word in _WORD.finditer(text):
        folded = fold(word[0])
        if stem(folded) in stems or (beginning and folded.startswith(beginning)):
            spans.append(word.span())
    return marked(text, spans)
