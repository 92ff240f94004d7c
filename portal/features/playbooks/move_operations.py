"""Moves of a text that waits: sent for review, taken back, approved, returned with a note, dropped; by the table.

Every move locks the page, so that of two reviewers one decides, and the other is told.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Conflict, Invalid, NotFound, require
from portal.core.jobs import enqueue
from portal.features.playbooks import policy
from portal.features.playbooks.forms import NOTE
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.operations import PreparedPlaybook, publish_waiting
from portal.features.playbooks.policy import Life
from portal.features.playbooks.queries import find_waiting
from portal.shared.files.operations import set_draft_files
from portal.shared.items.models import Revision
from portal.shared.items.operations import lock_reachable, note_move
from portal.shared.items.queries import list_audiences
from portal.shared.people.queries import has_manager_among

TOLD = "decided"
"""The job that tells the author of a text what was decided; its key is the page."""

STATE_WORDS = {
    "draft": "a draft",
    "in_review": "in review",
    "published": "published",
    "obsolete": "obsolete",
    "archived": "archived",
    policy.BIN: "in the bin",
}


def check_move(actor: Actor, life: Life, verb: str) -> None:
    """Conflict where the table knows no such move from here any more, Forbidden where it is for others."""
    move = policy.find_move(life, verb)
    if move is None:
        words = " and ".join(sorted(STATE_WORDS.get(state, state) for state in life.states))
        raise Conflict(f"Somebody was quicker: this is {words} now. Nothing was changed.")
    require(move.who.may(actor, life), f"This is for {move.who.words}.")


def send_for_review(
    session: Session, actor: Actor, playbook_id: int, version: int, *, may_approve_own: bool = True
) -> Playbook:
    """Ask managers to look at a draft; Invalid where nobody is there who may."""
    playbook, text = _begin(session, actor, playbook_id, "send", version, may_approve_own=may_approve_own)
    marks = list_audiences(session, [playbook.id])[playbook.id]
    if not has_manager_among(session, marks, but=None if may_approve_own else text.author_id):
        raise Invalid({"as": "Nobody may review this: among its readers is no manager but its writer. "
                             "The text is a draft; ask an admin to open it to more readers."})  # fmt: skip
    _set_state(playbook, text, "in_review")
    note_move(session, actor, playbook, "send", revision=text)
    return playbook


def take_back(
    session: Session, actor: Actor, playbook_id: int, version: int, *, may_approve_own: bool = True
) -> Playbook:
    """Take a text out of review; it is a draft again."""
    playbook, text = _begin(session, actor, playbook_id, "take_back", version, may_approve_own=may_approve_own)
    _set_state(playbook, text, "draft")
    note_move(session, actor, playbook, "take_back", revision=text)
    return playbook


def drop_text(
    session: Session, actor: Actor, playbook_id: int, version: int, *, may_approve_own: bool = True
) -> Playbook:
    """Give a next text up; what readers see stands, and the history keeps what was dropped."""
    playbook, text = _begin(session, actor, playbook_id, "drop", version, may_approve_own=may_approve_own)
    text.state = "rejected"
    set_draft_files(session, actor, playbook.id, ())
    note_move(session, actor, playbook, "drop", revision=text)
    return playbook


PLAIN_MOVES: dict[str, Callable[..., Playbook]] = {
    "send": send_for_review,
    "take_back": take_back,
    "drop": drop_text,
}
"""Moves of a text that need no words."""


def ask_changes(
    session: Session, actor: Actor, playbook_id: int, version: int, note: str, *, may_approve_own: bool = True
) -> Playbook:
    """Give a text back to its author with one note, who is told."""
    if not note or len(note) > NOTE:
        said = f"at most {NOTE} characters, these are {len(note):,}." if note else "say in a sentence what to change."
        raise Invalid({"note": f"Note: {said}"})
    playbook, text = _begin(session, actor, playbook_id, "ask_changes", version, may_approve_own=may_approve_own)
    _set_state(playbook, text, "draft")
    _decide(session, actor, playbook, text, verb="ask_changes", note=note)
    return playbook


def publish_text(
    session: Session, actor: Actor, playbook_id: int, version: int, prepared: PreparedPlaybook,
    *, verb: str, may_approve_own: bool = True,
) -> Playbook:  # fmt: skip
    """Publish the text that waits: `publish` a draft, or `approve` what was sent for review, whose author is told."""
    if verb not in ("publish", "approve"):
        raise NotFound
    playbook, text = _begin(session, actor, playbook_id, verb, version, may_approve_own=may_approve_own)
    publish_waiting(session, actor, playbook, text, prepared)
    _decide(session, actor, playbook, text, verb=verb)
    return playbook


def _begin(
    session: Session, actor: Actor, playbook_id: int, verb: str, version: int, *, may_approve_own: bool
) -> tuple[Playbook, Revision]:
    """Lock the page, and make sure that the move is allowed on the text that the person has looked at."""
    playbook = lock_reachable(session, actor, Playbook, playbook_id)
    text = find_waiting(session, playbook)
    check_move(actor, Life(playbook, text, may_approve_own), verb)
    if text is None:
        raise NotFound
    if text.version != version:
        raise Conflict("There is a newer text than the one that you looked at. Read it first; nothing was changed.")
    return playbook, text


def _set_state(playbook: Playbook, text: Revision, state: str) -> None:
    """A page that was never published is what its only text is."""
    text.state = state
    if playbook.published_revision_id is None:
        playbook.status = state


def _decide(session: Session, actor: Actor, playbook: Playbook, text: Revision, *, verb: str, note: str = "") -> None:
    """Write a decision down, and have its author told where that is somebody else."""
    note_move(session, actor, playbook, verb, note=note, revision=text)
    if text.author_id != actor.person_id:
        enqueue(session, TOLD, playbook.id)
