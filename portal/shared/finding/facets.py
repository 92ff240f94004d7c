"""The filters beside the results: each facet's values with counts, and the address that sets or clears each."""

from portal.shared.finding.meaning import Meaning
from portal.shared.finding.operators import FACETS, NAME_OF
from portal.shared.finding.pages import FacetChoice, FacetGroup, Labels, search_url
from portal.shared.finding.syntax import Typed
from portal.shared.search_index.records import Found


def groups_of(found: Found, typed: Typed, meaning: Meaning, labels: Labels) -> tuple[FacetGroup, ...]:
    """The facets that have something to choose, chosen values first; a value without a hit or a name is left out."""
    groups = []
    for facet, title in FACETS.items():
        names = labels.get(facet, {})
        choices = [
            FacetChoice(names[value], count, toggled(typed, meaning, facet, value), meaning.is_on(facet, value))
            for value, count in found.facets.get(facet, ())
            if count and value in names
        ]
        if choices:
            groups.append(FacetGroup(title, tuple(sorted(choices, key=lambda choice: not choice.is_on))))
    return tuple(groups)


def toggled(typed: Typed, meaning: Meaning, facet: str, value: str) -> str:
    """The address of the same search with one value of a facet set, or taken away where it is set."""
    parts = [part for part, *chosen in meaning.chosen if chosen == [facet, value]]
    return search_url(typed.without(*parts) if parts else f"{typed.text} {NAME_OF[facet]}:{value}".strip())
