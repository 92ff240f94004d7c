"""What goes into an export: what its reader may see, under the names by which a file calls people and places."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from portal.core.access import Actor
from portal.shared.files.models import StoredFile
from portal.shared.files.queries import list_visible
from portal.shared.items.models import VERIFY_DAYS, BinEntry, Item, Revision
from portal.shared.items.queries import list_audiences, visible_to
from portal.shared.people.models import Person, Team
from portal.shared.people.queries import audience_names
from portal.shared.tags.queries import find_tags

BATCH = 200


class Prose(str):
    """A Markdown text among the values of a file's head: its links are written as those of the text below."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """Another item among the values of a head, written as the path of its file; left out where it is in none."""

    item_id: int


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose export it is: the condition on items, and which files there are."""

    seen: ColumnElement[bool]
    list_files: Callable[[Session, Iterable[int]], Sequence[StoredFile]]


@dataclass(frozen=True, slots=True)
class Title:
    """What goes into an export, before its words are read."""

    kind: str
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Page:
    """One item as its room writes it: the values of its head that only this kind has, and its text."""

    item: Item
    values: Mapping[str, Any]
    text: str


Load = Callable[[Session, Sight, Sequence[int], "Names"], Sequence[Page]]


@dataclass(frozen=True, slots=True)
class ExportSource:
    """A kind of item that is exported, the folder of its files, and how its room reads a batch of them."""

    kind: str
    folder: str
    load: Load


class ExportSources:
    """The kinds that are exported; made once for a process by the roof."""

    def __init__(self, sources: Sequence[ExportSource]) -> None:
        self.sources = sources


class Names:
    """Looks the names up that files use: people and places once, what belongs to items by batch."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.mails = {row.id: row.email for row in session.execute(select(Person.id, Person.email))}
        self.teams = {row.id: row.slug for row in session.execute(select(Team.id, Team.slug))}
        self.marks = audience_names(session)

    def facts(self, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
        """The values that all kinds have, by item: who wrote, keeps and vouches for it, and when. Two statements."""
        ids = [item.id for item in items]
        changed, audiences = _list_changed(self.session, ids), list_audiences(self.session, ids)
        return {item.id: self._facts(item, changed[item.id], audiences.get(item.id, ())) for item in items}

    def tags(self, item_ids: Sequence[int]) -> dict[int, list[str]]:
        """The names of their tags, by item. One statement."""
        return {item_id: [tag.name for tag in tags] for item_id, tags in find_tags(self.session, item_ids).items()}

    def _facts(self, item: Item, changed: datetime, audience: Sequence[str]) -> dict[str, Any]:
        mail = self.mails.get
        facts = {
            "status": item.status,
            "audience": [self.marks[mark] for mark in audience if mark in self.marks] + self._persons(audience),
            "author": mail(item.author_id),
            "owner": mail(item.owner_id or 0),
            "created": item.created_at,
            "changed": changed,
            "verified": item.verified_on,
            "verified_by": mail(item.verified_by_id or 0),
            "verify_by": item.verify_by,
            "verify_days": item.verify_days if item.verify_days != VERIFY_DAYS else None,
            "verifier": mail(item.verifier_id or 0),
            "verifier_team": self.teams.get(item.verifier_team_id or 0),
            "origin": item.source_ref,
        }
        return {name: value for name, value in facts.items() if value is not None}

    def _persons(self, audience: Sequence[str]) -> list[str]:
        numbers = [mark.removeprefix("person:") for mark in audience if mark.startswith("person:")]
        return [f"person:{self.mails[int(number)]}" for number in numbers if int(number) in self.mails]


def sight_of(actor: Actor) -> Sight:
    """What one person may see."""
    return Sight(visible_to(actor), lambda session, ids: list_visible(session, actor, ids))


def everything() -> Sight:
    """All that was not taken from view, for whoever runs the portal and reads the database anyway."""

    def list_files(session: Session, ids: Iterable[int]) -> Sequence[StoredFile]:
        wanted = sorted(set(ids))
        return session.scalars(select(StoredFile).where(StoredFile.id.in_(wanted))).all() if wanted else ()

    return Sight(Item.hidden_at.is_(None), list_files)


def list_titles(session: Session, sight: Sight, kinds: Iterable[str]) -> dict[int, Title]:
    """What goes into an export, by id, in the order of kinds and ids; one statement."""
    rows = session.execute(
        select(Item.id, Item.kind, Item.slug, Item.title)
        .where(sight.seen, Item.kind.in_(list(kinds)), Item.version > 0)
        .order_by(Item.kind, Item.id)
    )
    return {row.id: Title(row.kind, row.slug, row.title) for row in rows}


def list_left_out(session: Session, kinds: Iterable[str], taken: int) -> list[str]:
    """In words how much there is that an export of so many items does not hold; for whoever runs the portal."""
    there = select(func.count()).select_from(Item).where(Item.kind.in_(list(kinds)), Item.version > 0)
    binned = session.scalar(there.join(BinEntry, BinEntry.item_id == Item.id)) or 0
    hidden = (session.scalar(there.where(Item.hidden_at.is_not(None))) or 0) - binned
    unseen = (session.scalar(there) or 0) - taken - hidden - binned
    waiting = session.scalar(
        there.join(Revision, (Revision.item_id == Item.id) & (Revision.version == Item.version)).where(
            Item.status == "published", Revision.state.in_(("draft", "in_review"))
        )
    )
    counts = (
        (unseen, "that this person does not see"),
        (hidden, "taken from view"),
        (binned, "in the bin"),
        (waiting or 0, "next texts that are not published yet"),
    )
    return [f"{count} {words}" for count, words in counts if count > 0]


def _list_changed(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """When the words that readers see were written; of what was never published, the newest words."""
    shown, newest = aliased(Revision), aliased(Revision)
    rows = session.execute(
        select(Item.id, func.coalesce(shown.at, newest.at, Item.updated_at, type_=Item.updated_at.type))
        .outerjoin(shown, shown.id == Item.published_revision_id)
        .outerjoin(newest, (newest.item_id == Item.id) & (newest.version == Item.version))
        .where(Item.id.in_(ids))
    )
    return {row[0]: row[1] for row in rows}
