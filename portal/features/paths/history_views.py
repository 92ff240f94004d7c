"""Doors of a path's past: all versions, what one of them changed, and the way back to it."""

from dataclasses import replace

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.errors import require
from portal.core.ids import IdSlug
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.paths import policy
from portal.features.paths.forms import PATH_LABELS, PathInput
from portal.features.paths.models import Path
from portal.features.paths.operations import edit_path, prepare_path
from portal.features.paths.pages import readable
from portal.features.paths.queries import find_path, list_items
from portal.shared.items.operations import Overtaken
from portal.shared.items.pages import history_page, version_page
from portal.shared.items.queries import find_links, find_revision, list_revisions, url_of

feature = Feature("path_history", private=True)

HISTORY = "/paths/<idslug:where>/history"


@feature.get(HISTORY, allow=signed_in)
def history(door: Door, where: IdSlug) -> ResponseReturnValue:
    """All versions, newest first; drafts are their editors' alone."""
    path, may_edit = _find(door, where)
    revisions = list_revisions(door.session, path.id, drafts=may_edit)
    return page("history/list.html", history_page(path.title, _url(path), revisions, path.version))


@feature.get(HISTORY + "/<int:version>", allow=signed_in)
def one_version(door: Door, where: IdSlug, version: int) -> ResponseReturnValue:
    """What one version changed."""
    path, may_edit = _find(door, where)
    revision = found(find_revision(door.session, path.id, version, drafts=may_edit))
    before = find_revision(door.session, path.id, version - 1, drafts=may_edit)
    kept = [*revision.content.get("steps", ()), *(before.content.get("steps", ()) if before else ())]
    links = find_links(door.session, door.actor, [one["item_id"] for one in kept])
    content = version_page(
        path.title,
        _url(path),
        revision,
        before,
        PATH_LABELS,
        current=path.version,
        may_edit=may_edit,
        readable=lambda content: readable(content, links),
    )
    return page("history/version.html", content)


@feature.post(HISTORY + "/<int:version>/restore", allow=signed_in)
def restore(door: Door, where: IdSlug, version: int) -> ResponseReturnValue:
    """Save the words of an old version again, as the next one; what stands between them is kept.

    Steps whose item is gone, or that this person may not see, are not brought back.
    """
    path, may_edit = _find(door, where)
    require(may_edit, "Only its author, its owner and managers may change this path.")
    revision = found(find_revision(door.session, path.id, version, drafts=may_edit))
    actor, base = door.actor, door.fields.version()
    given = PathInput.from_content(revision.content, f"Back to version {version}")
    there = list_items(door.session, actor, [step.item_id for step in given.steps])
    prepared = prepare_path(replace(given, steps=tuple(step for step in given.steps if step.item_id in there)))
    try:
        saved = door.write(lambda session: edit_path(session, actor, path.id, prepared, base))
    except Overtaken:
        say("Somebody saved a newer version meanwhile. Look at it first; nothing was changed.", "warn")
        return go(f"{_url(path)}/history")
    say(f"Version {version} stands again.")
    return go(url_of(saved.kind, saved.id, saved.slug))


def _find(door: Door, where: IdSlug) -> tuple[Path, bool]:
    path = found(find_path(door.session, door.actor, where.id))
    return path, policy.may_edit(door.actor, path)


def _url(path: Path) -> str:
    return url_of(path.kind, path.id, path.slug)
