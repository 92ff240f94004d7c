"""What the templates of templates may see: the list, the form of one, and the row above a new playbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.markdown import MarkdownRefused, render
from portal.features.playbooks.models import PlaybookTemplate
from portal.shared.drafts.pages import Writing
from portal.shared.items.diffing import Line
from portal.shared.items.pages import shown
from portal.shared.items.queries import find_links
from portal.shared.people.pages import PersonLink

BASE = "/playbooks/templates"


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template to choose or to change; `at` is empty for one that nobody has touched since it was delivered."""

    title: str
    about: str
    text: str
    at: datetime | None
    url: str
    begin_url: str


@dataclass(frozen=True, slots=True)
class TemplateList:
    """All templates."""

    rows: Sequence[TemplateRow]


@dataclass(frozen=True, slots=True)
class Theirs:
    """What somebody saved while this form was open, and how it differs from what stands in the form."""

    who: PersonLink | None
    at: datetime
    text: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class TemplateForm:
    """Writing or changing a template; `version` is empty for a new one, `theirs` None where nobody was faster."""

    action: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    writing: Writing
    version: str
    removal_url: str
    preview: Markup
    theirs: Theirs | None


def row_of(template: PlaybookTemplate) -> TemplateRow:
    """A template with its addresses: to change it, and to begin a playbook with it."""
    begin = f"/playbooks/new?template={template.id}"
    at = template.changed_at if template.changed_by_id else None
    return TemplateRow(template.title, template.about, template.text, at, f"{BASE}/{template.id}", begin)


def values_of(template: PlaybookTemplate) -> dict[str, str]:
    """The present words as the form shows them."""
    return {"title": template.title, "about": template.about, "text": template.text}


def preview_of(session: Session, actor: Actor, text: str) -> Markup:
    """The text of a template as readers will see it; empty for a text that breaks a limit."""
    try:
        rendered = render(text)
    except MarkdownRefused:
        return Markup("")
    return shown(rendered.html, find_links(session, actor, rendered.item_ids))
