"""An admin takes a passage out of a playbook: out of what readers see, of every older text, and of what waits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.errors import Invalid, require
from portal.features.playbooks import policy
from portal.features.playbooks.forms import PlaybookInput, RedactionInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.operations import prepare_playbook, set_published
from portal.shared.items.models import Revision
from portal.shared.items.operations import lock_reachable, note_move, publish_edited, replace_html
from portal.shared.items.redaction_operations import redact_revisions, without

REASON = "A passage was taken out"


def redact_playbook(session: Session, actor: Actor, playbook_id: int, given: RedactionInput) -> tuple[Playbook, int]:
    """Take a passage out of every text, and write into the audit log who did it and why, never what it said.

    The newest text becomes a version of its own, so that whoever is writing just now is shown that it changed.
    Returns the page and the number of texts that held the passage; Invalid where none did.
    """
    playbook = lock_reachable(session, actor, Playbook, playbook_id)
    require(policy.may_redact(actor), "Only admins take passages out of the history.")
    changed = redact_revisions(session, playbook, given.passage)
    if not changed:
        raise Invalid({"passage": "Passage: no version of this playbook holds it, letter for letter."})
    playbook.obsolete_reason = without(playbook.obsolete_reason, given.passage)
    _renew(session, playbook)
    _append(session, actor, playbook)
    note_move(session, actor, playbook, "redact", note=given.reason)
    detail = {"versions": str(changed), "reason": given.reason}
    audit.record(session, actor.person_id, "passage taken out", f"playbook {playbook.id}: {playbook.title}", detail)
    publish_edited(session, playbook, actor.person_id, is_minor=True)
    return playbook, changed


def _renew(session: Session, playbook: Playbook) -> None:
    """Make what the page says anew. Rendering stands inside the unit here, which is rare: nobody may come between."""
    of_page = Revision.id == playbook.published_revision_id
    if playbook.published_revision_id is None:
        of_page = (Revision.item_id == playbook.id) & (Revision.version == playbook.version)
    revision = session.scalars(select(Revision).where(of_page)).one()
    prepared = prepare_playbook(PlaybookInput.from_content(revision.content, ""))
    set_published(session, playbook, prepared)
    replace_html(session, playbook, prepared.rendered)


def _append(session: Session, actor: Actor, playbook: Playbook) -> None:
    newest = session.scalars(
        select(Revision).where(Revision.item_id == playbook.id, Revision.version == playbook.version)
    ).one()
    is_published = newest.state == "published"
    playbook.version += 1
    copy = Revision(
        item_id=playbook.id,
        version=playbook.version,
        base_version=newest.version,
        state=newest.state,
        author_id=actor.person_id if is_published else newest.author_id,
        at=clock.now(),
        reason=REASON,
        content=dict(newest.content),
        is_minor=True,
    )
    session.add(copy)
    session.flush()
    if is_published:
        playbook.published_revision_id = copy.id
        session.flush()
