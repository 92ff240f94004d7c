"""What was typed into the search bar, read into words, phrases, exclusions and filters; any input answers.

`"exact phrase"`, `-word`, and `name:value` for the names in FILTERS. A name that is no filter is searched
as text and named in `unknown`, so that the page can say so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_LETTERS = 400
FILTERS: Mapping[str, str] = {
    "type": "kind",
    "tag": "tag",
    "competitor": "competitor",
    "stage": "stage",
    "category": "category",
    "dept": "dept",
    "is": "state",
}
_TOKEN = re.compile(
    r'(?P<minus>-)?"(?P<phrase>[^"]*)"|(?P<name>[a-z]+):(?P<value>"[^"]+"|[^\s"]+)|(?P<word>\S+)', re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A query as it was understood; `text` is what was typed, cut to MOST_LETTERS."""

    text: str
    words: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing to look for: no word, no phrase, no filter."""
        return not (self.words or self.phrases or self.filters)


def read(text: str) -> Typed:
    """Understand what was typed; never fails."""
    text = " ".join(text[:MOST_LETTERS].split())
    words, phrases, excluded, unknown = list[str](), list[str](), list[str](), list[str]()
    filters: dict[str, list[str]] = {}
    for token in _TOKEN.finditer(text):
        if token["phrase"] is not None:
            (excluded if token["minus"] else phrases).append(token["phrase"])
        elif token["name"] is not None:
            name, value = token["name"].lower(), token["value"].strip('"')
            if name in FILTERS:
                filters.setdefault(FILTERS[name], []).append(value.lower())
            else:
                words.append(token[0])
                if not value.startswith("//"):
                    unknown.append(name)
        elif token["word"].startswith("-") and len(token["word"]) > 1 and token["word"][1].isalnum():
            excluded.append(token["word"][1:])
        else:
            words.append(token["word"].replace('"', " "))
    return Typed(
        text=text,
        words=" ".join(words),
        phrases=tuple(phrase for phrase in phrases if phrase.strip()),
        excluded=tuple(phrase for phrase in excluded if phrase.strip()),
        filters={name: tuple(values) for name, values in filters.items()},
        unknown=tuple(dict.fromkeys(unknown)),
    )
