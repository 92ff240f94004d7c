"""What is typed when a template is written."""

from dataclasses import dataclass
from typing import Final

from portal.core.forms import Fields

TITLE: Final = 80
TEXT: Final = 20_000


@dataclass(frozen=True, slots=True)
class TemplateInput:
    """A template as typed; `text` is Markdown, `about` says when to take it."""

    title: str
    about: str
    text: str


def read_template(fields: Fields) -> TemplateInput:
    """Read the form of a template; Invalid names every field that is wrong."""
    given = TemplateInput(
        title=fields.line("title", "Name", required=True, most=TITLE),
        about=fields.line("about", "When to take it"),
        text=fields.text("text", "Text", required=True, most=TEXT),
    )
    fields.check()
    return given
