"""Doors of a playbook's past: all versions, what one of them changed, and the way back to it."""

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.errors import require
from portal.core.ids import IdSlug
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.playbooks import policy
from portal.features.playbooks.forms import PLAYBOOK_LABELS, PlaybookInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.operations import edit_playbook, prepare_playbook
from portal.features.playbooks.queries import find_playbook
from portal.shared.items.operations import Overtaken
from portal.shared.items.pages import history_page, version_page
from portal.shared.items.queries import find_revision, list_revisions, url_of

feature = Feature("playbook_history", private=True)

HISTORY = "/playbooks/<idslug:where>/history"


@feature.get(HISTORY, allow=signed_in)
def history(door: Door, where: IdSlug) -> ResponseReturnValue:
    """All versions, newest first; drafts are their editors' alone."""
    playbook, may_edit = _find(door, where)
    revisions = list_revisions(door.session, playbook.id, drafts=may_edit)
    return page("history/list.html", history_page(playbook.title, _url(playbook), revisions, playbook.version))


@feature.get(HISTORY + "/<int:version>", allow=signed_in)
def one_version(door: Door, where: IdSlug, version: int) -> ResponseReturnValue:
    """What one version changed."""
    playbook, may_edit = _find(door, where)
    revision = find_revision(door.session, playbook.id, version, drafts=may_edit)
    content = version_page(
        playbook.title,
        _url(playbook),
        found(revision),
        find_revision(door.session, playbook.id, version - 1, drafts=may_edit),
        PLAYBOOK_LABELS,
        current=playbook.version,
        may_edit=may_edit,
    )
    return page("history/version.html", content)


@feature.post(HISTORY + "/<int:version>/restore", allow=signed_in)
def restore(door: Door, where: IdSlug, version: int) -> ResponseReturnValue:
    """Save the words of an old version again, as the next one; what stands between them is kept."""
    playbook, may_edit = _find(door, where)
    require(may_edit, "Only its author, its owner and managers may change this playbook.")
    revision = found(find_revision(door.session, playbook.id, version, drafts=may_edit))
    actor, base = door.actor, door.fields.version()
    prepared = prepare_playbook(PlaybookInput.from_content(revision.content, f"Back to version {version}"))
    try:
        saved = door.write(lambda session: edit_playbook(session, actor, playbook.id, prepared, base))
    except Overtaken:
        say("Somebody saved a newer version meanwhile. Look at it first; nothing was changed.", "warn")
        return go(f"{_url(playbook)}/history")
    say(f"Version {version} stands again.")
    return go(url_of(saved.kind, saved.id, saved.slug))


def _find(door: Door, where: IdSlug) -> tuple[Playbook, bool]:
    playbook = found(find_playbook(door.session, door.actor, where.id)).playbook
    return playbook, policy.may_edit(door.actor, playbook)


def _url(playbook: Playbook) -> str:
    return url_of(playbook.kind, playbook.id, playbook.slug)
