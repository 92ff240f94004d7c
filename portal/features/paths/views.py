"""Doors of paths: list, read, tick off, write, edit."""

from collections.abc import Mapping, Sequence

from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import signed_in
from portal.core.errors import Invalid, require
from portal.core.forms import Fields
from portal.core.ids import IdSlug
from portal.core.markdown import items_in
from portal.core.paging import page_number
from portal.core.web import Door, Feature, found, go, kept_clear, page, say, settle_slug
from portal.features.paths import policy
from portal.features.paths.forms import (
    PATH_LABELS,
    Act,
    arrange,
    check_audience,
    named_item,
    read_act,
    read_path,
    read_steps,
)
from portal.features.paths.models import Path
from portal.features.paths.operations import (
    PreparedPath,
    do_step,
    edit_path,
    prepare_path,
    undo_step,
    write_path,
)
from portal.features.paths.pages import (
    KIND_WORDS,
    PathForm,
    PathList,
    StepField,
    list_row,
    path_page,
    path_values,
    readable,
    step_lines,
)
from portal.features.paths.queries import (
    PAGE,
    STEP_KINDS,
    Step,
    count_progress,
    find_path,
    list_items,
    list_paths,
    list_steps,
)
from portal.shared.drafts.forms import token_of
from portal.shared.drafts.operations import then_settled
from portal.shared.drafts.pages import Writing, open_again, open_form
from portal.shared.finding.covering import cover_rows, shown_slug
from portal.shared.finding.finder import Finder
from portal.shared.finding.pages import ResultRow
from portal.shared.finding.queries import list_labels
from portal.shared.finding.search_operations import Viewed
from portal.shared.finding.syntax import read
from portal.shared.items.forms import audience_choices
from portal.shared.items.operations import Overtaken
from portal.shared.items.pages import conflict_page, shown
from portal.shared.items.queries import find_links, find_revision, url_of
from portal.shared.tags.queries import find_tags

feature = Feature("paths")

BASE = "/paths"
ONE = BASE + "/<idslug:where>"
OFFERED = 6


@feature.get(BASE, allow=signed_in)
def index(door: Door) -> ResponseReturnValue:
    """The newest first, each with how far one is oneself."""
    session, actor, tag = door.session, door.actor, door.args.get("tag", "")
    number = page_number(door.args)
    rows, total = list_paths(session, actor, tag=tag, page=number)
    labels, progress = list_labels(session, actor), count_progress(session, actor, [row.path.id for row in rows])
    listed = (list_row(actor, row, labels, progress.get(row.path.id, (0, 0))) for row in rows)
    content = PathList(
        rows=cover_rows(listed, labels, actor),
        tag=labels.get("tag", {}).get(tag, tag) if total else tag,
        total=total,
        page=number,
        pages=max(1, -(-total // PAGE)),
        may_write=policy.may_write(actor),
    )
    return page("paths/index.html", content)


@feature.get(ONE, allow=signed_in)
def show(door: Door, where: IdSlug) -> ResponseReturnValue:
    """A path with its steps, each ticked where one has done it."""
    session, actor = door.session, door.actor
    path = found(find_path(session, actor, where.id))
    if moved := settle_slug(where, shown_slug(path.slug, actor), BASE):
        return moved
    door.observe(Viewed(actor.person_id, path.id, clock.now()))
    labels, steps = list_labels(session, actor), list_steps(session, actor, path.id)
    rows = door.service(Finder).rows(session, actor, [step.key for step in steps], labels)
    content = path_page(
        actor, path, steps, {row.key: row for row in rows},
        tags=find_tags(session, [path.id]).get(path.id, []),
        links=find_links(session, actor, items_in(path.html)),
        labels=labels,
    )  # fmt: skip
    return page("paths/show.html", content)


@feature.post(ONE + "/steps/<int:step_id>", allow=signed_in)
def tick(door: Door, where: IdSlug, step_id: int) -> ResponseReturnValue:
    """Tick a step off or take the tick back: `done` is yes or no, what is wanted, so that a repeat changes nothing."""
    path, actor = found(find_path(door.session, door.actor, where.id)), door.actor
    work = undo_step if door.fields.values.get("done") == "no" else do_step
    door.write(lambda session: work(session, actor, path.id, step_id))
    return go(f"{url_of(path.kind, path.id, path.slug)}#step-{step_id}")


@feature.get(BASE + "/new", allow=policy.WRITERS)
def new(door: Door) -> ResponseReturnValue:
    """An empty form."""
    writing = open_form(door.session, door.actor, "new-path", door.args)
    if writing.typed:
        return _form(door, writing.typed.values, read_steps(writing.typed), writing=writing)
    return _form(door, {"title": door.args.get("title", "")}, writing=writing)


@feature.post(BASE + "/new", allow=policy.WRITERS)
def create(door: Door) -> ResponseReturnValue:
    """Publish, and go to the new page; a button that moves steps only shows the form again."""
    fields, actor = door.fields, door.actor
    if act := read_act(fields):
        return _arranged(door, fields, act)

    def work(session: Session) -> str:
        path = write_path(session, actor, prepared)
        return url_of(path.kind, path.id, path.slug)

    try:
        prepared = _prepare(door, fields)
        answer = door.create(then_settled(work, actor, fields))
    except Invalid as refused:
        return _form(door, fields.values, read_steps(fields), errors=refused.errors)
    kept_clear("new-path", token_of(fields))
    return answer


@feature.get(ONE + "/edit", allow=signed_in, private=True)
def edit(door: Door, where: IdSlug) -> ResponseReturnValue:
    """The present words and steps in the form."""
    path = _editable(door, where)
    writing = open_form(door.session, door.actor, f"edit-{path.id}", door.args, path)
    if writing.typed:
        return _form(door, writing.typed.values, read_steps(writing.typed), path, writing=writing)
    tags = find_tags(door.session, [path.id]).get(path.id, [])
    steps = [Step(row.item_id, row.why) for row in list_steps(door.session, door.actor, path.id)]
    return _form(door, path_values(path, tags), steps, path, writing=writing)


@feature.post(ONE + "/edit", allow=signed_in)
def save(door: Door, where: IdSlug) -> ResponseReturnValue:
    """Save, or show the form again with its steps moved; where somebody saved meanwhile, both texts are shown."""
    path, fields, actor = _editable(door, where), door.fields, door.actor
    if act := read_act(fields):
        return _arranged(door, fields, act, path)
    version = fields.version()
    try:
        prepared = _prepare(door, fields)

        def work(session: Session) -> Path:
            return edit_path(session, actor, path.id, prepared, version)

        saved = door.write(then_settled(work, actor, fields))
    except Overtaken as overtaken:
        return _conflict(door, path, overtaken, fields)
    except Invalid as refused:
        return _form(door, fields.values, read_steps(fields), path, errors=refused.errors)
    kept_clear(f"edit-{path.id}", token_of(fields))
    say("Saved.")
    return go(url_of(saved.kind, saved.id, saved.slug))


def _prepare(door: Door, fields: Fields) -> PreparedPath:
    given = read_path(fields)
    check_audience(given, {mark for mark, _ in audience_choices(door.session)})
    return prepare_path(given)


def _editable(door: Door, where: IdSlug) -> Path:
    path = found(find_path(door.session, door.actor, where.id))
    require(policy.may_edit(door.actor, path), "Only its author, its owner and managers may change this path.")
    return path


def _arranged(door: Door, fields: Fields, act: Act, path: Path | None = None) -> ResponseReturnValue:
    """The form after a button that saves nothing: with a step added, moved or removed, or with what could be added."""
    steps, typed = read_steps(fields), fields.line("add", "Add")
    if act.verb != "add":
        return _form(door, fields.values, arrange(steps, act), path, moved=(act.verb, act.item_id))
    number = named_item(typed)
    known = _rows(door, [number]) if number else {}
    if number in known:
        return _form(door, fields.values, arrange(steps, Act("take", number)), path, moved=("take", number))
    if not typed or number:
        missing = f"There is no playbook, objection or question with the number {number}." if number else ""
        errors = {"add": missing or "Write a number, a link, or a few words to search for."}
        return _form(door, fields.values, steps, path, errors=errors)
    words = read(" ".join([typed, *(f"type:{kind}" for kind in STEP_KINDS)]))
    there = {step.item_id for step in steps}
    hits = door.service(Finder).search(door.session, door.actor, words, limit=OFFERED, counting=False).rows
    offers = {_number_of(row): row for row in hits}
    errors = {} if offers else {"add": f"Nothing that you can see answers “{typed}”."}
    offered = [row for number, row in offers.items() if number not in there]
    return _form(door, fields.values, steps, path, errors=errors, added=typed, offers=offered)


def _form(
    door: Door, values: Mapping[str, str], steps: Sequence[Step] = (), path: Path | None = None, *,
    errors: Mapping[str, str] | None = None, added: str = "", offers: Sequence[ResultRow] = (),
    moved: tuple[str, int] = ("", 0), writing: Writing | None = None,
) -> ResponseReturnValue:  # fmt: skip
    base = url_of(path.kind, path.id, path.slug) if path else BASE
    rows = _rows(door, [step.item_id for step in steps])
    content = PathForm(
        action=f"{base}/edit" if path else f"{base}/new",
        cancel=base,
        values=values,
        errors=errors or {},
        audiences=() if path else audience_choices(door.session),
        steps=[
            StepField(
                one.item_id, rows[one.item_id][0], KIND_WORDS[rows[one.item_id][0]], rows[one.item_id][1], one.why
            )
            for one in steps
            if one.item_id in rows
        ],
        added=added or (values.get("add", "") if errors else ""),
        offers=offers,
        moved=moved,
        preview=_preview(door, path, values),
        writing=writing or open_again(f"edit-{path.id}" if path else "new-path", values, path),
        version=values.get("version", str(path.version)) if path else "",
    )
    return page("paths/form.html", content, 422 if errors else 200)


def _rows(door: Door, item_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    return list_items(door.session, door.actor, item_ids)


def _number_of(row: ResultRow) -> int:
    """`playbook:12#h-scope` → 12."""
    return int(row.key.partition(":")[2].partition("#")[0])


def _conflict(door: Door, path: Path, overtaken: Overtaken, fields: Fields) -> ResponseReturnValue:
    """Both texts; steps stand as lines there, and what this writer may not see stands on neither side."""
    revision, steps = found(find_revision(door.session, path.id, overtaken.current)), read_steps(fields)
    ids = {step.item_id for step in steps} | {one["item_id"] for one in revision.content.get("steps", ())}
    links = find_links(door.session, door.actor, ids)
    typed = Fields.of(**{**fields.values, "steps": step_lines(steps, links)})
    base = url_of(path.kind, path.id, path.slug)
    content = conflict_page(
        revision, typed, PATH_LABELS, action=f"{base}/edit", cancel=base, draft=f"edit-{path.id}",
        readable=lambda content: readable(content, links),
    )  # fmt: skip
    return page("history/conflict.html", content, 409)


def _preview(door: Door, path: Path | None, values: Mapping[str, str]) -> Markup:
    """The text as readers see it now, as long as it is not typed anew."""
    if path is None or values.get("text") != path.source:
        return Markup("")
    return shown(path.html, find_links(door.session, door.actor, items_in(path.html)))
