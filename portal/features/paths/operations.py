"""Writes of paths: write, edit, and tick off a step for oneself. Each asks the policy again, flushes and publishes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import events
from portal.core import clock
from portal.core.access import Actor
from portal.core.bus import publish
from portal.core.db import add_once
from portal.core.errors import Invalid, NotFound, require
from portal.core.ids import slugify
from portal.core.markdown import Rendered, plain_text
from portal.features.paths import policy
from portal.features.paths.forms import PathInput, keep_unseen
from portal.features.paths.models import Path, PathStep, StepDone
from portal.features.paths.queries import Step, list_items, list_steps
from portal.shared.files.operations import set_files
from portal.shared.items.forms import render_typed
from portal.shared.items.operations import Snapshot, check_version, first_words, lock_visible, revise_item, start_item
from portal.shared.tags.operations import set_tags


@dataclass(frozen=True, slots=True)
class PreparedPath:
    """Typed words and their HTML, made outside the write lock."""

    given: PathInput
    rendered: Rendered


def prepare_path(given: PathInput) -> PreparedPath:
    """Render the text; Invalid names the limit that it breaks."""
    return PreparedPath(given, render_typed(given.text))


def write_path(session: Session, actor: Actor, prepared: PreparedPath) -> Path:
    """Publish a new path; its writer is author and owner. Invalid where a step is nothing that the writer may see."""
    require(policy.may_write(actor), "Paths are written by managers and publishers.")
    check_steps(session, actor, (), prepared.given.steps)
    path = Path(author_id=actor.person_id, owner_id=actor.person_id, status="published")
    publish_first(session, actor, path, prepared, Snapshot(prepared.given.content(), prepared.given.reason))
    return path


def edit_path(session: Session, actor: Actor, path_id: int, prepared: PreparedPath, base_version: int) -> Path:
    """Change a path; Overtaken where somebody saved meanwhile. Steps that the actor cannot see stay where they are."""
    path = lock_visible(session, actor, Path, path_id)
    require(policy.may_edit(actor, path), "Only its author, its owner and managers may change this path.")
    check_version(path, base_version)
    before = [Step(row.item_id, row.why) for row in _steps_of(session, path.id)]
    seen = list_items(session, actor, [step.item_id for step in before])
    whole = replace(prepared.given, steps=keep_unseen(prepared.given.steps, before, seen))
    check_steps(session, actor, before, whole.steps)
    revise(session, actor, path, replace(prepared, given=whole), Snapshot(whole.content(), whole.reason))
    return path


def publish_first(session: Session, actor: Actor, path: Path, prepared: PreparedPath, snapshot: Snapshot) -> None:
    """Give a path its first words and steps; the caller has asked whether the actor may, and for the steps."""
    _set_words(path, prepared)
    start_item(session, path, prepared.rendered, snapshot, prepared.given.audience)
    _set_belongings(session, actor, path, prepared)
    publish(session, events.ItemPublished(path.id, path.kind, actor.person_id))


def revise(session: Session, actor: Actor, path: Path, prepared: PreparedPath, snapshot: Snapshot) -> None:
    """Give a locked path its next words and steps; the caller has asked whether the actor may, and for the version."""
    _set_words(path, prepared)
    _set_belongings(session, actor, path, prepared)
    revise_item(session, actor, path, prepared.rendered, snapshot)


def check_steps(session: Session, actor: Actor, before: Iterable[Step], wanted: Iterable[Step]) -> None:
    """Invalid where a new step is nothing that the actor may see, or that cannot stand on a path."""
    new = {step.item_id for step in wanted} - {step.item_id for step in before}
    if unknown := sorted(new - list_items(session, actor, new).keys()):
        raise Invalid({"steps": f"Steps: there is nothing with the number {unknown[0]} that can stand on a path."})


def do_step(session: Session, actor: Actor, path_id: int, step_id: int) -> None:
    """Tick a step off, for oneself alone; a second time changes nothing."""
    _find_step(session, actor, path_id, step_id)
    add_once(session, StepDone, person_id=actor.person_id, step_id=step_id, at=clock.now())


def undo_step(session: Session, actor: Actor, path_id: int, step_id: int) -> None:
    """Take the tick back; without one nothing changes."""
    _find_step(session, actor, path_id, step_id)
    session.execute(delete(StepDone).where(StepDone.person_id == actor.person_id, StepDone.step_id == step_id))


def _find_step(session: Session, actor: Actor, path_id: int, step_id: int) -> None:
    """Lock the path, so that no edit takes the step away meanwhile; NotFound where the actor sees no such step."""
    lock_visible(session, actor, Path, path_id)
    if step_id not in {step.id for step in list_steps(session, actor, path_id)}:
        raise NotFound


def _set_words(path: Path, prepared: PreparedPath) -> None:
    given = prepared.given
    path.title, path.slug, path.source = given.title, slugify(given.title), given.text
    path.summary = first_words(plain_text(prepared.rendered.html))


def _set_belongings(session: Session, actor: Actor, path: Path, prepared: PreparedPath) -> None:
    _set_steps(session, path.id, prepared.given.steps)
    set_tags(session, path.id, prepared.given.tags)
    set_files(session, actor, path.id, prepared.rendered.file_ids)


def _set_steps(session: Session, path_id: int, wanted: tuple[Step, ...]) -> None:
    """Write the steps; those that stay keep their rows, and so what people have done of them."""
    rows = {row.item_id: row for row in _steps_of(session, path_id)}
    if gone := sorted(rows.keys() - {step.item_id for step in wanted}):
        session.execute(delete(PathStep).where(PathStep.path_id == path_id, PathStep.item_id.in_(gone)))
    for position, step in enumerate(wanted, 1):
        row = rows.get(step.item_id) or PathStep(path_id=path_id, item_id=step.item_id)
        row.position, row.why = position, step.why
        session.add(row)
    session.flush()


def _steps_of(session: Session, path_id: int) -> list[PathStep]:
    """All steps, seen or not, locked with their path."""
    return list(session.scalars(select(PathStep).where(PathStep.path_id == path_id).order_by(PathStep.position)))
