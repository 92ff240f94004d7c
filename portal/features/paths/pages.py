"""What the templates of paths may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from portal.core.access import Actor
from portal.features.paths import policy
from portal.features.paths.models import Path
from portal.features.paths.queries import PathRow, Step, StepRow
from portal.shared.drafts.pages import Writing
from portal.shared.finding.covering import cover
from portal.shared.finding.pages import Labels, ResultRow, star_of
from portal.shared.items.pages import Links, shown
from portal.shared.items.queries import url_of
from portal.shared.people.pages import PersonLink, link_to
from portal.shared.tags.models import Tag

Choice = tuple[str, str]
KIND_WORDS = {"playbook": "Playbook", "objection": "Objection", "question": "Question"}


@dataclass(frozen=True, slots=True)
class PathList:
    """A page of paths in the shape of search results, each with how much of it the reader has done."""

    rows: Sequence[ResultRow]
    tag: str
    total: int
    page: int
    pages: int
    may_write: bool


@dataclass(frozen=True, slots=True)
class StepCard:
    """A step on the page: the item as a row, why it stands here, and the button that ticks it off."""

    id: int
    row: ResultRow
    why: str
    is_obsolete: bool
    done_at: datetime | None
    done_url: str


@dataclass(frozen=True, slots=True)
class PathPage:
    """A path: its text, its steps in order, and how far the reader is; nobody else sees that."""

    id: int
    title: str
    url: str
    html: Markup
    steps: Sequence[StepCard]
    done: int
    author: PersonLink | None
    tags: Sequence[Tag]
    created_at: datetime
    updated_at: datetime
    star_url: str
    starred: bool
    edit_url: str
    history_url: str


@dataclass(frozen=True, slots=True)
class StepField:
    """A step in the form."""

    item_id: int
    kind: str
    kind_word: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class PathForm:
    """Writing or editing a path; `version` is empty for a new one. `added` is what was looked for to be added, `offers`
    what it found; `moved` is the item of the button pressed last, which takes the focus again."""

    action: str
    cancel: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    audiences: Sequence[Choice]
    steps: Sequence[StepField]
    added: str
    offers: Sequence[ResultRow]
    moved: tuple[str, int]
    preview: Markup
    writing: Writing
    version: str


def path_page(
    actor: Actor, path: Path, steps: Sequence[StepRow], rows: Mapping[str, ResultRow], *, tags: Sequence[Tag],
    links: Links, labels: Labels,
) -> PathPage:  # fmt: skip
    """The page of a path; a step without a row is left out and not counted."""
    url, star = url_of(path.kind, path.id, path.slug), star_of(actor, labels, path.id)
    there = [step for step in steps if step.key in rows]
    return PathPage(
        id=path.id,
        title=cover(path.title, labels),
        url=url,
        html=cover(shown(path.html, links), labels),
        steps=[
            StepCard(step.id, rows[step.key], cover(step.why, labels), step.status == "obsolete", step.done_at,
                     f"{url}/steps/{step.id}")
            for step in there
        ],
        done=sum(step.done_at is not None for step in there),
        author=None if actor.is_screen_shared else link_to(path.author),
        tags=tags,
        created_at=path.created_at,
        updated_at=path.updated_at,
        star_url=star[0],
        starred=star[1],
        edit_url=f"{url}/edit" if policy.may_edit(actor, path) else "",
        history_url=f"{url}/history",
    )  # fmt: skip


def row_of(actor: Actor, found: PathRow, labels: Labels) -> ResultRow:
    """A path as a row of a list."""
    path, star = found.path, star_of(actor, labels, found.path.id)
    return ResultRow(
        key=f"{path.kind}:{path.id}",
        kind=path.kind,
        kind_word="Path",
        title=path.title,
        url=url_of(path.kind, path.id, path.slug),
        star_url=star[0],
        starred=star[1],
        by=found.author.shown_name,
    )


def list_row(actor: Actor, found: PathRow, labels: Labels, progress: tuple[int, int]) -> ResultRow:
    """A path in the list of all, with its first words and how far the reader is."""
    row = row_of(actor, found, labels)
    return replace(row, snippet_html=escape(found.path.summary), more=progress_text(*progress))


def progress_text(done: int, steps: int) -> str:
    """`2 of 5 done`, `5 steps`, or that there is none."""
    if not steps:
        return "no steps yet"
    return f"{done} of {steps} done" if done else f"{steps} step{'s' if steps > 1 else ''}"


def path_values(path: Path, tags: Sequence[Tag]) -> dict[str, str]:
    """The present words as the form shows them; its steps stand beside."""
    return {"title": path.title, "text": path.source, "tags": ", ".join(tag.name for tag in tags)}


def step_lines(steps: Sequence[Step], links: Links) -> str:
    """Steps as lines, `12 First visit | why`, for versions and conflicts; what the reader may not see is left out."""
    lines = [(f"{one.item_id} {links[one.item_id][1]}", one.why) for one in steps if one.item_id in links]
    return "\n".join(f"{name} | {why}" if why else name for name, why in lines)


def readable(content: Mapping[str, Any], links: Links) -> Mapping[str, Any]:
    """A snapshot as one reader may read it."""
    return {**content, "steps": step_lines([Step(**one) for one in content.get("steps", ())], links)}
