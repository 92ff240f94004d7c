"""The address of every page and act, made from the route map, so that what is added later is walked by itself.

A part of an address must stand in `PARTS`, and what a page reads after the `?` in `TYPED`. Laws see to both.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from werkzeug.routing import Rule

from portal.core.ids import IdSlug
from portal.features.objections.models import Answer
from portal.features.playbooks.policy import MOVES
from portal.shared.finding.models import WordGroup
from portal.shared.items.models import Item
from portal.shared.items.queries import BASES
from tests.visibility.world import COMMON, UNSAVED_FOR, Sight, World, unsaved_of

NOT_WALKED = {"assets.serve"}
"""Style sheets and scripts: the same bytes for everybody."""
MOST_PAGES = 2
KIND_OF = {base.strip("/"): kind for kind, base in BASES.items()}
Values = Mapping[str, Any]
Queries = Callable[[World, Sequence[str]], Iterable[Mapping[str, str]]]


@dataclass(frozen=True)
class Visit:
    """An address; `item_id` is the item that it is a page of, which must be there or not as the oracle says."""

    endpoint: str
    path: str
    item_id: int = 0


def _words(words: Sequence[str], *forms: str, name: str = "q") -> Iterator[Mapping[str, str]]:
    """Each word in these forms: whole, begun, or with a slip."""
    for word in (one.lower() for one in words):
        said = {"whole": word, "begun": word[:7], "slip": f"{word[:5]}{word[6:]}"}
        yield from ({name: said[form]} for form in forms)


def _searches(world: World, words: Sequence[str]) -> Iterator[Mapping[str, str]]:
    yield from ({"q": COMMON, "page": str(number + 1)} for number in range(MOST_PAGES))
    yield from ({"q": f"{COMMON} {one}"} for one in ("type:tag", "is:unanswered", "sort:new", "by:me", "by:@person"))
    yield from _words(words, "whole", "slip")
    for tag in world.tags[-2:]:
        yield {"q": f"{COMMON} tag:{tag.lower()}"}
        yield {"q": f"persona:{tag.lower()}"}


def _suggestions(world: World, words: Sequence[str]) -> Iterator[Mapping[str, str]]:
    yield {"q": ""}
    yield {"q": COMMON}
    for name in ("tag", "persona", "competitor"):
        yield {"q": f"{name}:"}
        yield {"q": f"{COMMON} {name}:q"}
    yield from _words(words, "begun", "slip")


def _given(*names: str, pages: bool = False) -> Queries:
    """A page as it is, with what can be given to it by each of these names, and the second page of a list."""

    def queries(world: World, words: Sequence[str]) -> Iterator[Mapping[str, str]]:
        known = {
            "category": ["price"], "stage": ["negotiation"], "sort": ["useful"],
            "is": ["unanswered", "declined", "closed"],
            "tag": [tag.lower() for tag in world.tags[-4:]] or ["none"], "dept": ["sales"], "internal": ["yes"],
            "template": ["1"], "as": ["question"], "title": [COMMON], "searched": [COMMON], "q": ["person"],
            "state": ["active"], "role": ["rep"], "act": ["signed in"], "old": ["yes"],
            "draft": [unsaved_of(key, who) for key in UNSAVED_FOR for who in world.people],
            "at": ["end", *(f"item-{one}" for one in [*world.items][-4:])],
            **dict.fromkeys(("from", "promote", "answer"), [str(one) for one in world.items][-6:] or ["1"]),
        }  # fmt: skip
        yield from ({}, {"page": "2"}, {"before": "1"}) if pages else ({},)
        yield from ({name: value} for name in names for value in known[name])

    return queries


def _tries(world: World, words: Sequence[str]) -> Iterator[Mapping[str, str]]:
    yield {}
    for one in words[:2]:
        yield {"theirs": one.lower(), "kind": "same", "ours": COMMON, "q": one.lower()[:7]}


TYPED: Mapping[str, Queries] = {
    "search.results": _searches,
    "search.suggest": _suggestions,
    "search.similar": lambda world, words: _words(words, "whole", "slip", name="title"),
    "search.ask": _given("title", "as"),
    "writing.items": lambda world, words: ({"q": ""}, {"q": COMMON}, *_words(words, "begun")),
    "writing.people": _given("q"),
    "objections.index": _given("category", "is", pages=True),
    "objections.new": _given("title", "searched", "draft"),
    "answers.edit_by_number": lambda world, words: ({}, {"draft": unsaved_of(UNSAVED_FOR[0], "rep")}),
    "playbook_reading.index": _given("stage", "tag", "sort", pages=True),
    "playbook_reading.show": _given("old", "from"),
    "playbook_desk.drafts": _given(pages=True),
    "playbook_desk.reviews": _given(pages=True),
    "playbook_desk.archive": _given(pages=True),
    "playbook_desk.binned": _given(pages=True),
    "playbooks.new": _given("title", "template", "draft", "promote"),
    "playbooks.edit": lambda world, words: ({}, {"from": "published"}),
    "playbook_promotion.choose": _given("answer", "q"),
    "review.review": _given("at"),
    "monday.monday": _given("at"),
    "paths.index": _given("tag", pages=True),
    "paths.new": _given("title", "draft"),
    "handouts.printed": _given("internal"),
    "handouts.file": _given("internal"),
    "handouts.markdown": _given("internal"),
    "handouts.pdf": lambda world, words: ({"internal": "yes"},),
    "directory.people": _given("q", "dept", pages=True),
    "directory.department": _given(pages=True),
    "gaps.index": _given("is", pages=True),
    "words.index": _tries,
    "admin_people.people": _given("q", "state", "role", "dept", pages=True),
    "admin.audit": _given("act", pages=True),
}
"""What is asked for after the `?`, by page: whatever its door reads of it."""


@dataclass(frozen=True)
class Parts:
    """What the parts of addresses can be, read from the database once for a walk."""

    kinds: Mapping[int, str]
    slugs: Mapping[int, str]
    asked_of: Mapping[int, int]
    groups: Sequence[int]


def read_parts(world: World) -> Parts:
    """Look them up."""
    with world.database.reading() as session:
        items = session.execute(select(Item.id, Item.kind, Item.slug)).all()
        asked_of = {row[0]: row[1] for row in session.execute(select(Answer.id, Answer.asked_id))}
        groups = session.scalars(select(WordGroup.id)).all()
    return Parts({row[0]: row[1] for row in items}, {row[0]: row[2] for row in items}, asked_of, groups)


def visits_of(world: World, item_ids: Sequence[int], sight: Sight, words: Sequence[str]) -> Iterator[Visit]:
    """Every page there is, those of items for these; the address of a hidden item has no word of it."""
    parts, urls = read_parts(world), world.app.url_map.bind("localhost")
    for rule in world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_WALKED:
            continue
        for values in fill(rule, world, parts, item_ids, sight):
            path, queries = urls.build(rule.endpoint, values), TYPED.get(rule.endpoint, lambda *_: ({},))
            for query in queries(world, words):
                address = f"{path}?{urlencode(query)}" if query else path
                yield Visit(rule.endpoint, address, item_of(values, rule))


def posts_of(world: World, item_ids: Sequence[int], sight: Sight) -> Iterator[Visit]:
    """Every act on these items."""
    parts, urls = read_parts(world), world.app.url_map.bind("localhost")
    for rule in world.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and {"where", "answer_id", "item_id"} & rule.arguments:
            for values in fill(rule, world, parts, item_ids, sight):
                yield Visit(rule.endpoint, urls.build(rule.endpoint, values, method="POST"), item_of(values, rule))


def item_of(values: Values, rule: Rule) -> int:
    """The item whose page or act it is; 0 for people."""
    if rule.rule.startswith("/people/"):
        return 0
    where = values.get("where")
    return int(values.get("item_id") or values.get("answer_id") or (where.id if where else 0))


def unwalked(rules: Iterable[Rule]) -> list[str]:
    """Addresses with a part of which nobody knows here what it can be."""
    pages = [rule for rule in rules if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_WALKED]
    return [one.rule for one in pages if any(_is_strange(one, name) for name in one.arguments)]


def _is_strange(rule: Rule, name: str) -> bool:
    return name not in PARTS and not hasattr(rule._converters[name], "items")


def fill(rule: Rule, world: World, parts: Parts, item_ids: Sequence[int], sight: Sight) -> Iterator[Values]:
    """The values of the parts of an address, one after the other; KeyError names a part that nobody knows."""
    found: list[dict[str, Any]] = [{}]
    for name in sorted(rule.arguments, key=lambda one: list(PARTS).index(one) if one in PARTS else -1):
        choices = getattr(rule._converters[name], "items", None)
        found = [
            {**values, name: value}
            for values in found
            for value in (choices or PARTS[name](rule, values, world, parts, item_ids, sight))
        ]
    yield from found


def _where(rule: Rule, values: Values, world: World, parts: Parts, item_ids: Sequence[int], sight: Sight) -> Any:
    """Of a room of items its own, of people all, of a room that is unknown here each item."""
    room = values.get("plural") or rule.rule.split("/")[1]
    if room == "people":
        return [IdSlug(person.id, person.slug) for person in world.people.values()]
    wanted = [one for one in item_ids if parts.kinds[one] == KIND_OF.get(room, parts.kinds[one])]
    return [IdSlug(one, parts.slugs[one] if one in sight.items else "-") for one in wanted]


def _answer_id(rule: Rule, values: Values, world: World, parts: Parts, item_ids: Sequence[int], sight: Sight) -> Any:
    if "where" in values:
        return [one for one, asked in parts.asked_of.items() if asked == values["where"].id]
    return answers_to(parts, item_ids)


def answers_to(parts: Parts, item_ids: Sequence[int]) -> list[int]:
    """The answers to what was asked among these."""
    return [one for one, asked in parts.asked_of.items() if asked in item_ids]


def _name(rule: Rule, values: Values, world: World, *rest: Any) -> Any:
    return [f"{values['file_id']}-sheet.txt"] if "file_id" in values else ["mail.eml"]


PARTS: Mapping[str, Callable[..., Any]] = {
    "plural": lambda *given: (),
    "vocabulary": lambda *given: (),
    "purpose": lambda *given: (),
    "where": _where,
    "answer_id": _answer_id,
    "item_id": lambda rule, values, world, parts, item_ids, sight: (*item_ids, *answers_to(parts, item_ids)),
    "version": lambda *given: (1, 2),
    "verb": lambda *given: sorted({move.verb for move in MOVES}),
    "step_id": lambda *given: (1,),
    "file_id": lambda rule, values, world, *rest: list(world.files)[-8:],
    "name": _name,
    "slug": lambda rule, values, world, *rest: [
        one.slug for one in (*world.departments.values(), *world.teams.values())
    ],
    "token": lambda rule, values, world, *rest: (
        "a-link-that-is-gone",
        *(unsaved_of(UNSAVED_FOR[0], who) for who in world.people),
    ),
    "person_id": lambda rule, values, world, *rest: [one.id for one in world.people.values()],
    "department_id": lambda rule, values, world, *rest: [one.id for one in world.departments.values()],
    "team_id": lambda rule, values, world, *rest: [one.id for one in world.teams.values()],
    "template_id": lambda *given: (1,),
    "act_id": lambda *given: (1,),
    "group_id": lambda rule, values, world, parts, *rest: parts.groups,
}
"""Each part that an address can have, in the order in which they depend on each other."""
