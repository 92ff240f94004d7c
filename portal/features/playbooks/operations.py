"""Writes of playbooks: write, edit, draft, credit. Each asks the policy again, flushes and publishes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import events
from portal.core.access import Actor
from portal.core.bus import publish
from portal.core.db import upsert
from portal.core.errors import Invalid, require
from portal.core.ids import slugify
from portal.core.jobs import enqueue
from portal.core.markdown import Rendered, Section
from portal.features.playbooks import policy
from portal.features.playbooks.forms import PlaybookInput
from portal.features.playbooks.models import Contributor, Playbook
from portal.features.playbooks.section_operations import note_sources, set_sections
from portal.shared.files.operations import keep_files, set_draft_files, set_files
from portal.shared.items.forms import render_typed
from portal.shared.items.models import Revision
from portal.shared.items.operations import (
    Overtaken,
    Snapshot,
    check_version,
    first_words,
    lock_reachable,
    propose_revision,
    publish_revision,
    revise_item,
    start_item,
)
from portal.shared.items.queries import OPEN_STATUSES
from portal.shared.people.queries import find_author
from portal.shared.tags.operations import set_tags

MOST_SECTIONS: Final = 1000
NO_WRITER: Final = "Playbooks are written by managers and publishers."
NO_EDITOR: Final = "Only its author, its owner and managers may change this playbook."
SECOND_LOOK: Final = "Somebody else looks at these words first: send them for review."


@dataclass(frozen=True, slots=True)
class PreparedPlaybook:
    """Typed words and their HTML, made outside the write lock."""

    given: PlaybookInput
    rendered: Rendered

    def snapshot(self) -> Snapshot:
        """What the revision keeps."""
        return Snapshot(self.given.content(), self.given.reason, self.given.is_minor)


def prepare_playbook(given: PlaybookInput) -> PreparedPlaybook:
    """Render the text; Invalid names the limit that it breaks, and the line where there is one."""
    rendered = render_typed(given.text)
    if len(rendered.sections) > MOST_SECTIONS:
        raise Invalid({"text": f"Text: at most {MOST_SECTIONS:,} headings, these are {len(rendered.sections) - 1:,}."})
    return PreparedPlaybook(given, rendered)


def write_playbook(
    session: Session, actor: Actor, prepared: PreparedPlaybook, *, may_approve_own: bool = True
) -> Playbook:
    """Publish a new playbook; its writer is author and owner. `may_approve_own` is the company's rule."""
    require(policy.may_write(actor), NO_WRITER)
    require(may_approve_own, SECOND_LOOK)
    playbook = Playbook(author_id=actor.person_id, owner_id=actor.person_id, status="published")
    publish_first(session, actor, playbook, prepared, prepared.snapshot())
    return playbook


def draft_playbook(session: Session, actor: Actor, prepared: PreparedPlaybook, owner_id: int | None = None) -> Playbook:
    """Begin a playbook as a draft, which only its author, its owner (the writer, or who is named) and managers see."""
    require(policy.may_write(actor), NO_WRITER)
    playbook = Playbook(author_id=actor.person_id, owner_id=owner_id or actor.person_id, status="draft")
    start_playbook(session, actor, playbook, prepared, prepared.snapshot())
    return playbook


def edit_playbook(
    session: Session, actor: Actor, playbook_id: int, prepared: PreparedPlaybook, base_version: int,
    *, may_approve_own: bool = True,
) -> Playbook:  # fmt: skip
    """Publish new words; Overtaken where somebody saved meanwhile. Whoever edits is a contributor from then on."""
    playbook = _lock_for_edit(session, actor, playbook_id, base_version)
    require(policy.may_publish(actor, playbook, may_approve_own=may_approve_own), SECOND_LOOK)
    revise(session, actor, playbook, prepared, prepared.snapshot())
    return playbook


def draft_edit(
    session: Session, actor: Actor, playbook_id: int, prepared: PreparedPlaybook, base_version: int
) -> Playbook:
    """Keep new words as a draft; what is published stays on view. Overtaken where somebody saved meanwhile."""
    playbook = _lock_for_edit(session, actor, playbook_id, base_version)
    if playbook.published_revision_id is None:
        playbook.status = "draft"
        _set_words(playbook, prepared)
        revise_item(session, actor, playbook, prepared.rendered, prepared.snapshot())
        _set_belongings(session, actor, playbook, prepared)
    else:
        propose_revision(session, actor, playbook, prepared.snapshot(), "draft")
        set_draft_files(session, actor, playbook.id, prepared.rendered.file_ids)
    return playbook


def credit_contributors(session: Session, playbook: Playbook, person_ids: Iterable[int]) -> None:
    """Add people whose words stand in a playbook; the author is named already, and twice changes nothing."""
    for person_id in sorted(set(person_ids) - {playbook.author_id}):
        insert = upsert(session, Contributor.__table__).values(  # type: ignore[arg-type]
            playbook_id=playbook.id, person_id=person_id
        )
        session.execute(insert.on_conflict_do_nothing())


def start_playbook(
    session: Session, actor: Actor, playbook: Playbook, prepared: PreparedPlaybook, snapshot: Snapshot
) -> None:
    """Give a playbook its first text in the status that it has, and tell nobody."""
    _set_words(playbook, prepared)
    start_item(session, playbook, prepared.rendered, snapshot, prepared.given.audience)
    _set_belongings(session, actor, playbook, prepared)


def publish_first(
    session: Session, actor: Actor, playbook: Playbook, prepared: PreparedPlaybook, snapshot: Snapshot
) -> None:
    """Give a playbook its first text; the caller has asked whether the actor may."""
    start_playbook(session, actor, playbook, prepared, snapshot)
    publish(session, events.ItemPublished(playbook.id, playbook.kind, actor.person_id))


def revise(session: Session, actor: Actor, playbook: Playbook, prepared: PreparedPlaybook, snapshot: Snapshot) -> None:
    """Publish the next text of a locked playbook; the caller has asked whether the actor may, and for the version."""
    before = playbook.published_revision_id
    playbook.status = "published"
    _set_words(playbook, prepared)
    revise_item(session, actor, playbook, prepared.rendered, snapshot)
    _set_belongings(session, actor, playbook, prepared)
    _settle_published(session, actor, playbook, before)


def publish_waiting(
    session: Session, actor: Actor, playbook: Playbook, revision: Revision, prepared: PreparedPlaybook
) -> None:
    """Publish the text that waits; the caller has locked the playbook and asked whether the actor may.

    Overtaken where `prepared` was made of other words than those that wait.
    """
    if PlaybookInput.from_content(revision.content, "") != replace(prepared.given, reason="", is_minor=False):
        raise Overtaken(playbook.version)
    before = playbook.published_revision_id
    playbook.status = "published"
    _set_words(playbook, prepared)
    _set_belongings(session, actor, playbook, prepared, find_author(session, revision.author_id))
    publish_revision(session, playbook, revision, prepared.rendered)
    _settle_published(session, actor, playbook, before)


def set_rendered(session: Session, playbook: Playbook, rendered: Rendered) -> None:
    """Keep what follows from a rendered text: its sections, and its first words."""
    playbook.summary = summary_of(rendered.sections)
    set_sections(session, playbook.id, rendered.sections)


def set_published(session: Session, playbook: Playbook, prepared: PreparedPlaybook) -> None:
    """Keep the published words as they are now without that passage; files that they show no more go too."""
    _set_words(playbook, prepared)
    set_sections(session, playbook.id, prepared.rendered.sections)
    set_tags(session, playbook.id, prepared.given.tags)
    keep_files(session, playbook.id, prepared.rendered.file_ids)


def _lock_for_edit(session: Session, actor: Actor, playbook_id: int, base_version: int) -> Playbook:
    playbook = lock_reachable(session, actor, Playbook, playbook_id)
    require(policy.may_edit(actor, playbook), NO_EDITOR)
    check_version(playbook, base_version)
    return playbook


def _settle_published(session: Session, actor: Actor, playbook: Playbook, before: int | None) -> None:
    """Credit everybody who wrote since the text `before`, and say it where none was published before."""
    writers = select(Revision.author_id).where(Revision.item_id == playbook.id, Revision.state != "rejected")
    credit_contributors(session, playbook, session.scalars(writers.where(Revision.id > (before or 0))))
    set_draft_files(session, actor, playbook.id, ())
    if before is None:
        publish(session, events.ItemPublished(playbook.id, playbook.kind, actor.person_id))


def _set_words(playbook: Playbook, prepared: PreparedPlaybook) -> None:
    given = prepared.given
    playbook.title, playbook.slug, playbook.source = given.title, slugify(given.title), given.text
    playbook.stage = given.stage or None
    playbook.summary = summary_of(prepared.rendered.sections)


def _set_belongings(
    session: Session, actor: Actor, playbook: Playbook, prepared: PreparedPlaybook, writer: Actor | None = None
) -> None:
    """Keep what follows from the words; `writer` is who wrote them, where the actor approves them."""
    writer = writer or actor
    added = set_sections(session, playbook.id, prepared.rendered.sections)
    if prepared.given.promoted:
        credit_contributors(session, playbook, note_sources(session, writer, playbook, prepared.given.promoted, added))
    set_tags(session, playbook.id, prepared.given.tags)
    set_files(session, actor, playbook.id, prepared.rendered.file_ids)


def summary_of(sections: Iterable[Section]) -> str:
    """The first words of a text, for lists; cut at a word."""
    return first_words(next((section.text for section in sections if section.text.strip()), ""))


def hear_presence(session: Session, event: events.PresenceChanged) -> None:
    """The playbooks of somebody who leaves are without an owner, and are found as such."""
    owned = select(Playbook.id).where(Playbook.owner_id == event.person_id, Playbook.status.in_(OPEN_STATUSES))
    for playbook_id in session.scalars(owned):
        enqueue(session, "index", f"playbook:{playbook_id}")
