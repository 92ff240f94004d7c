"""What is typed when a playbook is written, and what is said when it cannot be taken."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.core.ids import read_id
from portal.shared.items.forms import unknown_audience

TITLE: Final = 200
TEXT: Final = 512 * 1024
MOST_TAGS: Final = 10
MOST_PROMOTED: Final = 20
NOTE: Final = 500
LEAST_PASSAGE: Final = 5
_NUMBERED = re.compile(r"^(?:.*/playbooks/)?(\d{1,9})(?:[-?#/].*)?$", re.ASCII)
PLAYBOOK_LABELS: Final = {"title": "Title", "stage": "Stage", "tags": "Tags", "text": "Text"}


@dataclass(frozen=True, slots=True)
class PlaybookInput:
    """A playbook as typed; `text` is Markdown, `stage` a slug of the vocabulary, `audience` is taken for a new one."""

    title: str
    text: str
    stage: str = ""
    tags: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    reason: str = ""
    is_minor: bool = False
    promoted: tuple[int, ...] = ()
    """What sections of this text were made of."""

    def content(self) -> dict[str, Any]:
        """What a revision keeps."""
        kept = asdict(self)
        for name in ("reason", "audience", "is_minor"):
            kept.pop(name)
        kept |= {"tags": list(self.tags), "promoted": list(self.promoted)}
        return kept if self.promoted else {name: value for name, value in kept.items() if name != "promoted"}

    @classmethod
    def from_content(cls, content: Mapping[str, Any], reason: str) -> "PlaybookInput":
        """What a revision kept, to be saved again."""
        return cls(
            title=content["title"],
            text=content["text"],
            stage=content.get("stage", ""),
            tags=tuple(content.get("tags", ())),
            reason=reason,
            promoted=tuple(content.get("promoted", ())),
        )


def read_playbook(fields: Fields) -> PlaybookInput:
    """Read the form of a playbook; Invalid names every field that is wrong."""
    given = PlaybookInput(
        title=fields.line("title", "Title", required=True, most=TITLE),
        text=fields.text("text", "Text", required=True, most=TEXT),
        stage=fields.line("stage", "Stage"),
        tags=fields.names("tags", "Tags", most=MOST_TAGS),
        audience=tuple(mark for mark in fields.typed("audience") if mark),
        reason=fields.line("reason", "Why this change"),
        is_minor=fields.flag("minor"),
        promoted=read_numbers(fields.values.get("promoted", "")),
    )
    fields.check()
    return given


def text_values(content: Mapping[str, Any], reason: str, *, is_minor: bool) -> dict[str, str]:
    """What a revision kept, as the form shows it."""
    given = PlaybookInput.from_content(content, reason)
    values = {"title": given.title, "text": given.text, "stage": given.stage, "tags": ", ".join(given.tags)}
    promoted = " ".join(map(str, given.promoted))
    return {**values, "reason": reason, "minor": "yes" if is_minor else "", "promoted": promoted}


def read_numbers(typed: str) -> tuple[int, ...]:
    """The numbers of items with spaces between them, each once; what is no number is left out."""
    found = dict.fromkeys(number for one in typed.split() if (number := read_id(one)))
    return tuple(found)[:MOST_PROMOTED]


def wanted_state(fields: Fields) -> str:
    """What is to become of what was typed: `draft`, `in_review`, or `published` where nothing else was chosen."""
    chosen = fields.values.get("as", "")
    return chosen if chosen in ("draft", "in_review") else "published"


@dataclass(frozen=True, slots=True)
class ObsoleteInput:
    """Why a playbook is obsolete: the number of the one that replaces it (0 for none), or a reason."""

    successor_id: int
    reason: str


def read_obsolete(fields: Fields) -> ObsoleteInput:
    """Read the form; the successor is typed as its number, or pasted as its address."""
    typed = fields.line("successor", "Replaced by", most=500)
    reason = fields.line("reason", "Why", most=300)
    found = _NUMBERED.search(typed)
    if typed and not found:
        fields.errors["successor"] = "Replaced by: write the number of a playbook, or paste its address."
    elif not typed and not reason:
        fields.errors["successor"] = "Name the playbook that replaces this one, or say below why it is obsolete."
    fields.check()
    return ObsoleteInput(int(found[1]) if found else 0, reason)


@dataclass(frozen=True, slots=True)
class RedactionInput:
    """A passage to take out of every version, letter for letter, and why."""

    passage: str
    reason: str


def read_redaction(fields: Fields) -> RedactionInput:
    """Read the form; a passage of few letters would be taken out of other words too."""
    given = RedactionInput(
        fields.text("passage", "Passage", required=True, most=20_000),
        fields.line("reason", "Why", required=True),
    )
    if 0 < len(given.passage) < LEAST_PASSAGE:
        fields.errors["passage"] = f"Passage: at least {LEAST_PASSAGE} characters, or it would be found in other words."
    fields.check()
    return given


def check_choices(given: PlaybookInput, *, stages: set[str], audiences: set[str]) -> None:
    """Invalid where a stage or an audience is not among the choices."""
    errors = {}
    if given.stage and given.stage not in stages:
        errors["stage"] = f"Stage: “{given.stage}” is not one of the choices."
    if unknown := unknown_audience(given.audience, audiences):
        errors["audience"] = unknown
    if errors:
        raise Invalid(errors)
