"""Reads of paths; everything begins with `visible_to`, and a step stands only where its item may be seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session, defer, joinedload

from portal.core.access import Actor
from portal.core.ids import MOST_ID
from portal.features.paths.models import Path, PathStep, StepDone
from portal.shared.items.models import Item
from portal.shared.items.queries import VISIBLE, seen_by, visible_to
from portal.shared.people.models import Person
from portal.shared.tags.models import ItemTag, Tag

PAGE = 30
STEP_KINDS = ("playbook", "objection", "question")
"""What may stand on a path: what has a page that one reads from top to bottom."""

_FOUND = select(Path).where(Path.id == bindparam("path_id"), VISIBLE).options(joinedload(Path.author))
_ROWS = (
    select(Path, Person)
    .join(Person, Person.id == Path.author_id)
    .where(VISIBLE)
    .options(defer(Item.source, raiseload=True), defer(Item.html, raiseload=True))
)
_ROWS_BY_ID = _ROWS.where(Path.id.in_(bindparam("ids", expanding=True)))
_DONE_BY_VIEWER = and_(StepDone.step_id == PathStep.id, StepDone.person_id == bindparam("viewer_id"))
_STEPS = (
    select(PathStep.id, PathStep.item_id, PathStep.why, Item.kind, Item.status, StepDone.at)
    .join(Item, Item.id == PathStep.item_id)
    .outerjoin(StepDone, _DONE_BY_VIEWER)
    .where(PathStep.path_id == bindparam("path_id"), VISIBLE)
    .order_by(PathStep.position, PathStep.id)
)
_PROGRESS = (
    select(PathStep.path_id, func.count(StepDone.step_id), func.count())
    .join(Item, Item.id == PathStep.item_id)
    .outerjoin(StepDone, _DONE_BY_VIEWER)
    .where(PathStep.path_id.in_(bindparam("ids", expanding=True)), VISIBLE)
    .group_by(PathStep.path_id)
)


@dataclass(frozen=True, slots=True)
class PathRow:
    """A path in a list, without its text."""

    path: Path
    author: Person


@dataclass(frozen=True, slots=True)
class Step:
    """An item on a path and the line that says why it stands there."""

    item_id: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step whose item the reader may see, and when the reader has done it."""

    id: int
    item_id: int
    why: str
    kind: str
    status: str
    done_at: datetime | None

    @property
    def key(self) -> str:
        """The item as rows are called: `playbook:12`."""
        return f"{self.kind}:{self.item_id}"


def find_path(session: Session, actor: Actor, path_id: int) -> Path | None:
    """One visible path with its author."""
    return session.scalars(_FOUND, {"path_id": path_id, **seen_by(actor)}).first()


def list_steps(session: Session, actor: Actor, path_id: int) -> Sequence[StepRow]:
    """The steps of a path in their order, those left out whose item this reader may not see; one statement."""
    return [StepRow(*row) for row in session.execute(_STEPS, {"path_id": path_id, **seen_by(actor)})]


def list_paths(session: Session, actor: Actor, *, tag: str = "", page: int = 1) -> tuple[list[PathRow], int]:
    """A page of paths, the newest first, and how many there are in all; two statements."""
    found, wanted = _ROWS, select(func.count()).select_from(Path).where(visible_to(actor))
    if tag:
        bears = select(ItemTag.item_id).join(Tag, Tag.id == ItemTag.tag_id).where(Tag.slug == tag)
        found, wanted = found.where(Path.id.in_(bears)), wanted.where(Path.id.in_(bears))
    total = session.scalar(wanted) or 0
    rows = session.execute(
        found.order_by(Path.updated_at.desc(), Path.id.desc()).limit(PAGE).offset((page - 1) * PAGE), seen_by(actor)
    )
    return [PathRow(*row) for row in rows], total


def list_hits(session: Session, actor: Actor, path_ids: Iterable[int]) -> dict[int, PathRow]:
    """The visible ones among these paths; one statement, none for no ids."""
    wanted = sorted(set(path_ids))
    if not wanted:
        return {}
    rows = session.execute(_ROWS_BY_ID, {"ids": wanted, **seen_by(actor)})
    return {row[0].id: PathRow(*row) for row in rows}


def count_progress(session: Session, actor: Actor, path_ids: Iterable[int]) -> Mapping[int, tuple[int, int]]:
    """How many of the steps that this reader sees the reader has done, as (done, all); paths without steps lack."""
    wanted = sorted(set(path_ids))
    if not wanted:
        return {}
    rows = session.execute(_PROGRESS, {"ids": wanted, **seen_by(actor)})
    return {row[0]: (row[1], row[2]) for row in rows}


def list_items(session: Session, actor: Actor, item_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Kind and title of those of these items that this person may see and that may stand on a path, by id."""
    wanted = sorted(number for number in set(item_ids) if number <= MOST_ID)
    if not wanted:
        return {}
    rows = session.execute(
        select(Item.id, Item.kind, Item.title).where(Item.id.in_(wanted), Item.kind.in_(STEP_KINDS), visible_to(actor))
    )
    return {row.id: (row.kind, row.title) for row in rows}
