"""What templates see of a search: rows that show the line to say, chips, facets with counts, notes and offers."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from portal.core.access import Actor

NOTHING = Markup("")
Labels = Mapping[str, Mapping[str, str]]
"""The names behind the slugs of facets: `{"stage": {"negotiation": "Negotiation"}}`; see `queries.list_labels`."""


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
    is_unowned: bool = False
    votes: int | None = None
    voted: bool = False
    may_vote: bool = False
    vote_url: str = ""
    star_url: str = ""
    starred: bool = False
    by: str = ""
    more: str = ""
    snippet_html: Markup = NOTHING
    missing: str = ""
    folded: str = ""
    score: float = 0.0


def star_of(actor: Actor, labels: Labels, item_id: int) -> tuple[str, bool]:
    """Where a star is given or taken back, and whether it is there; none is shown while the screen is shared."""
    url = "" if actor.is_screen_shared else f"/items/{item_id}/star"
    return url, str(item_id) in labels.get("star", ())


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
class Chip:
    """One active operator, with the address of the same search without it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Note:
    """What the reader must know about the search, with (name, address) of what could be asked instead."""

    text: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """Words that stand nowhere and what was taken for them: the query as (piece, is it replaced), and the address
    that searches for the words as typed."""

    pieces: tuple[tuple[str, bool], ...]
    typed: str
    url: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An operator that would go on from what is being typed: `fill` is the whole text with it, `about` says more."""

    text: str
    about: str
    fill: str
    url: str


@dataclass(frozen=True, slots=True)
class AskBox:
    """What to ask the team where a search fell short: `kind` is guessed, departments are (name, address); `is_wished`
    says that this person is told when it is answered."""

    title: str
    kind: str
    departments: tuple[tuple[str, str], ...]
    similar: tuple[ResultRow, ...] = ()
    is_wished: bool = False


@dataclass(frozen=True, slots=True)
class StartRow:
    """A link under the bar before the first letter; `kind` and `kind_word` as in `ResultRow`, empty for a search."""

    text: str
    url: str
    kind: str = ""
    kind_word: str = ""


@dataclass(frozen=True, slots=True)
class StartGroup:
    """A heading, such as "Searched lately", and its links."""

    title: str
    rows: tuple[StartRow, ...]


@dataclass(frozen=True, slots=True)
class ResultList:
    """The answer to one search; `complete` says that some row has all the words."""

    rows: tuple[ResultRow, ...] = ()
    total: int = 0
    facets: tuple[FacetGroup, ...] = ()
    chips: tuple[Chip, ...] = ()
    notes: tuple[Note, ...] = ()
    replaced: Replacement | None = None
    complete: bool = True
    ask: AskBox | None = None
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class LikePage:
    """What is like an item, for the column beside its page or, without scripts, as a page of its own."""

    title: str
    url: str
    rows: tuple[ResultRow, ...]


def search_url(text: str, number: int = 1) -> str:
    """The address of a page of results."""
    return "/search?" + urlencode({"q": text} | ({"page": str(number)} if number > 1 else {}), safe=":@")
