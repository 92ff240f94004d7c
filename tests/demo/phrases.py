"""Twenty things that buyers say anywhere, gathered from what is written about selling, and not for this company.

Each with the categories of objection that a sensible person expects among the first three rows.
"""

import re
from typing import NamedTuple


class Phrase(NamedTuple):
    """What is said; and what it is about, by the slugs of categories."""

    said: str
    about: tuple[str, ...]

    @property
    def begun(self) -> str:
        """The first 60 % of its letters."""
        return self.said[: round(len(self.said) * 0.6)]

    @property
    def mistyped(self) -> str:
        """With two letters changed round in the middle of its longest word."""
        word = max(re.findall(r"\b[a-z]+\b", self.said), key=len)
        at = next(at for at in range(len(word) // 2, len(word)) if word[at] != word[at - 1])
        return self.said.replace(word, word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :], 1)


PHRASES = (
    Phrase("I can get it cheaper elsewhere", ("price", "competitor")),
    Phrase("why are you so expensive", ("price",)),
    Phrase("we don't have any money for this", ("price", "timing")),
    Phrase("is that your best offer", ("price",)),
    Phrase("call me in the third quarter", ("timing",)),
    Phrase("it's not the right time", ("timing",)),
    Phrase("I need to talk to my boss first", ("authority",)),
    Phrase("I'm not the person who decides this", ("authority",)),
    Phrase("I'm not interested", ("no-need",)),
    Phrase("we're good right now", ("no-need", "status-quo")),
    Phrase("I'm happy with my current vendor", ("status-quo", "competitor")),
    Phrase("we have always done it this way", ("status-quo",)),
    Phrase("we already signed with somebody else", ("competitor", "status-quo", "migration-effort")),
    Phrase("I tried you before and it didn't work", ("trust-and-risk",)),
    Phrase("I've never heard of your company", ("trust-and-risk",)),
    Phrase("changing over would be too much hassle", ("migration-effort", "status-quo")),
    Phrase("it won't work with what we have", ("integration",)),
    Phrase("it's missing a function that we need", ("feature-gap",)),
    Phrase("who helps us when it breaks at night", ("support",)),
    Phrase("we don't want to be tied down for years", ("contract-terms",)),
)
