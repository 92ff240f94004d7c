"""What the templates of the word list may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.features.words.queries import Tried
from portal.shared.finding.models import WordGroup


@dataclass(frozen=True, slots=True)
class WordRow:
    """One entry of the list."""

    id: int
    kind: str
    theirs: Sequence[str]
    ours: Sequence[str]
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class WordsPage:
    """The list, the form of one entry (`id` is 0 for a new one), and what it would change for a search."""

    rows: Sequence[WordRow]
    id: int
    action: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    tried: Tried | None


@dataclass(frozen=True, slots=True)
class TryPage:
    """The try-out alone, while somebody types."""

    tried: Tried | None


def row_of(group: WordGroup) -> WordRow:
    """An entry as a row."""
    return WordRow(group.id, group.kind, group.theirs, group.ours, group.changed_at, f"/words/{group.id}")


def values_of(group: WordGroup) -> dict[str, str]:
    """An entry as the form shows it."""
    return {"kind": group.kind, "theirs": ", ".join(group.theirs), "ours": ", ".join(group.ours)}
