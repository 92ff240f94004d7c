"""What templates see of the life of a playbook: its state, its moves as buttons, the text that waits, and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from portal.core import clock
from portal.core.access import Actor
from portal.core.paging import Span
from portal.features.playbooks import policy
from portal.features.playbooks.desk_queries import DeskFound
from portal.features.playbooks.policy import BIN, Life
from portal.features.playbooks.queries import PlaybookFound
from portal.shared.items import policy as items
from portal.shared.items.diffing import FieldDiff
from portal.shared.items.models import ItemMove, Revision
from portal.shared.items.queries import url_of
from portal.shared.items.trust_queries import ENTRUSTED
from portal.shared.people.pages import PersonLink, link_to

STATE_WORDS = {"draft": "Draft", "in_review": "In review", "obsolete": "Obsolete", "archived": "Archived"}
LABELS = {
    "send": "Send for review",
    "publish": "Publish",
    "drop": "Drop this text",
    "approve": "Approve and publish",
    "ask_changes": "Ask for changes",
    "take_back": "Take back from review",
    "make_obsolete": "Make obsolete",
    "archive": "Archive",
    "bring_back": "Bring back",
    BIN: "Put in the bin",
    "restore": "Take out of the bin",
}
DONE = {
    "send": "Sent for review. Readers see it once somebody approves it.",
    "publish": "Published.",
    "drop": "Dropped. What readers see stands as it was.",
    "approve": "Approved and published.",
    "ask_changes": "Given back with your note.",
    "take_back": "It is a draft again.",
    "make_obsolete": "Obsolete from now on.",
    "archive": "Archived: it stands in no list and no search any more.",
    "bring_back": "Published again.",
    BIN: "In the bin. It can be taken out for 30 days; then it is deleted.",
    "restore": "Back, as it was.",
}
PAST = {
    "send": "sent it for review",
    "publish": "published it",
    "drop": "dropped the text",
    "approve": "approved it",
    "ask_changes": "asked for changes",
    "take_back": "took it back from review",
    "make_obsolete": "made it obsolete",
    "archive": "archived it",
    "bring_back": "brought it back",
    BIN: "put it in the bin",
    "restore": "took it out of the bin",
    ENTRUSTED: "changed who keeps it true",
    "retag": "changed its tags",
    "redact": "took a passage out of all versions",
}
"""Moves as the history tells them."""

FORMS = {"make_obsolete": "/obsolete", "ask_changes": "/next#changes"}
"""Moves that ask for words lead to a form."""


@dataclass(frozen=True, slots=True)
class MoveButton:
    """An allowed move; `is_form` leads to a page that asks for words, else one press does it."""

    verb: str
    label: str
    url: str
    version: int
    is_form: bool
    is_main: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """The text that waits, for those who may see it: whose it is, since when, and where it is read."""

    state: str
    state_text: str
    who: PersonLink
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Where an obsolete page leads, and the obsolete one from which the reader was led here: (address, title)."""

    successor: tuple[str, str] = ("", "")
    came_from: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a page stands in its life, the text that waits for those who work on it, and what may be done."""

    status: str
    text: str
    waiting: Waiting | None
    moves: Sequence[MoveButton]
    reason: str
    forwarding: Forwarding


@dataclass(frozen=True, slots=True)
class NextPage:
    """The text that waits beside what readers see: what differs, the whole of it, and the moves."""

    title: str
    url: str
    waiting: Waiting
    reason: str
    is_new: bool
    changes: Sequence[FieldDiff]
    html: Markup
    moves: Sequence[MoveButton]
    note: str
    note_by: PersonLink | None
    changes_url: str
    version: int
    typed: str
    error: str
    edit_url: str


@dataclass(frozen=True, slots=True)
class ObsoletePage:
    """The form that asks for a successor or a reason."""

    title: str
    url: str
    values: dict[str, str]
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class RedactionPage:
    """The form that takes a passage out of all versions; `found` is how many hold it, None before anybody looked."""

    title: str
    url: str
    values: dict[str, str]
    errors: dict[str, str]
    found: int | None
    versions: int


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One page of a list: its text's state, who wrote or moved it and when, what was said; and the way out of a bin."""

    title: str
    url: str
    state_text: str
    who: PersonLink
    at: datetime
    note: str
    days_left: int
    restore_url: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """One of the lists of what is not on view."""

    name: str
    tabs: Sequence[tuple[str, str, bool]]
    rows: Sequence[DeskRow]
    total: int
    span: Span


def buttons(actor: Actor, life: Life, url: str) -> list[MoveButton]:
    """The moves that this person may make now, in the order of the table; the first of a waiting text is the main."""
    version = life.text.version if life.text else life.playbook.version
    return [
        MoveButton(
            verb=move.verb,
            label=LABELS[move.verb],
            url=f"{url}{FORMS[move.verb]}" if move.verb in FORMS else f"{url}/moves/{move.verb}",
            version=version,
            is_form=move.verb in FORMS,
            is_main=move.verb in ("send", "approve"),
        )
        for move in policy.list_moves(actor, life)
    ]


def standing_of(actor: Actor, found: PlaybookFound, forwarding: Forwarding, *, may_approve_own: bool) -> Standing:
    """Where a page stands; that a text waits is told to those alone who work on it.

    Beside a published page stand the moves of the page; those of the text stand where it is read.
    """
    playbook = found.playbook
    text = found.text if items.may_edit(actor, playbook) and playbook.status not in policy.RETIRED else None
    url = url_of(playbook.kind, playbook.id, playbook.slug)
    beside = None if playbook.status == "published" else text
    return Standing(
        status=playbook.status,
        text=STATE_WORDS.get(playbook.status, ""),
        waiting=waiting_of(text, url) if text and not actor.is_screen_shared else None,
        moves=buttons(actor, Life(playbook, beside, may_approve_own), url),
        reason=playbook.obsolete_reason,
        forwarding=forwarding,
    )


def waiting_of(text: Revision, url: str) -> Waiting:
    """A text that waits, whose author is loaded."""
    return Waiting(text.state, STATE_WORDS[text.state], link_to(text.author), text.at, f"{url}/next")


def note_of(moves: Sequence[ItemMove], text: Revision, published_id: int | None) -> ItemMove | None:
    """What a reviewer asked for last since the page was published, while the text is a draft; moves newest first."""
    if text.state != "draft":
        return None
    return next((one for one in moves if one.verb == "ask_changes" and (one.revision_id or 0) > (published_id or 0)),
                None)  # fmt: skip


def desk_row(found: DeskFound, *, bin_days: int) -> DeskRow:
    """A page of a list; a next text leads to where it is read beside the published one."""
    url = url_of("playbook", found.id, found.slug)
    is_binned, is_next = found.state == BIN, found.state in policy.OPEN_TEXTS
    words = STATE_WORDS.get(found.state, "")
    left = found.at + timedelta(days=bin_days) - clock.now()
    return DeskRow(
        title=found.title or "Without a title",
        url="" if is_binned else f"{url}/next" if is_next else url,
        state_text=f"{words}, next text of a published page" if is_next and found.is_published else words,
        who=link_to(found.person),
        at=found.at,
        note=found.note if found.state == "draft" else "",
        days_left=max(left.days, 0) if is_binned else 0,
        restore_url=f"{url}/moves/restore" if is_binned else "",
    )
