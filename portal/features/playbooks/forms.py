"""What is typed when a playbook is written, and what is said when it cannot be taken."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.shared.items.forms import unknown_audience

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
        tags=fields.names("tags", "Tags", most=MOST_TAGS),
        audience=tuple(mark for mark in fields.typed("audience") if mark),
        reason=fields.line("reason", "Why this change"),
    )
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
