"""What goes into the index and what comes out: documents, questions, hits, and the one error."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["ready", "missing", "outdated", "damaged"]
Trouble = Literal["missing", "outdated", "damaged", "busy"]


class IndexUnavailable(Exception):
    """The index cannot answer or be written now; `state` says why, and "busy" means that another writer is at work."""

    def __init__(self, state: Trouble) -> None:
        super().__init__(f"the search index is {state}")
        self.state = state


@dataclass(frozen=True, kw_only=True)
class Document:
    """One row that can be found. Whoever makes it decides what it shows and who may see it."""

    key: str
    """Unique, stable: "objection:40", "playbook:12#anchor"."""
    kind: str
    """Offered as the facet "kind"."""
    group: str
    """Rows of one group fold into one hit; often the key itself."""
    title: str
    variants: tuple[str, ...] = ()
    """Other wordings of the title; the best of them counts as the title does."""
    say: str = ""
    body: str = ""
    quiet: str = ""
    """Searched as the body is, and never shown in a snippet."""
    headings: str = ""
    tags: tuple[str, ...] = ()
    """Searched as headings are; what is filtered by is a facet."""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facet to values. "item" has the numbers of the things in it: what is starred and explained goes by them."""
    audiences: tuple[str, ...] = ()
    """Who may see it: "all", "dep:3", "team:2", "person:17"; nobody if empty."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """What can be sorted by and bounded, and what `ranking` reads where it is given: "votes"; "verify_by", the last day
    of a verification; "obsolete", 1; "worked" in percent of the times it was "tried"; "seen_on" for what must be fresh.
    Days count from 1970."""
    stored: Mapping[str, str] = field(default_factory=dict)
    """Words that a hit shows without being searched."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question by somebody with certain `audiences`. Only `words` may be missed by a hit; all else is hard."""

    words: str
    audiences: frozenset[str]
    typing: bool = False
    """The last word may be unfinished."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facet to accepted values: one of them within a facet, all facets together."""
    computed: Mapping[str, Mapping[str, tuple[str, float, float]]] = field(default_factory=dict)
    """Values of a facet that a number makes: facet to value to (number, lowest, highest). What depends on the day is
    filtered and counted by it, so that nothing need be written at midnight."""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Number to its lowest and highest accepted value; a row without the number is left out."""
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0
    sort: str = "relevance"
    """"relevance", "new" (by "updated"), "top" (by "votes"), or the name of another number."""
    facets: tuple[str, ...] = ()
    """The facets to count."""
    synonyms: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    """Word, as `analysis` folds it, to alternatives of one or more words, each with a weight up to 1."""
    today: float = 0.0
    """Days since 1970; at 0 nothing is stale or old."""
    favourites: frozenset[str] = frozenset()
    """What the asker has starred, as values of the facet "item"."""


@dataclass(frozen=True)
class Snippet:
    """A piece of a row's text and the (start, end) places in it where words of the question stand."""

    text: str
    matches: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One row of the answer: the best of its group."""

    key: str
    kind: str
    group: str
    score: float
    title: str
    snippet: Snippet
    stored: Mapping[str, str]
    folded: int
    """Other matching rows of its group."""
    missing: tuple[str, ...]
    """Words of the question that this row lacks."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The answer to one question. Every count is of groups that the asker may see."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    """Facet to (value, count), most frequent first; a facet's own filter is left out of its counts."""
    corrected: tuple[tuple[str, str], ...]
    """(typed, taken instead) for words that stand in no visible row."""
    complete: bool
    """Some row has all the words."""
    took_ms: float
    generation: str


@dataclass(frozen=True, kw_only=True)
class WordPart:
    """What was made of one word of a question, and what it adds to the BM25F of a row."""

    word: str
    stands_for: tuple[tuple[str, float, str], ...]
    """(word or words, weight, why): a stem as "stem", else "word list", "goes on", "spelling", or "other form"."""
    correction: str
    rows: int
    """Visible rows with one of these."""
    idf: float
    share: float = 0.0
    """Weight of the best of these in the row; 0 where it lacks the word."""
    title: float = 0.0
    lead: float = 0.0
    body: float = 0.0


@dataclass(frozen=True, kw_only=True)
class RowPart:
    """The arithmetic of one row; `ranking` has the formula and the names."""

    key: str
    title: str
    place: int
    """Among the groups found, from 1."""
    pairs: tuple[tuple[str, str, float], ...]
    bm25f: float
    best_bm25f: float
    title_line: int
    """The line whose words count in BM25F: 0 is the title, 1 the first variant."""
    coverage: float
    filled_line: int
    """The line that T and F are of."""
    title_covered: float
    title_named: float
    text: float
    lifts: Mapping[str, float]
    is_obsolete: bool
    standing: float
    is_starred: bool
    score: float
    """As the hit has it."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """How a question came to the row of one item, or why it has none."""

    words: tuple[WordPart, ...]
    row: RowPart | None
    absence: Literal["", "not indexed", "no word", "few words", "left out"]
    """Why there is no row: the asker sees no document of it, it has none of the words, too few for an order that is
    not by relevance, or a condition leaves it out."""
    total: int
    corrected: tuple[tuple[str, str], ...]
