"""What could follow while an operator is being typed: its values, most frequent first, or its name."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from portal.shared.finding.meaning import Names
from portal.shared.finding.operators import OPERATORS, SORTS
from portal.shared.finding.pages import Offer, search_url
from portal.shared.finding.queries import Called
from portal.shared.finding.syntax import Part, Typed
from portal.shared.search_index.analysis import fold

MOST_OFFERED = 8
SHORTEST_NAME = 4
"""Letters of a name from which on it is offered: shorter beginnings are mostly words of the buyer's."""
Counted = Sequence[tuple[str, int]]


def unfinished(typed: Typed) -> Part | None:
    """The operator, or the word that may become one, that is being typed."""
    last = typed.parts[-1] if typed.parts and typed.is_open else None
    if last is None or last.kind == "operator":
        return last
    word = last.text.lower()
    is_name = last.kind == "word" and (len(word) >= SHORTEST_NAME or word in OPERATORS)
    return last if is_name and any(name.startswith(word) for name in OPERATORS) else None


def offers(typed: Typed, counted: Counted, names: Names, today: date) -> tuple[Offer, ...]:
    """The ways to go on, at most MOST_OFFERED; none where what was typed is whole already.

    `counted` holds the values of the facet in question that the index counts for this person.
    """
    part = unfinished(typed)
    if part is None:
        return ()
    if part.kind == "word":
        begun = [name for name in OPERATORS if name.startswith(part.text.lower())]
        return tuple(_offer(typed, part, f"{name}:", OPERATORS[name].about, end="") for name in begun)
    facet = OPERATORS[part.name].facet
    if part.name == "by":
        values = _people(part.value, names.called.get(part.value, ()))
    elif facet:
        values = _of_facet(part.value, counted, names.labels.get(facet, {}))
    else:
        values = [one for one in _fixed(part.name, today) if one[0].startswith(part.value.lower())]
    if [value for value, _ in values] == [part.value.lower()]:
        return ()
    return tuple(_offer(typed, part, f"{part.name}:{value}", about) for value, about in values[:MOST_OFFERED])


def _offer(typed: Typed, part: Part, text: str, about: str, *, end: str = " ") -> Offer:
    fill = typed.put(part, text)
    return Offer(text, about, fill + end, search_url(fill))


def _of_facet(beginning: str, counted: Counted, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Values whose slug, name or a word of it begins so."""
    wanted = fold(beginning)
    begun = {value: (value, fold(name), *fold(name).split()) for value, name in names.items()}
    return [
        (value, f"{names[value]} · {count}")
        for value, count in counted
        if any(text.startswith(wanted) for text in begun.get(value, ()))
    ]


def _people(beginning: str, called: Sequence[Called]) -> list[tuple[str, str]]:
    slugs = [one.slug for one in called]
    people = [
        (f"@{one.slug}" if one.slug and slugs.count(one.slug) == 1 else f"@{one.id}", one.name)
        for one in called
        if one.is_present
    ]
    return [("me", "what I wrote"), *people] if "me".startswith(beginning.lower().lstrip("@")) else people


def _fixed(name: str, today: date) -> list[tuple[str, str]]:
    """What can be said without looking: orders, shares, and days that people mean."""
    if name == "sort":
        return [(order, about.lower()) for order, about in SORTS.items()]
    if name == "worked":
        return [(f">{share}", f"in more than {share} % of its uses") for share in (50, 60, 80)]
    days = [(today - timedelta(days=7), "a week ago"), (today - timedelta(days=30), "30 days ago")]
    return [
        (day.isoformat(), about) for day, about in [*days, (today.replace(month=1, day=1), "this year’s first day")]
    ]
