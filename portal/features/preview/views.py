"""The door that renders what is being written; nothing is kept, and a text that breaks a limit is told so."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.core.access import signed_in
from portal.core.markdown import MarkdownRefused, render
from portal.core.web import Door, Feature, page
from portal.shared.items.pages import shown
from portal.shared.items.queries import find_links

feature = Feature("preview")

MOST = 512 * 1024


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """Rendered text, or why there is none."""

    html: Markup
    refused: str


@feature.post("/preview", allow=signed_in)
def preview(door: Door) -> ResponseReturnValue:
    """The text of the field that `field` names (`text` where it names none): a fragment for htmx, else a page."""
    fields = door.fields
    text = fields.text(fields.line("field", "Field") or "text", "Text", most=MOST)
    try:
        rendered = render(text)
    except MarkdownRefused as refused:
        content = PreviewPage(Markup(""), str(refused))
    else:
        links = find_links(door.session, door.actor, rendered.item_ids)
        content = PreviewPage(shown(rendered.html, links), "")
    return page("preview/fragment.html" if door.is_fragment else "preview/page.html", content)
