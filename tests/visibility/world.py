"""A company in which every word can be told apart, and a plain oracle of who may see which."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import Database
from portal.features.objections.models import Answer, Asked
from portal.shared.drafts.forms import DraftInput
from portal.shared.drafts.operations import keep_draft
from portal.shared.files.models import ItemFile, StoredFile
from portal.shared.finding.kit_operations import save_search
from portal.shared.finding.search_operations import Searched, record_searches
from portal.shared.items.models import BinEntry, Item, ItemAudience
from portal.shared.people.models import Department, Person, Team
from portal.shared.search_index import SearchIndex
from portal.shared.tags.models import ItemTag, Tag
from tests import builders

COMMON = "flowmeter"
"""A word that stands in the title of everything that can be found."""
OPEN = ("published", "obsolete")
FOUND_AS: Mapping[str, tuple[str, ...]] = {
    "objection": ("published",), "question": ("published",), "playbook": OPEN, "path": OPEN,
}  # fmt: skip
"""Which states of which kinds a search finds."""
WHO = {"rep": "rep", "manager": "manager", "publisher": "publisher", "admin": "admin", "elsewhere": "rep"}
UNSAVED_FOR = ("new-question", "new-playbook", "new-path")
ELSEWHERE = {"elsewhere": "Bench", "publisher": "", "admin": ""}


def marker_of(serial: str) -> str:
    """A word that stands nowhere else, and like no other: a capital, then small letters."""
    letters = hashlib.sha256(serial.encode()).digest()[:11]
    return "Q" + "".join(chr(ord("a") + byte % 24) for byte in letters) + "x"


def unsaved_of(key: str, who: str) -> str:
    """The token of the text that somebody has not saved in the form of this key."""
    return f"{key}-of-{who}"


@dataclass
class World:
    """The people, and the words of what was written so far: by item and by file, of tags, what each has typed, and the
    words of texts that are to follow published ones, by item."""

    app: Flask
    people: dict[str, Person] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    items: dict[int, str] = field(default_factory=dict)
    files: dict[int, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    nexts: dict[int, str] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """The application's own."""
        found: Database = self.app.extensions["fieldhouse"][Database]
        return found

    def service(self, kind: type) -> Any:
        """Another thing of the process."""
        return self.app.extensions["fieldhouse"][kind]

    def actor(self, who: str) -> Actor:
        """Somebody as operations see them now."""
        return builders.actor_of(self.database, self.people[who])

    def mark(self, name: str) -> str:
        """`all`, `dep:Sales`, `team:North` or `person:rep` as it stands in the database."""
        kind, _, called = name.partition(":")
        known: dict[str, Mapping[str, Any]] = {"dep": self.departments, "team": self.teams, "person": self.people}
        return f"{kind}:{known[kind][called].id}" if called else kind

    def newest_of(self, words: Collection[str], most: int = 3) -> list[str]:
        """The newest among these words, of each sort of thing."""
        sorts: Iterable[list[str]] = ([*self.items.values()], [*self.nexts.values()], self.tags)
        return [word for sort in sorts for word in [one for one in sort if one in words][-most:]]

    def catch_up(self) -> None:
        """Do every job, and let the searches see it."""
        builders.drain(self.app)
        self.service(SearchIndex).refresh()


def found_world(app: Flask) -> World:
    """Two departments with a team each, five kinds of person, and something that each of them alone has typed."""
    world = World(app)
    database = world.database
    builders.add_vocabularies(database)
    for name, team in (("Sales", "North"), ("Service", "Bench")):
        world.departments[name] = builders.add_department(database, name)
        world.teams[team] = builders.add_team(database, team, world.departments[name])
    for who, role in WHO.items():
        home = world.departments["Service" if who in ELSEWHERE else "Sales"]
        team_of = world.teams.get(ELSEWHERE.get(who, "North"))
        world.people[who] = builders.add_person(database, f"Person {who.title()}", role, department=home, team=team_of)
        world.typed[who] = marker_of(f"typed by {who}")
    for who, person in world.people.items():
        actor = world.actor(who)
        with database.writing() as session:
            record_searches(session, [Searched(person.id, f"rebate {world.typed[who]}", clock.now(), 0, "page")])
            save_search(session, actor, f"Mine {world.typed[who]}", world.typed[who])
            words = {"title": [world.typed[who]], "say": [world.typed[who]]}
            for key in UNSAVED_FOR:
                keep_draft(session, actor, key, DraftInput(unsaved_of(key, who), "", world.typed[who], 0, words))
            session.commit()
    return world


@dataclass(frozen=True)
class Sight:
    """What one person may see, worked out row by row: ids of items at their own addresses, of the paths among them, of
    what a search finds, of pages whose next text they work on, of what they may take out of the bin, and of files; and
    the slugs of tags."""

    items: frozenset[int] = frozenset()
    paths: frozenset[int] = frozenset()
    found: frozenset[int] = frozenset()
    nexts: frozenset[int] = frozenset()
    binned: frozenset[int] = frozenset()
    files: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()

    def hidden_words(self, world: World, who: str) -> frozenset[str]:
        """The words that must stand in no answer to this person."""
        seen = {world.items[number] for number in self.items} | {world.files[number] for number in self.files}
        hidden = {*world.items.values(), *world.files.values()} - seen
        hidden |= {word for number, word in world.nexts.items() if number not in self.nexts}
        hidden |= {word for word in world.tags if word.lower() not in self.tags}
        return frozenset(hidden | {word for one, word in world.typed.items() if one != who})


def sight_of(world: World, who: str) -> Sight:
    """Look at every row, as somebody would who knows the rules and no query."""
    actor = world.actor(who)
    with world.database.reading() as session:
        marks: dict[int, set[str]] = {}
        for one in session.scalars(select(ItemAudience)):
            marks.setdefault(one.item_id, set()).add(one.audience)
        rows = {item.id: item for item in session.scalars(select(Item)) if _is_for(actor, marks.get(item.id, set()))}
        asked_of = {answer.id: answer.asked_id for answer in session.scalars(select(Answer))}
        alone = {number for number, item in rows.items() if _is_in_view(actor, item)}
        seen = {number for number in alone if asked_of.get(number, number) in alone}
        listed = {one for one in seen if rows[one].status in FOUND_AS.get(rows[one].kind, ())}
        binned = {one.item_id for one in session.scalars(select(BinEntry)) if one.item_id in rows
                  and _may_take_out(actor, rows[one.item_id])}  # fmt: skip
        return Sight(
            items=frozenset(seen),
            paths=frozenset(one for one in seen if rows[one].kind == "path"),
            found=frozenset(listed),
            nexts=frozenset(one for one in seen if actor.is_manager or _is_own(actor, rows[one])),
            binned=frozenset(binned),
            files=_files(session, actor, seen),
            tags=_tags(session, seen),
        )


def _is_for(actor: Actor, marks: set[str]) -> bool:
    own = {"all", f"person:{actor.person_id}", f"dep:{actor.department_id}", f"team:{actor.team_id}"}
    return bool(marks & own)


def _is_own(actor: Actor, item: Item) -> bool:
    return actor.person_id in (item.author_id, item.owner_id)


def _is_in_view(actor: Actor, item: Item) -> bool:
    is_curated = item.kind == "playbook" and actor.is_manager
    return item.hidden_at is None and (item.status in OPEN or _is_own(actor, item) or is_curated)


def _may_take_out(actor: Actor, item: Item) -> bool:
    is_own_draft = item.author_id == actor.person_id and item.status == "draft"
    return actor.is_manager or actor.is_admin or is_own_draft


def _files(session: Session, actor: Actor, seen: set[int]) -> frozenset[int]:
    own = {file.id for file in session.scalars(select(StoredFile)) if file.uploader_id == actor.person_id}
    return frozenset(own | {one.file_id for one in session.scalars(select(ItemFile)) if one.item_id in seen})


def _tags(session: Session, seen: set[int]) -> frozenset[str]:
    slugs = {tag.id: tag.slug for tag in session.scalars(select(Tag))}
    return frozenset(slugs[one.tag_id] for one in session.scalars(select(ItemTag)) if one.item_id in seen)


def count_facets(world: World, sight: Sight) -> dict[str, dict[str, int]]:
    """How many things that are found bear each kind, tag, competitor and category, by its name."""
    kinds = {"objection": "Objections", "question": "Questions", "playbook": "Playbooks", "path": "Paths"}
    counts: dict[str, dict[str, int]] = {"Kind": {}, "Tag": {}, "Competitor": {}, "Category": {}}

    def add(facet: str, name: str) -> None:
        counts[facet][name] = counts[facet].get(name, 0) + 1

    with world.database.reading() as session:
        rows = {item.id: item for item in session.scalars(select(Item))}
        names = {tag.id: tag.name for tag in session.scalars(select(Tag))}
        for one in session.scalars(select(ItemTag).where(ItemTag.item_id.in_(sight.found))):
            add("Tag", names[one.tag_id])
        for asked in session.scalars(select(Asked).where(Asked.id.in_(sight.found))):
            if asked.competitor_id in sight.items:
                add("Competitor", rows[asked.competitor_id].title)
            if asked.category:
                add("Category", asked.category.capitalize())
    for number in sight.found:
        add("Kind", kinds[rows[number].kind])
    return counts
