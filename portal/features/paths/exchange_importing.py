"""Paths from the files of an export."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.features.paths.forms import PathInput, keep_unseen, read_path
from portal.features.paths.models import Path, PathStep
from portal.features.paths.operations import PreparedPath, prepare_path, publish_first, revise
from portal.features.paths.queries import STEP_KINDS, Step
from portal.shared.exchange.forms import Given
from portal.shared.exchange.importing import EDITED, ImportSource, Taken, Ways
from portal.shared.exchange.linking import is_same
from portal.shared.exchange.operations import Desk, imported, is_edited_since, settle_facts, show_files
from portal.shared.items.models import Item
from portal.shared.tags.queries import find_tags


def prepare(given: Given, ways: Ways) -> PreparedPath:
    """Hold the words and steps to the limits of what is typed."""
    head = given.head
    fields = Fields.of(title=given.title, text=ways.text(given.text, 0), tags=", ".join(head.lines("tags")))
    steps = [(entry.line("item", required=True), entry.line("why")) for entry in head.entries("steps")]
    head.check()
    numbers = [(ways.item(path), " ".join(why.split()), path) for path, why in steps]
    if lost := [path for number, _, path in numbers if not number]:
        raise Invalid({"steps": f"steps: {lost[0]} was not taken"})
    words = replace(read_path(fields), steps=tuple(Step(number, why) for number, why, _ in numbers))
    return prepare_path(words)


def take(session: Session, desk: Desk, item: Item, given: Given, prepared: PreparedPath) -> Taken:
    """Write a new path, or the next words and steps of one that is here; steps that the file cannot name stay."""
    if not isinstance(item, Path):
        raise Invalid({"id": "its number is that of something else here"})
    if item.version:
        before = _steps_of(session, item.id)
        steps = keep_unseen(prepared.given.steps, before, desk.numbers)
        prepared = replace(prepared, given=replace(prepared.given, steps=steps))
        if steps == before and _is_same(session, item, prepared.given):
            return Taken("unchanged")
    _check_steps(session, prepared.given.steps)
    author = desk.author(session, given.facts)
    snapshot = imported(prepared.given.content(), given)
    if item.version:
        if not desk.force and is_edited_since(session, item, given.facts.changed):
            return EDITED
        revise(session, author, item, prepared, snapshot)
    else:
        item.author_id, item.status = author.person_id, given.facts.status
        words = replace(prepared, given=replace(prepared.given, audience=desk.audience(given.facts)))
        with clock.at(given.facts.changed or clock.now()):
            publish_first(session, author, item, words, snapshot)
        settle_facts(session, desk, item, given.facts)
    show_files(session, desk, item, prepared.rendered.file_ids)
    return Taken("updated" if item.version > 1 else "created")


def _steps_of(session: Session, path_id: int) -> tuple[Step, ...]:
    rows = session.scalars(select(PathStep).where(PathStep.path_id == path_id).order_by(PathStep.position, PathStep.id))
    return tuple(Step(row.item_id, row.why) for row in rows)


def _check_steps(session: Session, steps: tuple[Step, ...]) -> None:
    """Whoever may not see an item does not see its step either: here it is enough that it is something to read."""
    wanted = {step.item_id for step in steps}
    is_there = (Item.id.in_(sorted(wanted)), Item.kind.in_(STEP_KINDS), Item.version > 0)
    if len(session.scalars(select(Item.id).where(*is_there)).all()) != len(steps):
        raise Invalid({"steps": "steps: one of them was refused, stands here twice, or cannot stand on a path"})


def _is_same(session: Session, path: Path, given: PathInput) -> bool:
    tags = {tag.name for tag in find_tags(session, [path.id]).get(path.id, ())}
    return (path.title, tags) == (given.title, set(given.tags)) and is_same(path.source, given.text)


IMPORTED = ImportSource("path", Path, prepare, take)
