"""Competitors from the files of an export; one whose slug is here already is that one."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Invalid
from portal.core.ids import slugify
from portal.core.markdown import Rendered
from portal.features.competitors.models import Competitor
from portal.shared.exchange.forms import Given
from portal.shared.exchange.importing import ImportSource, Taken, Ways
from portal.shared.exchange.linking import is_same
from portal.shared.exchange.operations import Desk, imported, settle_facts, show_files
from portal.shared.items.forms import render_typed
from portal.shared.items.models import Item
from portal.shared.items.operations import start_item
from portal.shared.tags.operations import set_tags


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a file says of a competitor."""

    slug: str
    tags: tuple[str, ...]
    text: str
    rendered: Rendered


def prepare(given: Given, ways: Ways) -> Prepared:
    """Hold the words to the limits of what is typed."""
    slug, tags = given.head.line("slug") or slugify(given.title), tuple(given.head.lines("tags"))
    given.head.check()
    if not slug or slug != slugify(slug) or len(given.title) > 300:
        raise Invalid({"slug": f"slug: “{slug}” is none, or the title is longer than 300 characters"})
    text = ways.text(given.text, 0)
    return Prepared(slug, tags, text, render_typed(text))


def take(session: Session, desk: Desk, item: Item, given: Given, prepared: Prepared) -> Taken:
    """Write a new competitor; one that is here is changed in the portal alone."""
    if item.version:
        is_as_given = item.title == given.title and is_same(item.source, prepared.text)
        return Taken("unchanged") if is_as_given else Taken("skipped", "competitors are changed in the portal")
    same = select(Competitor.id).where(Competitor.slug == prepared.slug, Competitor.version > 0)
    if session.scalar(same):
        return Taken("skipped", f"there is a competitor “{prepared.slug}” already")
    facts, author = given.facts, desk.author(session, given.facts)
    item.author_id, item.status = author.person_id, facts.status
    item.title, item.slug, item.source = given.title, prepared.slug, prepared.text
    with clock.at(facts.changed or clock.now()):
        start_item(session, item, prepared.rendered, imported({"title": given.title}, given), desk.audience(facts))
    set_tags(session, item.id, prepared.tags)
    settle_facts(session, desk, item, facts)
    show_files(session, desk, item, prepared.rendered.file_ids)
    return Taken("created")


IMPORTED = ImportSource("competitor", Competitor, prepare, take)
