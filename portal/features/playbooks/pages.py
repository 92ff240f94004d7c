"""What the templates of playbooks may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup, escape

from portal.core import clock
from portal.core.access import Actor
from portal.features.playbooks import policy
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.move_pages import STATE_WORDS, Standing, Waiting
from portal.features.playbooks.queries import PlaybookFound, PlaybookRow
from portal.features.playbooks.template_pages import TemplateRow
from portal.shared.drafts.pages import Writing
from portal.shared.files.pages import FileLine
from portal.shared.files.queries import Attachment
from portal.shared.finding.covering import cover
from portal.shared.finding.file_pages import files_shown
from portal.shared.finding.pages import FacetChoice, FacetGroup, Labels, ResultRow, star_of
from portal.shared.items.pages import Links, mark_text, shown
from portal.shared.items.queries import url_of
from portal.shared.items.trust_pages import TrustSide, trust_side
from portal.shared.items.trust_policy import Keepers
from portal.shared.people.models import Person
from portal.shared.people.pages import PersonLink, link_to
from portal.shared.tags.models import Tag
from portal.shared.votes.policy import may_vote

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PlaybookList:
    """A page of playbooks: rows in the shape of search results, filters with counts."""

    rows: Sequence[ResultRow]
    facets: Sequence[FacetGroup]
    chosen: Sequence[str]
    total: int
    page: int
    pages: int
    order: str
    query: str
    may_write: bool
    bulk_url: str


@dataclass(frozen=True, slots=True)
class PlaybookPage:
    """A playbook: its text largest, what is known about it beside; on a shared screen nobody is named."""

    id: int
    title: str
    url: str
    html: Markup
    headings: Sequence[tuple[int, str, str]]
    files: Sequence[FileLine]
    author: PersonLink | None
    contributors: Sequence[PersonLink]
    stage: Choice
    tags: Sequence[Tag]
    created_at: datetime
    updated_at: datetime
    mark: str
    mark_text: str
    vote_url: str
    votes: int
    voted: bool
    may_vote: bool
    star_url: str
    starred: bool
    edit_url: str
    trust: TrustSide
    history_url: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers, as (value, name)."""

    stages: Sequence[Choice]
    audiences: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class PlaybookForm:
    """Writing or editing a playbook; `version` is empty for a new one, which may begin with one of `templates`.

    `waiting` is the text that one goes on with where it is not the published one, `note` what a reviewer asked for.
    `may_restart` offers the published words instead; `is_promotion` says that an answer came in as a section.
    """

    action: str
    cancel: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    choices: Choices
    preview: Markup
    writing: Writing
    version: str
    templates: Sequence[TemplateRow]
    may_keep_templates: bool
    may_publish: bool
    is_published: bool
    waiting: Waiting | None
    may_restart: bool
    note: str
    is_promotion: bool


def playbook_page(
    actor: Actor, found: PlaybookFound, *, headings: Sequence[tuple[int, str, str]], contributors: Sequence[Person],
    tags: Sequence[Tag], files: Sequence[Attachment], links: Links, labels: Labels, keepers: Keepers,
    standing: Standing,
) -> PlaybookPage:  # fmt: skip
    """The page of a playbook; links in stored HTML are filled with what this reader may see."""
    playbook, day = found.playbook, clock.today()
    is_published = playbook.status == "published"
    url, star = url_of(playbook.kind, playbook.id, playbook.slug), star_of(actor, labels, playbook.id)
    return PlaybookPage(
        id=playbook.id,
        title=cover(playbook.title, labels),
        url=url,
        html=cover(shown(playbook.html, links), labels),
        headings=[
            (min(max(level, 2), 3), anchor, cover(title, labels)) for level, anchor, title in headings if level <= 3
        ],
        files=files_shown(files, labels),
        author=None if actor.is_screen_shared else link_to(playbook.author),
        contributors=[] if actor.is_screen_shared else [link_to(person) for person in contributors],
        stage=(playbook.stage or "", found.stage_name),
        tags=tags,
        created_at=playbook.created_at,
        updated_at=playbook.updated_at,
        mark=playbook.mark_on(day),
        mark_text=mark_text(playbook, day),
        vote_url=f"/items/{playbook.id}/vote",
        votes=playbook.votes,
        voted=found.is_voted,
        may_vote=is_published and may_vote(actor, playbook),
        star_url=star[0],
        starred=star[1],
        edit_url=f"{url}/edit" if policy.may_edit(actor, playbook) else "",
        trust=trust_side(actor, playbook, keepers, f"/items/{playbook.id}/verification"),
        history_url=f"{url}/history",
        standing=standing,
    )


def row_of(actor: Actor, found: PlaybookRow, labels: Labels, *, anchor: str = "", section: str = "") -> ResultRow:
    """A playbook as a row of a list; with the section that a hit leads to."""
    playbook, day = found.playbook, clock.today()
    star = star_of(actor, labels, playbook.id)
    return ResultRow(
        key=f"{playbook.kind}:{playbook.id}" + (f"#{anchor}" if anchor else ""),
        kind=playbook.kind,
        kind_word="Playbook",
        title=f"{playbook.title} › {section}" if section else playbook.title,
        url=url_of(playbook.kind, playbook.id, playbook.slug) + (f"#{anchor}" if anchor and section else ""),
        stage=labels.get("stage", {}).get(playbook.stage or "", ""),
        mark=playbook.status if playbook.status in STATE_WORDS else playbook.mark_on(day),
        mark_text=_state_of_row(playbook) or mark_text(playbook, day),
        is_unowned=playbook.status == "published" and not found.is_owned,
        votes=playbook.votes,
        voted=found.is_voted,
        may_vote=may_vote(actor, playbook),
        vote_url=f"/items/{playbook.id}/vote",
        star_url=star[0],
        starred=star[1],
        by=found.author.shown_name,
    )


def _state_of_row(playbook: Playbook) -> str:
    words = STATE_WORDS.get(playbook.status, "")
    return f"{words}, leads to its successor" if playbook.status == "obsolete" and playbook.successor_id else words


def list_row(actor: Actor, found: PlaybookRow, labels: Labels) -> ResultRow:
    """A playbook in the list of all, with its first words."""
    return replace(row_of(actor, found, labels), snippet_html=escape(found.playbook.summary))


def facet_group(title: str, choices: Sequence[tuple[str, str, int, str]], chosen: str, without: str) -> FacetGroup:
    """A filter from (value, name, count, address); choosing what is chosen leads back to `without` it."""
    return FacetGroup(
        title,
        tuple(
            FacetChoice(name, count, without if value == chosen else url, value == chosen)
            for value, name, count, url in choices
        ),
    )


def playbook_values(playbook: Playbook, tags: Sequence[Tag]) -> dict[str, str]:
    """The published words as the form shows them."""
    return {
        "title": playbook.title,
        "text": playbook.source,
        "stage": playbook.stage or "",
        "tags": ", ".join(tag.name for tag in tags),
    }
