"""What the operators of a query mean here: filters, bounds and an order, chips for them, and notes on what none is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.core.access import Actor
from portal.core.ids import slugify
from portal.shared.finding.operators import NAME_OF, OPERATORS, SORTS, Bounds, day_number, read_day, read_share
from portal.shared.finding.pages import Chip, Labels, Note, search_url
from portal.shared.finding.queries import Called
from portal.shared.finding.syntax import Part, Typed
from portal.shared.finding.wording import WordList
from portal.shared.search_index.analysis import fold

MOST_CHOICES = 14
NAMED_AS: Mapping[str, str] = {
    "kind": "kind", "tag": "tag", "competitor": "competitor", "stage": "stage", "category": "category",
    "persona": "persona", "dept": "department", "state": "state",
}  # fmt: skip
"""What a value of a facet is called."""


@dataclass(frozen=True, slots=True)
class Names:
    """What operators may name: `known` are the values that somebody may know of, of all that have `labels`;
    `called` those whom each name after `by:` may mean; `words` what plain words are also read as."""

    labels: Labels
    known: Labels
    called: Mapping[str, Sequence[Called]] = field(default_factory=dict)
    words: WordList = field(default_factory=WordList)


@dataclass(slots=True)
class Meaning:
    """What a query asks beside its words; `chosen` holds the operators that name a value of a facet."""

    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[str, Bounds] = field(default_factory=dict)
    sort: str = "relevance"
    chosen: list[tuple[Part, str, str]] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def is_on(self, facet: str, value: str) -> bool:
        """Whether a value of a facet is asked for."""
        return value in self.filters.get(facet, ())


def understand(typed: Typed, names: Names, actor: Actor) -> Meaning:
    """Read every part; what cannot be read is left out of the search and told in a note."""
    reader = _Reader(typed, names, actor, Meaning())
    for part in typed.parts:
        reader.read(part)
    if typed.unknown:
        strange = ", ".join(f"“{name}:”" for name in typed.unknown[:3])
        said = "is no filter here and was" if len(typed.unknown) == 1 else "are no filters here and were"
        there_are = ", ".join(f"{name}:" for name in OPERATORS)
        reader.meaning.notes.append(Note(f"{strange} {said} searched as text. There are {there_are}."))
    return reader.meaning


def value_of(labels: Mapping[str, str], value: str) -> str:
    """The slug that a value means, be it typed as slug or as name; empty where there is none."""
    for candidate in (value.lower(), slugify(value)):
        if candidate in labels:
            return candidate
    return next((known for known, name in labels.items() if fold(name) == fold(value)), "") if value else ""


def shown_day(day: date) -> str:
    """`1 Jan 2026`."""
    return f"{day.day} {day:%b} {day.year}"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one query part by part."""

    typed: Typed
    names: Names
    actor: Actor
    meaning: Meaning

    def read(self, part: Part) -> None:
        if part.kind == "phrase":
            self._chip(part, f"“{part.value}”")
        elif part.kind == "without":
            self._chip(part, f"without “{part.value}”")
        elif part.kind == "operator":
            match part.name:
                case "by":
                    self._read_author(part)
                case "worked":
                    self._read_worked(part)
                case "after" | "before":
                    self._read_day(part)
                case "sort":
                    self._read_sort(part)
                case _:
                    self._read_value(part, OPERATORS[part.name].facet)

    def _read_value(self, part: Part, facet: str) -> None:
        known = self.names.known.get(facet, {})
        former = self.names.known.get("former", {}) if facet == "dept" else {}
        value = value_of(known, part.value) or former.get(part.value.lower(), "")
        if value in known:
            self._filter(part, facet, [value], known[value])
            return
        what = NAMED_AS[facet]
        said = (
            f"There is no {what} “{part.value}”; it was left out." if part.value else f"“{part.name}:” wants a {what}."
        )
        if known:
            rest = f", {MOST_CHOICES} of {len(known)}" if len(known) > MOST_CHOICES else ""
            said += f" You can choose from these{rest}:"
        self._note(part, said, [(name, slug) for slug, name in known.items()])

    def _read_author(self, part: Part) -> None:
        if part.value.lower() in ("me", "@me"):
            self._filter(part, "author", [str(self.actor.person_id)], "me")
            return
        people = [one for one in self.names.called.get(part.value, ()) if one.is_meant(part.value)]
        if not people:
            said = f"Nobody here is called “{part.value}”; it was left out." if part.value else "“by:” wants a name."
            self._note(part, f"{said} Write by:@ and a first or last name, or", [("by:me", "me")])
            return
        shown = " or ".join(one.name for one in people[:3]) + (" …" if len(people) > 3 else "")
        self._filter(part, "author", [str(one.id) for one in people], shown)
        if len(people) > 1:
            choices = [(one.name, f"@{one.id}") for one in people]
            self._note(part, f"“{part.text}” means {len(people)} people; take one:", choices)

    def _read_worked(self, part: Part) -> None:
        share = read_share(part.value)
        if share is None:
            self._unreadable(part, "a percentage", (">60", "<40"))
            return
        bounds, said = share
        self._bound("worked", bounds)
        self._chip(part, f"worked in {said}")

    def _read_day(self, part: Part) -> None:
        day = read_day(part.value)
        if day is None:
            self._unreadable(part, "a day", ("2026-01-01", "2026-03", "2026"))
        elif part.name == "after":
            self._bound("updated", (day_number(day), math.inf))
            self._chip(part, f"changed since {shown_day(day)}")
        else:
            self._bound("updated", (-math.inf, day_number(day) - 1))
            self._chip(part, f"changed before {shown_day(day)}")

    def _read_sort(self, part: Part) -> None:
        order = part.value.lower()
        if order in SORTS:
            self.meaning.sort = order
            self._chip(part, SORTS[order].lower())
        else:
            self._unreadable(part, "an order", tuple(SORTS))

    def _unreadable(self, part: Part, what: str, examples: Sequence[str]) -> None:
        said = f"“{part.value}” is not {what}; it was left out." if part.value else f"“{part.name}:” wants {what}."
        self._note(part, f"{said} Such as", [(f"{part.name}:{one}", one) for one in examples])

    def _filter(self, part: Part, facet: str, values: Sequence[str], shown: str) -> None:
        """One of the values within a facet, all facets together."""
        meaning = self.meaning
        meaning.filters[facet] = tuple(dict.fromkeys((*meaning.filters.get(facet, ()), *values)))
        meaning.chosen += [(part, facet, value) for value in values]
        self._chip(part, f"{NAME_OF[facet]}: {shown}")

    def _bound(self, number: str, bounds: Bounds) -> None:
        low, high = self.meaning.ranges.get(number, (-math.inf, math.inf))
        self.meaning.ranges[number] = (max(low, bounds[0]), min(high, bounds[1]))

    def _chip(self, part: Part, text: str) -> None:
        chip = Chip(text, search_url(self.typed.without(part)))
        if chip not in self.meaning.chips:
            self.meaning.chips.append(chip)

    def _note(self, part: Part, text: str, choices: Sequence[tuple[str, str]]) -> None:
        """A note, and the same search with each (name, value) in the part's place."""
        self.meaning.notes.append(
            Note(
                text,
                tuple(
                    (name, search_url(self.typed.put(part, f"{part.name}:{value}")))
                    for name, value in choices[:MOST_CHOICES]
                ),
            )
        )
