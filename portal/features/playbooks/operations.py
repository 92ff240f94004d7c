"""Writes of playbooks: write, edit, credit. Each asks the policy again, flushes and publishes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import events
from portal.core.access import Actor
from portal.core.bus import publish
from portal.core.db import upsert
from portal.core.errors import Invalid, require
from portal.core.ids import slugify
from portal.core.markdown import Rendered, Section
from portal.features.playbooks import policy
from portal.features.playbooks.forms import PlaybookInput
from portal.features.playbooks.models import Contributor, Playbook, PlaybookSection
from portal.features.playbooks.sections import Part, match_sections
from portal.shared.files.operations import set_files
from portal.shared.items.forms import render_typed
from portal.shared.items.operations import Snapshot, check_version, first_words, lock_visible, revise_item, start_item
from portal.shared.tags.operations import set_tags

MOST_SECTIONS: Final = 1000


@dataclass(frozen=True, slots=True)
class PreparedPlaybook:
    """Typed words and their HTML, made outside the write lock."""

    given: PlaybookInput
    rendered: Rendered

    def snapshot(self) -> Snapshot:
        """What the revision keeps."""
        return Snapshot(self.given.content(), self.given.reason)


def prepare_playbook(given: PlaybookInput) -> PreparedPlaybook:
    """Render the text; Invalid names the limit that it breaks, and the line where there is one."""
    rendered = render_typed(given.text)
    if len(rendered.sections) > MOST_SECTIONS:
        raise Invalid({"text": f"Text: at most {MOST_SECTIONS:,} headings, these are {len(rendered.sections) - 1:,}."})
    return PreparedPlaybook(given, rendered)


def write_playbook(session: Session, actor: Actor, prepared: PreparedPlaybook) -> Playbook:
    """Publish a new playbook; its writer is author and owner."""
    require(policy.may_write(actor), "Playbooks are written by managers and publishers.")
    playbook = Playbook(author_id=actor.person_id, owner_id=actor.person_id, status="published")
    publish_first(session, actor, playbook, prepared, prepared.snapshot())
    return playbook


def edit_playbook(
    session: Session, actor: Actor, playbook_id: int, prepared: PreparedPlaybook, base_version: int
) -> Playbook:
    """Change a playbook; Overtaken where somebody saved meanwhile. Whoever edits is a contributor from then on."""
    playbook = lock_visible(session, actor, Playbook, playbook_id)
    require(policy.may_edit(actor, playbook), "Only its author, its owner and managers may change this playbook.")
    check_version(playbook, base_version)
    revise(session, actor, playbook, prepared, prepared.snapshot())
    credit_contributors(session, playbook, [actor.person_id])
    return playbook


def credit_contributors(session: Session, playbook: Playbook, person_ids: Iterable[int]) -> None:
    """Add people whose words stand in a playbook; the author is named already, and twice changes nothing."""
    for person_id in sorted(set(person_ids) - {playbook.author_id}):
        insert = upsert(session, Contributor.__table__).values(  # type: ignore[arg-type]
            playbook_id=playbook.id, person_id=person_id
        )
        session.execute(insert.on_conflict_do_nothing())


def publish_first(
    session: Session, actor: Actor, playbook: Playbook, prepared: PreparedPlaybook, snapshot: Snapshot
) -> None:
    """Give a playbook its first text; the caller has asked whether the actor may."""
    _set_words(playbook, prepared)
    start_item(session, playbook, prepared.rendered, snapshot, prepared.given.audience)
    _set_belongings(session, actor, playbook, prepared)
    publish(session, events.ItemPublished(playbook.id, playbook.kind, actor.person_id))


def revise(session: Session, actor: Actor, playbook: Playbook, prepared: PreparedPlaybook, snapshot: Snapshot) -> None:
    """Give a locked playbook its next text; the caller has asked whether the actor may, and for the version."""
    _set_words(playbook, prepared)
    _set_belongings(session, actor, playbook, prepared)
    revise_item(session, actor, playbook, prepared.rendered, snapshot)


def set_rendered(session: Session, playbook: Playbook, rendered: Rendered) -> None:
    """Keep what follows from a rendered text: its sections, and its first words."""
    playbook.summary = summary_of(rendered.sections)
    _set_sections(session, playbook.id, rendered.sections)


def _set_words(playbook: Playbook, prepared: PreparedPlaybook) -> None:
    given = prepared.given
    playbook.title, playbook.slug, playbook.source = given.title, slugify(given.title), given.text
    playbook.stage = given.stage or None
    playbook.summary = summary_of(prepared.rendered.sections)


def _set_belongings(session: Session, actor: Actor, playbook: Playbook, prepared: PreparedPlaybook) -> None:
    _set_sections(session, playbook.id, prepared.rendered.sections)
    set_tags(session, playbook.id, prepared.given.tags)
    set_files(session, actor, playbook.id, prepared.rendered.file_ids)


def _set_sections(session: Session, playbook_id: int, sections: Iterable[Section]) -> None:
    """Write the sections of a text; those that go on from old ones keep their rows."""
    new = list(sections)
    old = session.scalars(
        select(PlaybookSection).where(PlaybookSection.playbook_id == playbook_id).order_by(PlaybookSection.position)
    ).all()
    goes_on = match_sections([Part(one.anchor, one.title, one.text) for one in old],
                             [Part(one.anchor, one.title, one.text) for one in new])  # fmt: skip
    kept = {old[at].id for at in goes_on.values()}
    if gone := sorted(one.id for one in old if one.id not in kept):
        session.execute(delete(PlaybookSection).where(PlaybookSection.id.in_(gone)))
    for place, section in enumerate(new):
        row = old[goes_on[place]] if place in goes_on else PlaybookSection(playbook_id=playbook_id)
        row.anchor, row.title, row.level, row.position = section.anchor, section.title[:300], section.level, place
        row.start, row.end, row.text = section.start, section.end, section.text
        session.add(row)
    session.flush()


def summary_of(sections: Iterable[Section]) -> str:
    """The first words of a text, for lists; cut at a word."""
    return first_words(next((section.text for section in sections if section.text.strip()), ""))
