"""Doors for whoever is writing: what `[[` and `@` could mean."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.ids import read_id
from portal.core.web import Door, Feature, page
from portal.shared.finding.finder import Finder
from portal.shared.finding.kit_queries import list_kept
from portal.shared.finding.syntax import read
from portal.shared.items.queries import BASES
from portal.shared.people.pages import url_of_person
from portal.shared.people.queries import PeopleFilter, list_people

feature = Feature("writing")

OFFERED = 8
READ_FOR_THEM = 24
"""Rows asked of the search, since some of them are no items or sections of the same one."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to choose: what it says, what stands beside it, and the Markdown that it becomes."""

    kind: str
    kind_word: str
    text: str
    about: str
    markdown: str


@dataclass(frozen=True, slots=True)
class PickList:
    """What may be chosen while typing."""

    label: str
    picks: tuple[Pick, ...]


@feature.get("/writing/items", allow=signed_in)
def items(door: Door) -> ResponseReturnValue:
    """Items that `q` finds, as links `[[12]]`; before the first letter those that one starred or opened lately.

    204 where there is nothing to choose.
    """
    typed = read(door.args.get("q", ""))
    found = _kept(door) if typed.is_empty else _found(door, door.args["q"])
    return _answer("Items", found)


@feature.get("/writing/people", allow=signed_in)
def people(door: Door) -> ResponseReturnValue:
    """Colleagues whose name, title or mail holds each word of `q`, as links to their pages; nobody while the screen is
    shared. 204 where there is nobody."""
    words = door.args.get("q", "").strip()
    if not words or door.actor.is_screen_shared:
        return "", 204
    found = list_people(door.session, PeopleFilter(words), limit=OFFERED)
    return _answer(
        "People",
        tuple(
            Pick("person", "", one.shown_name, one.title, f"[{_plain(one.shown_name)}]({url_of_person(one)})")
            for one in found
        ),
    )


def _found(door: Door, words: str) -> tuple[Pick, ...]:
    """The items among the first hits of a search, each once; operators are words here."""
    typed = read(words.replace(":", " ").replace('"', " "))
    if typed.is_empty:
        return ()
    found = door.service(Finder).search(door.session, door.actor, typed, limit=READ_FOR_THEM, counting=False)
    picks: dict[int, Pick] = {}
    for row in found.rows:
        kind, _, rest = row.key.partition(":")
        number = read_id(rest.partition("#")[0])
        if kind in BASES and number:
            title = row.title.partition(" › ")[0] if "#" in rest else row.title
            picks.setdefault(number, Pick(row.kind, row.kind_word, title, "", f"[[{number}]]"))
    return tuple(picks.values())[:OFFERED]


def _kept(door: Door) -> tuple[Pick, ...]:
    if door.actor.is_screen_shared:
        return ()
    kept = {one.item_id: one for one in list_kept(door.session, door.actor, starred=OFFERED) if one.kind in BASES}
    return tuple(Pick(one.kind, one.kind.capitalize(), one.title, "", f"[[{one.item_id}]]") for one in kept.values())[
        :OFFERED
    ]


def _plain(name: str) -> str:
    """A name as the words of a link."""
    return "".join(c for c in name if c not in "[]\\`*_<>")


def _answer(label: str, picks: tuple[Pick, ...]) -> ResponseReturnValue:
    return page("writing/picks.html", PickList(label, picks)) if picks else ("", 204)
