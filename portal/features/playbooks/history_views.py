"""Doors of a playbook's past: all versions and steps, what one of them changed, and the way back to it."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.access import signed_in
from portal.core.errors import require
from portal.core.ids import IdSlug
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.playbooks import policy
from portal.features.playbooks.forms import PLAYBOOK_LABELS, PlaybookInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.move_pages import PAST
from portal.features.playbooks.operations import draft_edit, edit_playbook, prepare_playbook
from portal.features.playbooks.queries import find_playbook
from portal.settings import Settings
from portal.shared.items import policy as items
from portal.shared.items.operations import Overtaken
from portal.shared.items.pages import StepRow, history_page, named_in, readable_note, version_page
from portal.shared.items.queries import (
    find_after,
    find_before,
    find_links,
    find_revision,
    list_moves,
    list_revisions,
    url_of,
)
from portal.shared.people.pages import link_to

feature = Feature("playbook_history", private=True)

HISTORY = "/playbooks/<idslug:where>/history"
STEPS_OF_TEXTS = ("send", "drop", "ask_changes", "take_back")
"""Steps on the way to a publication: with their notes they are for those who work on the page."""


@feature.get(HISTORY, allow=signed_in)
def history(door: Door, where: IdSlug) -> ResponseReturnValue:
    """All versions and the steps between them, newest first; drafts and reviews are for editors alone."""
    session = door.session
    playbook, drafts = _find(door, where)
    revisions = list_revisions(session, playbook.id, drafts=drafts)
    moves = [one for one in list_moves(session, playbook.id) if drafts or one.verb not in STEPS_OF_TEXTS]
    links = find_links(session, door.actor, named_in(*(one.note for one in moves)))
    steps = [
        StepRow(link_to(one.actor), one.at, PAST.get(one.verb, one.verb), readable_note(one.note, links))
        for one in moves
    ]
    url = _url(playbook)
    redact_url = f"{url}/redaction" if policy.may_redact(door.actor) else ""
    stands = next((one.version for one in revisions if one.id == playbook.published_revision_id), 0)
    return page(
        "history/list.html",
        history_page(playbook.title, url, revisions, stands, steps=steps, redact_url=redact_url),
    )


@feature.get(HISTORY + "/<int:version>", allow=signed_in)
def one_version(door: Door, where: IdSlug, version: int) -> ResponseReturnValue:
    """What one version changed, beside the one before it that this person may see."""
    playbook, drafts = _find(door, where)
    revision = found(find_revision(door.session, playbook.id, version, drafts=drafts))
    content = version_page(
        playbook.title,
        _url(playbook),
        revision,
        find_before(door.session, playbook.id, version, drafts=drafts),
        PLAYBOOK_LABELS,
        current=revision.version if revision.id == playbook.published_revision_id else 0,
        newest=playbook.version,
        newer=find_after(door.session, playbook.id, version, drafts=drafts),
        may_edit=policy.may_edit(door.actor, playbook),
    )
    return page("history/version.html", content)


@feature.post(HISTORY + "/<int:version>/restore", allow=signed_in)
def restore(door: Door, where: IdSlug, version: int) -> ResponseReturnValue:
    """Save the words of an old version again, as the next one; as a draft by those who may not publish."""
    playbook, drafts = _find(door, where)
    require(policy.may_edit(door.actor, playbook), "Only its author, its owner and managers may change this playbook.")
    revision = found(find_revision(door.session, playbook.id, version, drafts=drafts))
    actor, base, own = door.actor, door.fields.version(), door.service(Settings).own_review
    prepared = prepare_playbook(PlaybookInput.from_content(revision.content, f"Back to version {version}"))
    is_published = policy.may_publish(actor, playbook, may_approve_own=own)

    def work(session: Session) -> Playbook:
        if is_published:
            return edit_playbook(session, actor, playbook.id, prepared, base, may_approve_own=own)
        return draft_edit(session, actor, playbook.id, prepared, base)

    try:
        saved = door.write(work)
    except Overtaken:
        say("Somebody saved a newer version meanwhile. Look at it first; nothing was changed.", "warn")
        return go(f"{_url(playbook)}/history")
    say(f"Version {version} stands again." if is_published else f"Version {version} is a draft now.")
    return go(_url(saved) if is_published else f"{_url(saved)}/next")


def _find(door: Door, where: IdSlug) -> tuple[Playbook, bool]:
    """The page, and whether this person may read its drafts."""
    playbook = found(find_playbook(door.session, door.actor, where.id)).playbook
    return playbook, items.may_edit(door.actor, playbook)


def _url(playbook: Playbook) -> str:
    return url_of(playbook.kind, playbook.id, playbook.slug)
