"""An entry of the word list as typed, and what is said when it cannot be taken."""

import re

from portal.core.forms import Fields
from portal.shared.finding.models import WORD_KINDS
from portal.shared.finding.wording import Entry, normal_form
from portal.shared.search_index.analysis import STOP, cut

MOST_THEIRS, MOST_OURS, LONGEST, MOST_WORDS = 20, 5, 80, 8
_BETWEEN = re.compile(r"[,;\n]")


def read_entry(fields: Fields) -> Entry:
    """Read the form of an entry; Invalid names every field that is wrong.

    `kind` is same (`theirs` are words for the same thing, two at least) or one_way (`theirs` are read as `ours`).
    """
    kind = fields.choice("kind", "How they are read", WORD_KINDS, required=True)
    theirs = _words(fields, "theirs", "Words", MOST_THEIRS)
    ours = _words(fields, "ours", "Our words", MOST_OURS) if kind == "one_way" else ()
    if kind == "same" and "theirs" not in fields.errors and len(theirs) < 2:
        fields.errors["theirs"] = "Words: two at least, with a comma between them; forms of one word are one word."
    if kind == "one_way":
        for name, label, words in (("theirs", "Their words", theirs), ("ours", "Our words", ours)):
            if not words:
                fields.errors.setdefault(name, f"{label}: please write something here.")
        both = {normal_form(word) for word in theirs} & {normal_form(word) for word in ours}
        if both:
            fields.errors.setdefault("ours", "Our words: one of them stands on the other side too.")
    fields.check()
    return Entry(theirs, ours)


def _words(fields: Fields, name: str, label: str, most: int) -> tuple[str, ...]:
    """Words or short phrases with commas between them, each once."""
    parts = (" ".join(part.split()) for part in _BETWEEN.split(fields.text(name, label, most=2000)))
    found: dict[str, str] = {}
    for part in parts:
        plain = cut(part).plain
        if not part:
            continue
        if not plain or all(word in STOP for word in plain):
            fields.errors[name] = f"{label}: “{part}” says too little to be looked for."
        elif len(part) > LONGEST or len(plain) > MOST_WORDS:
            fields.errors[name] = f"{label}: “{part[:30]}…” is too long; {MOST_WORDS} words are the most."
        else:
            found.setdefault(normal_form(part), part)
    if len(found) > most:
        fields.errors[name] = f"{label}: at most {most}, these are {len(found)}."
    return tuple(found.values())
