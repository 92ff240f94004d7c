"""What is typed when a playbook is written, and what is said when it cannot be taken."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from portal.core.errors import Invalid
from portal.core.forms import Fields

TITLE: Final = 200
TEXT: Final = 512 * 1024
MOST_TAGS: Final = 10
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

    def content(self) -> dict[str, Any]:
        """What a revision keeps."""
        kept = asdict(self)
        kept.pop("reason"), kept.pop("audience")
        return {**kept, "tags": list(self.tags)}

    @classmethod
    def from_content(cls, content: Mapping[str, Any], reason: str) -> "PlaybookInput":
        """What a revision kept, to be saved again."""
        return cls(
            title=content["title"],
            text=content["text"],
            stage=content.get("stage", ""),
            tags=tuple(content.get("tags", ())),
            reason=reason,
        )


def read_playbook(fields: Fields) -> PlaybookInput:
    """Read the form of a playbook; Invalid names every field that is wrong."""
    given = PlaybookInput(
        title=fields.line("title", "Title", required=True, most=TITLE),
        text=fields.text("text", "Text", required=True, most=TEXT),
        stage=fields.line("stage", "Stage"),
        tags=tuple(dict.fromkeys(tag for part in fields.line("tags", "Tags").split(",") if (tag := part.strip()))),
        audience=tuple(mark for mark in fields.typed("audience") if mark),
        reason=fields.line("reason", "Why this change"),
    )
    if len(given.tags) > MOST_TAGS:
        fields.errors["tags"] = f"Tags: at most {MOST_TAGS}, these are {len(given.tags)}."
    fields.check()
    return given


def version_of(fields: Fields) -> int:
    """The version that an edit started from; 0, which none is, where there is no number."""
    typed = fields.values.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def check_choices(given: PlaybookInput, *, stages: set[str], audiences: set[str]) -> None:
    """Invalid where a stage or an audience is not among the choices."""
    errors = {}
    if given.stage and given.stage not in stages:
        errors["stage"] = f"Stage: “{given.stage}” is not one of the choices."
    if unknown := [mark for mark in given.audience if mark not in audiences]:
        errors["audience"] = f"Who may read it: “{unknown[0]}” is not one of the choices."
    if errors:
        raise Invalid(errors)
