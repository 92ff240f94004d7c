"""Writes the things of a world through the real operations, and lets happen to them what happens to things."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.errors import Invalid, Problem
from portal.features.competitors.models import Competitor
from portal.features.objections.forms import Proof
from portal.features.objections.models import Answer
from portal.features.playbooks.forms import ObsoleteInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.shelf_operations import archive, make_obsolete, put_in_bin
from portal.shared.files.extracting import Extracted
from portal.shared.files.operations import add_file, keep_text
from portal.shared.files.sniffing import check_file
from portal.shared.files.store import FileStore
from portal.shared.finding.gap_operations import link_asked
from portal.shared.finding.kit_operations import STARRED_KINDS, star_item
from portal.shared.finding.search_operations import Viewed, record_views
from portal.shared.items.models import Item, ItemAudience
from portal.shared.items.operations import hide_item, restore_item
from portal.shared.people.models import Person
from portal.shared.tags.operations import find_or_add_tag
from portal.shared.tags.queries import find_tags
from tests import builders
from tests.visibility.world import COMMON, World, marker_of, sight_of

ASKED = ("objection", "question")
CHANGES = {
    "playbook": ("", "hide", "close", "draft", "next", "review", "obsolete", "archive", "bin"),
    "objection": ("", "hide", "close", "hide answer"),
    "question": ("", "hide", "close", "hide answer"),
    "path": ("", "hide", "close"),
    "competitor": ("", "hide", "close"),
}
"""What can happen to each kind after it was written, found, starred and opened."""


@dataclass(frozen=True)
class Thing:
    """One thing to write, and what happens to it afterwards: `then` are its audiences after "close"."""

    kind: str
    author: str = "manager"
    marks: tuple[str, ...] = ("all",)
    is_tagged: bool = True
    change: str = ""
    then: tuple[str, ...] = ("person:elsewhere",)


def write(world: World, things: Sequence[Thing]) -> list[int]:
    """Write them all; whoever sees one keeps it at hand; then let happen what shall. Returns the ids."""
    made = [_write_one(world, thing) for thing in things]
    world.catch_up()
    _keep_at_hand(world)
    for thing, item_id in zip(things, made, strict=True):
        _happen(world, thing, item_id)
    world.catch_up()
    return made


def _write_one(world: World, thing: Thing) -> int:
    word, kind = _next_word(world), thing.kind
    who = thing.author if kind in ASKED or thing.author == "publisher" else "manager"
    author = world.people[who]
    link = f"See [[{max(world.items)}]]." if world.items else ""
    given: dict[str, Any] = {
        "text": f"About {word} at the dairy. {link} {_add_file(world, who, word)}",
        "audience": tuple(world.mark(one) for one in thing.marks),
        "tags": (_add_tag(world),) if thing.is_tagged else (),
    }
    title = f"Title {word} {COMMON}"
    if kind == "competitor":
        item = _add_competitor(world, author, word, given["audience"])
    elif kind == "path":
        item = builders.write_path(world.database, author, _steps(world, who), title, **given)
    elif kind == "playbook":
        given["text"] += f"\n\n## Heading {word}\n\nBelow {word}."
        begin = builders.draft_playbook if thing.change == "draft" else builders.write_playbook
        item = begin(world.database, author, title, stage="negotiation", **given)
    else:
        item = _ask(world, author, kind, title, given)
    world.items[item.id] = word
    if kind in ASKED:
        _answer(world, item)
    return item.id


def _next_word(world: World) -> str:
    return marker_of(f"item {len(world.items)}")


def _steps(world: World, who: str) -> list[Item]:
    """What its writer sees, the newest first."""
    seen = sorted(sight_of(world, who).found, reverse=True)
    with world.database.reading() as session:
        items = [session.get_one(Item, number) for number in seen]
    return [one for one in items if one.kind != "path"][:4]


def _ask(world: World, author: Person, kind: str, title: str, given: dict[str, Any]) -> Item:
    word = title.split()[1]
    if kind == "objection":
        given |= {"variants": (f"Or {word} said otherwise",), "category": "price", "stage": "negotiation"}
    with world.database.reading() as session:
        rival = session.scalars(select(Competitor).order_by(Competitor.id.desc())).first()
    if rival is not None:
        given["competitor"] = rival.slug
    asked = builders.ask_objection(world.database, author, title, kind, **given)
    with world.database.writing() as session:
        link_asked(session, f"rebate number {asked.id}", asked.id)
        session.commit()
    return asked


def _answer(world: World, asked: Item) -> None:
    """Two answers, by whoever sees what was asked, with a word and a file each."""
    able = [who for who in world.people if asked.id in sight_of(world, who).items]
    for who in able[:2]:
        word = _next_word(world)
        answer = builders.post_answer(
            world.database, world.people[who], asked, f"Say {word}", why=f"Why {word}", internal=(f"Inside {word}",),
            proof=(Proof(f"Claim {word}", f"Source {word}"),), text=_add_file(world, who, word),
        )  # fmt: skip
        world.items[answer.id] = word


def _add_competitor(world: World, author: Person, word: str, audience: Sequence[str]) -> Item:
    """A competitor, whose pages come later than its name."""
    now = clock.now()
    with world.database.writing() as session:
        item = Competitor(
            author_id=author.id, title=word, slug=word.lower(), status="published", created_at=now, updated_at=now
        )
        session.add(item)
        session.flush()
        session.add_all(ItemAudience(item_id=item.id, audience=mark) for mark in audience)
        session.commit()
    return item


def _add_tag(world: World) -> str:
    """A new tag; every other one is a persona."""
    word = marker_of(f"tag {len(world.tags)}")
    if len(world.tags) % 2:
        with world.database.writing() as session:
            find_or_add_tag(session, word, "persona")
            session.commit()
    world.tags.append(word)
    return word


def _add_file(world: World, who: str, word: str) -> str:
    """A file that was read; returns the link to it."""
    checked = check_file(f"{word}-sheet.txt", f"In the file {word}".encode())
    sha256, actor = world.service(FileStore).keep(checked.data), world.actor(who)
    with world.database.writing() as session:
        file = add_file(session, actor, checked, sha256)
        keep_text(session, file.id, Extracted(f"In the file {word}"))
        session.commit()
    world.files[file.id] = word
    return f"[{checked.name}](file:{file.id})"


def _keep_at_hand(world: World) -> None:
    """Everybody stars and opens what they see, so that the kit has something to forget."""
    for who, person in world.people.items():
        actor, seen = world.actor(who), sight_of(world, who).items
        with world.database.writing() as session:
            kinds = {item.id: item.kind for item in session.scalars(select(Item).where(Item.id.in_(seen)))}
            for number in sorted(seen):
                if kinds[number] in STARRED_KINDS:
                    star_item(session, actor, number)
            record_views(session, [Viewed(person.id, number, clock.now()) for number in sorted(seen)])
            session.commit()


def _happen(world: World, thing: Thing, item_id: int) -> None:
    """What the name of the change says, by whoever may do it; nobody may where it is for none of them."""
    if thing.change == "close":
        _close(world, item_id, thing.then)
    elif thing.change in ("hide", "hide answer"):
        _hide(world, item_id, thing.change)
    elif thing.change in ("next", "review"):
        _write_next(world, item_id, is_sent=thing.change == "review")
    elif thing.change in ("obsolete", "archive", "bin"):
        _move(world, item_id, thing.change)


def _close(world: World, item_id: int, then: Sequence[str]) -> None:
    """For others from now on, and so are its answers; out of view and back, so that all that follows from it does."""
    curator, marks = world.actor("admin"), {world.mark(one) for one in then}
    with world.database.writing() as session:
        hide_item(session, curator, item_id)
        all_of_it = [item_id, *session.scalars(select(Answer.id).where(Answer.asked_id == item_id))]
        session.execute(delete(ItemAudience).where(ItemAudience.item_id.in_(all_of_it)))
        session.add_all(ItemAudience(item_id=one, audience=mark) for one in all_of_it for mark in marks)
        restore_item(session, curator, item_id)
        session.commit()


def _hide(world: World, item_id: int, what: str) -> None:
    with world.database.writing() as session:
        answer = session.scalar(select(Answer.id).where(Answer.asked_id == item_id).limit(1))
        hide_item(session, world.actor("admin"), (answer or item_id) if what == "hide answer" else item_id)
        session.commit()


def _write_next(world: World, item_id: int, *, is_sent: bool) -> None:
    """The next text as a draft or in review, with a word of its own, while readers go on seeing the published one."""
    with world.database.reading() as session:
        playbook = session.get_one(Playbook, item_id)
        author = session.get_one(Person, playbook.author_id)
        slugs = [tag.name for tag in find_tags(session, [item_id]).get(item_id, [])]
    if not _sees(world, author, item_id):
        return
    word = world.nexts[item_id] = marker_of(f"next {item_id}")
    drafted = builders.draft_edit(
        world.database, author, playbook, f"Next {word}.", title=f"Next {word}", tags=tuple(slugs)
    )
    if is_sent:
        with suppress(Invalid):  # where no manager is among its readers
            builders.send_for_review(world.database, author, drafted)


def _move(world: World, item_id: int, change: str) -> None:
    """Retire a page: one that becomes obsolete leads to the newest page that its author sees, if there is another."""
    for who in ("manager", "publisher"):
        actor = world.actor(who)
        successors = [one for one in _playbooks(world, who) if one != item_id]
        with suppress(Problem), world.database.writing() as session:
            if change == "obsolete":
                make_obsolete(session, actor, item_id, ObsoleteInput(max(successors, default=None), "It is old."))
            else:
                {"archive": archive, "bin": put_in_bin}[change](session, actor, item_id)
            session.commit()
            return


def _playbooks(world: World, who: str) -> list[int]:
    found = sorted(sight_of(world, who).found)
    with world.database.reading() as session:
        return list(session.scalars(select(Playbook.id).where(Playbook.id.in_(found), Playbook.status == "published")))


def _sees(world: World, person: Person, item_id: int) -> bool:
    who = next(name for name, one in world.people.items() if one.id == person.id)
    return item_id in sight_of(world, who).items
