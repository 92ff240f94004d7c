"""Doors of handouts: to print, as one HTML file, as Markdown, as PDF; internal lines only where they are asked for."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Response, current_app, make_response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.core.access import signed_in
from portal.core.ids import IdSlug
from portal.core.web import Door, Feature, close_reading_session, page
from portal.features.handouts.pages import HandoutPage
from portal.settings import Settings
from portal.shared.files.store import FileStore
from portal.shared.handouts.exporting import FilledLeaf, fill_leaves, picture_within, write_markdown
from portal.shared.handouts.pdf_exporting import write_pdf
from portal.shared.handouts.queries import Handout, Handouts
from portal.shared.tags.queries import find_tags

feature = Feature("handouts", private=True)

KINDS = {"playbooks": "playbook", "objections": "objection", "questions": "question", "paths": "path"}
ONE = "/<any(playbooks, objections, questions, paths):plural>/<idslug:where>"
SHEETS = ("reset", "tokens", "base", "components/prose", "components/table", "features/handouts")


@feature.get(ONE + "/print", allow=signed_in)
def printed(door: Door, plural: str, where: IdSlug) -> ResponseReturnValue:
    """A calm page for paper, with the ways to have it as a file."""
    handout = _find(door, plural, where)
    leaves = fill_leaves(handout, door.service(Settings).base_url)
    return page("handouts/print.html", _page_of(door, handout, leaves))


@feature.get(ONE + "/handout.html", allow=signed_in)
def file(door: Door, plural: str, where: IdSlug) -> ResponseReturnValue:
    """Everything inside one HTML file, pictures and style too, for where there is no network."""
    handout = _find(door, plural, where)
    store = door.service(FileStore)
    leaves = fill_leaves(handout, door.service(Settings).base_url, picture_within(handout, store))
    content = _page_of(door, handout, leaves, _style(Path(current_app.root_path) / "static" / "css"))
    seen = {name: getattr(content, name) for name in HandoutPage.__slots__}
    return _download(
        render_template("handouts/file.html", **seen).encode(), "text/html; charset=utf-8", handout, "html"
    )


@feature.get(ONE + "/handout.md", allow=signed_in)
def markdown(door: Door, plural: str, where: IdSlug) -> ResponseReturnValue:
    """The text as Markdown, with front matter."""
    handout = _find(door, plural, where)
    tags = find_tags(door.session, [handout.first.item_id]).get(handout.first.item_id, [])
    facts = {
        "kind": handout.first.kind,
        "id": handout.first.item_id,
        "tags": [tag.name for tag in tags],
        "changed": handout.first.updated_at.date(),
    }
    text = write_markdown(handout, door.service(Settings).base_url, facts)
    return _download(text.encode(), "text/markdown; charset=utf-8", handout, "md")


@feature.get(ONE + "/handout.pdf", allow=signed_in)
def pdf(door: Door, plural: str, where: IdSlug) -> ResponseReturnValue:
    """Set on pages that say title, date and how many there are; the reading unit is closed before."""
    handout, settings = _find(door, plural, where), door.service(Settings)
    leaves = fill_leaves(handout, settings.base_url, picture_within(handout, door.service(FileStore)))
    close_reading_session()
    moment = handout.at.astimezone(ZoneInfo(settings.timezone)).strftime("%-d %B %Y")
    return _download(write_pdf(handout, leaves, settings.base_url, moment), "application/pdf", handout, "pdf")


def _find(door: Door, plural: str, where: IdSlug) -> Handout:
    handouts = door.service(Handouts)
    find = handouts.find_internal if door.args.get("internal") == "yes" else handouts.find
    return find(door.session, door.actor, KINDS[plural], where.id)


def _page_of(door: Door, handout: Handout, leaves: Sequence[FilledLeaf], style: str = "") -> HandoutPage:
    base = door.service(Settings).base_url
    return HandoutPage(
        title=handout.first.title,
        kind_word=handout.first.kind_word,
        address=base + handout.first.url,
        at=handout.at,
        by=handout.first.by if handout.is_internal else "",
        is_internal=handout.is_internal,
        leaves=leaves,
        base=base,
        url=handout.first.url,
        style=Markup(style),  # noqa: S704 - our own style sheets
    )


def _download(body: bytes, mimetype: str, handout: Handout, ending: str) -> Response:
    response = make_response(body)
    name = handout.first.url.rpartition("/")[2] + ("-internal" if handout.is_internal else "")
    response.headers["Content-Type"] = mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


@cache
def _style(folder: Path) -> str:
    """The style sheets of a handout as they stand in one file."""
    text = "\n".join((folder / f"{name}.css").read_text("utf-8") for name in SHEETS)
    return f"<style>\n{text}\n</style>"
