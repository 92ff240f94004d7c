"""What was typed into the search bar, taken apart: words, phrases, exclusions and operators; any input answers.

`"exact phrase"`, `-word`, and `name:value` for the names in OPERATORS, where a value may stand in quotes. A name that
is no operator is searched as text and told in `unknown`, so that the page can say so.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal
from unicodedata import category

from portal.shared.finding.operators import OPERATORS
from portal.shared.search_index.analysis import cut

MOST_LETTERS = 400
PartKind = Literal["word", "phrase", "without", "operator"]

_PART = re.compile(
    r'(?P<minus>-)?"(?P<phrase>[^"]*)"|(?P<name>[a-z]+):(?P<value>"[^"]*"?|[^\s"]*)|(?P<word>\S+)', re.IGNORECASE
)
_NEGATED = re.compile(r"-([a-z]+):", re.IGNORECASE)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
"""Telephones write these by themselves."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of what was typed: `text` as it stands there, `value` without quotes and name."""

    kind: PartKind
    text: str
    value: str
    name: str = ""

    def holds(self, words: Collection[str]) -> bool:
        """Whether one of some folded words stands in it, where it is no phrase and no operator."""
        return self.kind == "word" and any(word in words for word in cut(self.value).plain)


@dataclass(frozen=True, slots=True)
class Typed:
    """A query taken apart; `text` is what was typed, cut to MOST_LETTERS; `is_open` if no blank ended it."""

    text: str
    parts: tuple[Part, ...] = ()
    unknown: tuple[str, ...] = ()
    is_open: bool = True

    @property
    def words(self) -> str:
        """The words to look for, in their order."""
        return " ".join(part.value for part in self.parts if part.kind == "word")

    @property
    def phrases(self) -> tuple[str, ...]:
        """What was quoted."""
        return tuple(part.value for part in self.parts if part.kind == "phrase")

    @property
    def excluded(self) -> tuple[str, ...]:
        """Words and phrases after a minus sign."""
        return tuple(part.value for part in self.parts if part.kind == "without")

    @property
    def title(self) -> str:
        """What was said, without operators: the title of a question made of it."""
        return " ".join(part.value for part in self.parts if part.kind in ("word", "phrase"))

    @property
    def is_empty(self) -> bool:
        """Nothing was typed that could be looked for."""
        return not self.parts

    def without(self, *gone: Part) -> str:
        """The text without some parts, and without others that read the same."""
        texts = {part.text.lower() for part in gone}
        return " ".join(part.text for part in self.parts if part.text.lower() not in texts)

    def put(self, old: Part, text: str) -> str:
        """The text with another one in the place of a part."""
        return " ".join(text if part is old else part.text for part in self.parts)

    def replaced(self, meant: Mapping[str, str]) -> tuple[tuple[str, bool], ...]:
        """The parts as (text, whether a word in it was replaced), folded words exchanged for what they mean."""
        return tuple(
            (" ".join(meant.get(word, word) for word in cut(part.value).plain), True)
            if part.holds(meant)
            else (part.text, False)
            for part in self.parts
        )

    def literally(self, words: Collection[str]) -> str:
        """The text with some folded words in quotes, so that nothing is taken in their place."""
        return " ".join(f'"{part.value}"' if part.holds(words) else part.text for part in self.parts)


def read(text: str) -> Typed:
    """Take apart what was typed; never fails. Control characters and broken ones, which no address holds, go out."""
    kept = "".join(c for c in text.translate(_QUOTES) if c.isspace() or category(c) not in ("Cc", "Cs"))
    folded = " ".join(kept[:MOST_LETTERS].split())
    parts: list[Part] = []
    unknown: list[str] = []
    for token in _PART.finditer(folded):
        part, strange = _part_of(token)
        parts += [part] if part.value.strip() or part.kind == "operator" else []
        unknown += [strange] if strange else []
    return Typed(folded, tuple(parts), tuple(dict.fromkeys(unknown)), kept[-1:].strip() != "")


def _part_of(token: re.Match[str]) -> tuple[Part, str]:
    """A part, and the name in it that is no operator."""
    text = token[0]
    if token["phrase"] is not None:
        return Part("without" if token["minus"] else "phrase", text, token["phrase"]), ""
    if token["name"] is not None:
        name, value = token["name"].lower(), token["value"].strip('"').strip()
        if name in OPERATORS:
            return Part("operator", text, value, name), ""
        return _word(text), name if value and not value.startswith("//") else ""
    negated = _NEGATED.match(text)
    if negated and negated[1].lower() in OPERATORS:
        return _word(text, text[1:]), f"-{negated[1].lower()}"
    if text.startswith("-") and text[1:2].isalpha():
        return Part("without", text, text[1:]), ""
    return _word(text), ""


def _word(text: str, words: str = "") -> Part:
    return Part("word", text, (words or text).replace('"', " ").strip())
