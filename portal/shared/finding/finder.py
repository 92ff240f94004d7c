"""Searches: the index names the hits, the database says which of them this person may see and what they say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.shared.finding.asking import ask_box
from portal.shared.finding.covering import cover_rows
from portal.shared.finding.facets import groups_of
from portal.shared.finding.marking import mark_words, marked
from portal.shared.finding.meaning import Meaning, Names, understand, value_of
from portal.shared.finding.offers import Counted, offers, unfinished
from portal.shared.finding.operators import FACETS, OPERATORS, day_number, states_on
from portal.shared.finding.pages import Labels, Note, Offer, Replacement, ResultList, ResultRow, search_url
from portal.shared.finding.queries import list_called, list_labels
from portal.shared.finding.syntax import Part, Typed, read
from portal.shared.finding.titles import list_by_title
from portal.shared.finding.word_queries import read_word_list
from portal.shared.finding.wording import WordList
from portal.shared.search_index.analysis import content, cut, fold, stem
from portal.shared.search_index.door import SearchEngine
from portal.shared.search_index.records import Explanation, Found, Hit, IndexUnavailable, Query, Snippet

UNAVAILABLE = Note("The search index is being built. Until it stands, only titles are searched.")
ASKED_KINDS = ("objection", "question")
MOST_SIMILAR = 5
FREE_FACETS = ("tag", "persona")
"""Facets whose values anybody may add: one knows of those that one can see in use."""

Rows = Callable[[Session, Actor, Sequence[Hit], Labels], Mapping[str, ResultRow]]
Mark = Callable[[str], Markup]
Told = TypeVar("Told", Found, Explanation)


@dataclass(frozen=True, slots=True)
class HitSource:
    """One kind of hit: its word, in one and many, and how its rows are read again through `visible_to`.

    Kinds with the same `rows` are read together, in one statement.
    """

    kind: str
    word: str
    plural: str
    rows: Rows


class Finder:
    """Answers searches for one process; made by the roof with a source for each kind."""

    def __init__(self, index: SearchEngine, sources: Sequence[HitSource]) -> None:
        self.index = index
        self.sources: Mapping[str, HitSource] = {source.kind: source for source in sources}
        self._words = ("", WordList())

    def search(
        self, session: Session, actor: Actor, typed: Typed, *, limit: int = 20, offset: int = 0, counting: bool = True,
        words: WordList | None = None,
    ) -> ResultList:  # fmt: skip
        """One ranked list, with facets where `counting`; a row shows only what `visible_to` let through just now.

        The last word may always be unfinished, so that the page shows what stood under the bar while typing. `words`
        is a word list to try out in the place of the company's.
        """
        names = self._names(session, actor, typed)
        names = names if words is None else replace(names, words=words)
        return self._search(session, actor, typed, names, limit=limit, offset=offset, counting=counting)

    def suggest(
        self, session: Session, actor: Actor, typed: Typed, *, limit: int = 8
    ) -> tuple[tuple[Offer, ...], ResultList]:
        """What could follow the operator that is being typed, and the first rows for the rest of the query."""
        names, part, options = self._names(session, actor, typed), unfinished(typed), tuple[Offer, ...]()
        if part is not None:
            rest = replace(typed, parts=typed.parts[:-1])
            counted = self._counted(actor, part, rest, names)
            options = offers(typed, counted, names, clock.today())
            is_whole = bool(understand(replace(typed, parts=(part,)), names, actor).chips)
            if options and part.kind == "operator" and not is_whole:
                typed = rest
        return options, self._search(session, actor, typed, names, limit=limit, offset=0, counting=False)

    def similar(self, session: Session, actor: Actor, title: str) -> tuple[ResultRow, ...]:
        """Objections and questions that have more than half of the words of a title, typos folded in."""
        try:
            labels = list_labels(session, actor) if actor.is_screen_shared else {}
            return self._alike(session, actor, read(title), labels)
        except IndexUnavailable:
            return ()

    def explain(self, session: Session, actor: Actor, typed: Typed, item_id: int) -> Explanation:
        """How `search` comes to the row of an item that this person may see; raises IndexUnavailable."""
        names = self._names(session, actor, typed)
        query = _query_of(typed, understand(typed, names, actor), names, actor)
        return self._finished(query, lambda asked: self.index.explain(asked, str(item_id)))

    def rows(
        self, session: Session, actor: Actor, keys: Sequence[str], labels: Labels | None = None
    ) -> tuple[ResultRow, ...]:
        """Rows by key (`objection:40`, `answer:43`) in the order given, such as those of a kit; what this person may
        not see is left out. A statement for all kinds that are read alike, and one for the labels if none are given."""
        labels = list_labels(session, actor) if labels is None else labels
        return self._rows(session, actor, _found_of(keys), escape, labels)

    def _search(
        self, session: Session, actor: Actor, typed: Typed, names: Names, *, limit: int, offset: int, counting: bool
    ) -> ResultList:
        meaning = understand(typed, names, actor)
        told = ResultList(chips=tuple(meaning.chips), notes=tuple(meaning.notes))
        if not (typed.title or meaning.chips):
            return told
        query = _query_of(typed, meaning, names, actor, limit=limit, offset=offset)
        search = self.index.search
        try:
            found = self._finished(replace(query, facets=tuple(FACETS)), search) if counting else search(query)
        except IndexUnavailable:
            plain = list_by_title(session, actor, query, {kind: one.word for kind, one in self.sources.items()})
            rows = cover_rows(plain, names.labels, actor)
            return replace(told, rows=rows, total=len(rows), notes=(UNAVAILABLE,))
        listed = replace(
            told,
            rows=self._rows(session, actor, found, _mark_of(typed, found, names.words), names.labels),
            facets=groups_of(found, typed, meaning, names.labels),
            replaced=_replacement(typed, found),
            complete=found.complete,
            took_ms=found.took_ms,
        )
        listed = replace(listed, total=found.total - (len(found.hits) - len(listed.rows)))
        if found.complete or offset:
            return listed
        similar = () if listed.rows or not counting else self._alike(session, actor, typed, names.labels)
        return replace(listed, ask=ask_box(typed, names.labels, similar))

    def _names(self, session: Session, actor: Actor, typed: Typed) -> Names:
        """What the operators of a query may name; of tags those that the index shows this person, and no others."""
        operators = [part for part in typed.parts if part.kind == "operator"]
        labels = list_labels(session, actor) | {"kind": {one.kind: one.plural for one in self.sources.values()}}
        seen = {}
        for facet in sorted({OPERATORS[part.name].facet for part in operators} & set(FREE_FACETS)):
            values = self._values(Query(words="", audiences=actor.audiences), facet)
            seen[facet] = {value: labels[facet][value] for value, _ in values if value in labels.get(facet, {})}
        called = list_called(session, [part.value for part in operators if part.name == "by"])
        if actor.is_screen_shared:  # what is typed out still filters, and nothing is named that was not
            typed_out = [part.value for part in operators if part.name == "competitor"]
            covered = {slug: value for slug, name in labels.get("covered", {}).items() for value in typed_out
                       if value_of({slug: name}, value)}  # fmt: skip
            seen["competitor"] = covered
            called = {value: [one.unnamed() for one in people] for value, people in called.items()}
        words = self._word_list(session, next(iter(labels.get("edition", ())), ""))
        return Names(labels, labels | {facet: {} for facet in FREE_FACETS} | seen, called, words)

    def _word_list(self, session: Session, edition: str) -> WordList:
        """The company's words, kept in this process and read again when the labels tell of another edition."""
        if edition != self._words[0]:
            self._words = (edition, read_word_list(session))
        return self._words[1]

    def _counted(self, actor: Actor, part: Part, rest: Typed, names: Names) -> Counted:
        """The values of the facet that is being typed, with their hits in the rest of the query, else with all."""
        facet = OPERATORS[part.name].facet if part.kind == "operator" else ""
        if facet in ("", "author"):
            return ()
        query = _query_of(rest, understand(rest, names, actor), names, actor)
        return self._values(query, facet) or self._values(Query(words="", audiences=actor.audiences), facet)

    def _values(self, query: Query, facet: str) -> Counted:
        try:
            asked = replace(query, limit=0, facets=(facet,), computed=_computed())
            return self.index.search(asked).facets[facet]
        except IndexUnavailable:
            return ()

    def _finished(self, query: Query, ask: Callable[[Query], Told]) -> Told:
        """Answer a query that was sent: a last word that nothing goes on from was mistyped, and is told as such."""
        words = cut(query.words).plain
        if query.typing and words and not self.index.words(words[-1], query.audiences, limit=1):
            found = ask(replace(query, typing=False))
            if words[-1] in dict(found.corrected):
                return found
        return ask(query)

    def _alike(self, session: Session, actor: Actor, typed: Typed, labels: Labels) -> tuple[ResultRow, ...]:
        wanted = Query(
            words=typed.title,
            typing=typed.title[-1:].isalnum(),
            audiences=actor.audiences,
            filters={"kind": ASKED_KINDS},
            limit=MOST_SIMILAR,
        )
        found, half = self.index.search(wanted), len(content(cut(typed.title).plain)) / 2
        near = replace(found, hits=tuple(hit for hit in found.hits if len(hit.missing) < half))
        return self._rows(session, actor, near, _mark_of(typed, found, WordList()), labels)

    def _rows(self, session: Session, actor: Actor, found: Found, mark: Mark, labels: Labels) -> tuple[ResultRow, ...]:
        """Read every hit again, one statement for all kinds that are read alike."""
        alike: dict[Rows, list[Hit]] = {}
        for hit in found.hits:
            if hit.kind in self.sources:
                alike.setdefault(self.sources[hit.kind].rows, []).append(hit)
        rows: dict[str, ResultRow] = {}
        for read_again, group in alike.items():
            rows.update(read_again(session, actor, group, labels))
        meant = dict(found.corrected)
        dressed = (_dress(rows[hit.key], hit, mark, meant) for hit in found.hits if hit.key in rows)
        return cover_rows(dressed, labels, actor)


def _found_of(keys: Sequence[str]) -> Found:
    """An answer that no index gave."""
    hits = tuple(
        Hit(key=key, kind=key.partition(":")[0], group=key, score=0.0, title="", snippet=Snippet(""), stored={},
            folded=0, missing=())
        for key in keys
    )  # fmt: skip
    return Found(hits=hits, total=len(hits), facets={}, corrected=(), complete=True, took_ms=0.0, generation="")


def _query_of(typed: Typed, meaning: Meaning, names: Names, actor: Actor, *, limit: int = 0, offset: int = 0) -> Query:
    return Query(
        words=typed.words,
        typing=typed.words[-1:].isalnum(),
        filters=meaning.filters,
        ranges=meaning.ranges,
        phrases=typed.phrases,
        excluded=typed.excluded,
        audiences=actor.audiences,
        limit=limit,
        offset=offset,
        sort=meaning.sort,
        synonyms=names.words.synonyms(typed.words),
        today=day_number(clock.today()),
        computed=_computed(),
        favourites=frozenset(names.labels.get("star", ())),
    )


def _computed() -> Mapping[str, Mapping[str, tuple[str, float, float]]]:
    """The states of today."""
    return {"state": states_on(clock.today())}


def _mark_of(typed: Typed, found: Found, words: WordList) -> Mark:
    """Marks the words of a query, what was taken for them or is read as them, and what its last word may become."""
    read_as = [word for reading in words.readings(typed.words) for word in reading.also]
    meant = " ".join([*(taken for _, taken in found.corrected), *read_as])
    stems = frozenset(stem(word) for word in cut(f"{typed.title} {meant}").plain)
    last = fold(typed.words.split()[-1]) if typed.words[-1:].isalnum() else ""
    return partial(mark_words, stems=stems, beginning=last if len(last) > 1 else "")


def _replacement(typed: Typed, found: Found) -> Replacement | None:
    meant = dict(found.corrected)
    pieces = typed.replaced(meant)
    if not any(is_replaced for _, is_replaced in pieces):
        return None
    return Replacement(pieces, typed.text, search_url(typed.literally(meant)))


def _dress(row: ResultRow, hit: Hit, mark: Mark, meant: Mapping[str, str]) -> ResultRow:
    """Mark what matched, and say what the row lacks, a mistyped word as what it was taken for."""
    missing = ", ".join(meant.get(word, word) for word in hit.missing)
    snippet = row.snippet_html
    if not row.say and not snippet and hit.snippet.text:
        snippet = marked(hit.snippet.text, hit.snippet.matches)
    return replace(
        row,
        title_html=mark(row.title),
        say_html=mark(row.say) if row.say else row.say_html,
        snippet_html=snippet,
        missing=f"without: {missing}" if missing else "",
        folded=f"{hit.folded} more place{'s' if hit.folded > 1 else ''}" if hit.folded else "",
        score=hit.score,
    )
