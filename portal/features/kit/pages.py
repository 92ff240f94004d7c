"""What the templates of the own kit may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.shared.finding.pages import ResultRow


@dataclass(frozen=True, slots=True)
class RecentSearch:
    """One of the own searches of the last two weeks; `clear_url` takes it off the list."""

    words: str
    url: str
    found: int
    at: datetime
    clear_url: str


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A search with a name."""

    name: str
    query: str
    url: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class KitPage:
    """Everything that somebody keeps at hand."""

    starred: Sequence[ResultRow]
    opened: Sequence[ResultRow]
    saved: Sequence[SavedRow]
    recent: Sequence[RecentSearch]


@dataclass(frozen=True, slots=True)
class SaveForm:
    """A search that is about to get a name."""

    values: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StarButton:
    """The button after the star."""

    url: str
    starred: bool
