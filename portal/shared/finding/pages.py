"""What templates see of a search: rows that already show the line to say, and facets with counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

NOTHING = Markup("")
Labels = Mapping[str, Mapping[str, str]]
"""The names behind the slugs of facets: `{"stage": {"negotiation": "Negotiation"}}`."""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One hit. `say` is the words to say, larger than the title; `key` is the search document's."""

    key: str
    kind: str
    kind_word: str
    title: str
    url: str
    title_html: Markup = NOTHING
    say: str = ""
    say_html: Markup = NOTHING
    proof: str = ""
    proof_source: str = ""
    category: str = ""
    stage: str = ""
    mark: str = ""
    mark_text: str = ""
    votes: int | None = None
    voted: bool = False
    may_vote: bool = False
    vote_url: str = ""
    by: str = ""
    more: str = ""
    snippet_html: Markup = NOTHING
    missing: str = ""
    folded: str = ""
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """One value of a facet, with the address that sets or clears it."""

    name: str
    count: int
    url: str
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One facet: a heading and its choices, empty ones left out."""

    title: str
    choices: tuple[FacetChoice, ...]


@dataclass(frozen=True, slots=True)
class ResultList:
    """The answer to one search. `note` says what the reader must know, such as a filter that is none."""

    rows: tuple[ResultRow, ...] = ()
    total: int = 0
    facets: tuple[FacetGroup, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    complete: bool = True
    note: str = ""
    took_ms: float = 0.0
