"""Searches: the index names the hits, the database says which of them this person may see and what they say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.shared.finding.marking import mark_words, marked
from portal.shared.finding.pages import FacetChoice, FacetGroup, Labels, ResultList, ResultRow
from portal.shared.finding.queries import list_labels
from portal.shared.finding.syntax import Typed
from portal.shared.items.models import Item
from portal.shared.items.queries import BASES, url_of, visible_to
from portal.shared.search_index.analysis import cut, fold, stem
from portal.shared.search_index.engine import SearchIndex
from portal.shared.search_index.records import Found, Hit, IndexUnavailable, Query

FACETS: Mapping[str, str] = {
    "kind": "Kind",
    "category": "Category",
    "competitor": "Competitor",
    "stage": "Stage",
    "tag": "Tag",
    "dept": "Department",
    "state": "State",
}
UNAVAILABLE = "The search index is being built. Until it stands, only titles are searched."


@dataclass(frozen=True, slots=True)
class HitSource:
    """One kind of hit: its word, in one and many, and how its rows are read again through `visible_to`."""

    kind: str
    word: str
    plural: str
    rows: Callable[[Session, Actor, Sequence[Hit], Labels], Mapping[str, ResultRow]]


class Finder:
    """Answers searches for one process; made by the roof with a source for each kind."""

    def __init__(self, index: SearchIndex, sources: Sequence[HitSource]) -> None:
        self.index = index
        self.sources: Mapping[str, HitSource] = {source.kind: source for source in sources}

    def search(
        self, session: Session, actor: Actor, typed: Typed, *, limit: int = 20, offset: int = 0, counting: bool = True
    ) -> ResultList:
        """One ranked list, with facets where `counting`; a row shows only what `visible_to` let through just now.

        The last word may always be unfinished, so that the page shows what stood under the bar while typing.
        """
        labels = list_labels(session, actor) | {"kind": {one.kind: one.plural for one in self.sources.values()}}
        note = _note_of(typed)
        try:
            found = self.index.search(_query_of(typed, actor, limit, offset, counting))
        except IndexUnavailable:
            return replace(self._plain(session, actor, typed, limit), note=UNAVAILABLE)
        rows = self._rows(session, actor, found, typed, labels)
        return ResultList(
            rows=rows,
            total=found.total - (len(found.hits) - len(rows)),
            facets=_facets_of(found, typed, labels) if counting else (),
            corrected=found.corrected,
            complete=found.complete,
            note=note,
            took_ms=found.took_ms,
        )

    def _rows(
        self, session: Session, actor: Actor, found: Found, typed: Typed, labels: Labels
    ) -> tuple[ResultRow, ...]:
        """Read every hit again, one statement a kind."""
        hits, meant = found.hits, " ".join(taken for _, taken in found.corrected)
        stems = frozenset(stem(word) for word in cut(f"{typed.words} {' '.join(typed.phrases)} {meant}").plain)
        by_kind: dict[str, list[Hit]] = {}
        for hit in hits:
            by_kind.setdefault(hit.kind, []).append(hit)
        rows: dict[str, ResultRow] = {}
        for kind, group in by_kind.items():
            if kind in self.sources:
                rows.update(self.sources[kind].rows(session, actor, group, labels))
        last = fold(typed.words.split()[-1]) if typed.words and typed.text[-1:].isalnum() else ""
        mark = partial(mark_words, stems=stems, beginning=last if len(last) > 1 else "")
        return tuple(_dress(rows[hit.key], hit, mark) for hit in hits if hit.key in rows)

    def _plain(self, session: Session, actor: Actor, typed: Typed, limit: int) -> ResultList:
        """Titles that hold every word, for the minutes without an index."""
        wanted = select(Item).where(visible_to(actor), Item.kind.in_(list(BASES)))
        for word in typed.words.split()[:8]:
            wanted = wanted.where(Item.title.icontains(word, autoescape=True))
        items = session.scalars(wanted.order_by(Item.votes.desc(), Item.id).limit(limit)).all()
        rows = tuple(
            ResultRow(
                key=f"{item.kind}:{item.id}",
                kind=item.kind,
                kind_word=self.sources[item.kind].word if item.kind in self.sources else item.kind,
                title=item.title,
                url=url_of(item.kind, item.id, item.slug),
                votes=item.votes,
            )
            for item in items
        )
        return ResultList(rows=rows, total=len(rows))


def _query_of(typed: Typed, actor: Actor, limit: int, offset: int, counting: bool) -> Query:
    return Query(
        words=typed.words,
        typing=typed.text[-1:].isalnum(),
        filters=typed.filters,
        phrases=typed.phrases,
        excluded=typed.excluded,
        audiences=actor.audiences,
        limit=limit,
        offset=offset,
        facets=tuple(FACETS) if counting else (),
    )


def _dress(row: ResultRow, hit: Hit, mark: Callable[[str], Markup]) -> ResultRow:
    """Mark what matched, and say what the row lacks."""
    snippet = row.snippet_html
    if not row.say and not snippet and hit.snippet.text:
        snippet = marked(hit.snippet.text, hit.snippet.matches)
    folded = f"{hit.folded} more section{'s' if hit.folded > 1 else ''}" if hit.folded else ""
    missing = f"without: {', '.join(hit.missing)}" if hit.missing else ""
    return replace(
        row,
        title_html=mark(row.title),
        say_html=mark(row.say) if row.say else row.say_html,
        snippet_html=snippet,
        missing=missing,
        folded=folded,
        score=hit.score,
    )


def _note_of(typed: Typed) -> str:
    if not typed.unknown:
        return ""
    names = ", ".join(f"“{name}:”" for name in typed.unknown[:3])
    return f"{names} is no filter here; it was searched as text."


def _facets_of(found: Found, typed: Typed, labels: Labels) -> tuple[FacetGroup, ...]:
    groups = []
    for facet, title in FACETS.items():
        on = typed.filters.get(facet, ())
        names = labels.get(facet, {})
        choices = [
            FacetChoice(names.get(value, value), count, _toggled(typed, facet, value), value in on)
            for value, count in found.facets.get(facet, ())
            if count and (value in names or value in on)
        ]
        if choices:
            groups.append(FacetGroup(title, tuple(choices)))
    return tuple(groups)


_OPERATORS = {"kind": "type", "dept": "dept", "state": "is"}


def _toggled(typed: Typed, facet: str, value: str) -> str:
    """The address of the same search with one filter set, or taken away where it is set."""
    operator = f"{_OPERATORS.get(facet, facet)}:{value}"
    parts = typed.text.split()
    parts = (
        [part for part in parts if part.lower() != operator]
        if operator in map(str.lower, parts)
        else [*parts, operator]
    )
    return "/search?" + urlencode({"q": " ".join(parts)})
