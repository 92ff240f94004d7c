"""What templates see of any kind of item: its mark, its history, one version, and two texts in conflict."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from portal.core.forms import Fields
from portal.core.ids import ID
from portal.core.markdown import fill_items
from portal.shared.items.diffing import FieldDiff, Line, as_text, diff_contents, diff_texts
from portal.shared.items.models import Item, Revision
from portal.shared.people.pages import PersonLink, link_to

UNOWNED = ("unowned", "No owner")
"""The mark of an item that nobody who is here owns, beside the one of its verification."""
_MARK_WORDS = {"verified": "Verified until", "due": "Verified, due", "stale": "Stale since"}
_WORDS = re.compile(r"[^\s,|]+")
_ONE_LINE = 200
_FIRST_HEADING = re.compile(r"(</?h)1(?=[ >])")

STATE_WORDS = {"published": "", "draft": "draft", "in_review": "in review", "rejected": "dropped"}
"""What a version is called that readers never saw."""

Links = Mapping[int, tuple[str, str]]
_NAMED = re.compile(rf"\[\[({ID})\]\]")
"""Addresses and titles of the items that a reader may see, by id."""

Labels = Mapping[str, str]
"""The fields of a snapshot that people read, by name and in order, with their labels."""

Readable = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Makes of a snapshot what one reader may read of it, such as names in the place of numbers."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the list of all; `state_text` says what it is where readers do not see it."""

    version: int
    who: PersonLink
    at: datetime
    reason: str
    url: str
    is_current: bool
    state_text: str = ""
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step between the versions: who did what, and what was said."""

    who: PersonLink
    at: datetime
    text: str
    note: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """All versions of an item and the steps between them, newest first; `redact_url` is for admins."""

    title: str
    url: str
    rows: Sequence[VersionRow | StepRow]
    redact_url: str = ""


@dataclass(frozen=True, slots=True)
class VersionPage:
    """What one version changed; `restore_url` is empty for the present one and for those who may not edit."""

    title: str
    url: str
    history_url: str
    row: VersionRow
    changes: Sequence[FieldDiff]
    is_first: bool
    older_url: str
    newer_url: str
    restore_url: str
    base_version: int


@dataclass(frozen=True, slots=True)
class ConflictField:
    """One field of an edit that met a newer version: what stands now, what was typed, and how they differ.

    `is_same` is true where both say the same; then nothing needs to be asked.
    """

    name: str
    label: str
    theirs: str
    mine: str
    is_same: bool
    is_long: bool
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Both texts of an edit that was overtaken, and the form that goes on with one's own and the new version.

    `kept` are further fields that were typed and differ from nothing.
    """

    who: PersonLink
    at: datetime
    fields: Sequence[ConflictField]
    reason: str
    version: int
    action: str
    cancel: str
    draft_key: str
    item_id: int
    kept: Labels


def history_page(
    title: str, url: str, revisions: Sequence[Revision], current: int,
    *, steps: Sequence[StepRow] = (), redact_url: str = "",
) -> HistoryPage:  # fmt: skip
    """The list of versions with the steps between them; `url` is the item's, and its history lies below it."""
    rows: list[VersionRow | StepRow] = [*steps, *(_row(one, url, current) for one in revisions)]
    return HistoryPage(title, url, sorted(rows, key=lambda row: row.at, reverse=True), redact_url)


def version_page(
    title: str, url: str, revision: Revision, before: Revision | None, labels: Labels,
    *, current: int, may_edit: bool, newest: int | None = None, newer: int | None = None,
    readable: Readable = lambda content: content,
) -> VersionPage:  # fmt: skip
    """One version beside the one before it; the first is beside nothing.

    `current` is what readers see, `newest` what an edit starts from, `newer` what follows where it is not the next
    number: a reader leafs over texts that were never published.
    """
    row, newest = _row(revision, url, current), newest or current
    following = revision.version + 1 if newer is None else newer
    return VersionPage(
        title=title,
        url=url,
        history_url=f"{url}/history",
        row=row,
        changes=diff_contents(readable(before.content) if before else {}, readable(revision.content), labels),
        is_first=before is None,
        older_url=f"{url}/history/{before.version}" if before else "",
        newer_url=f"{url}/history/{following}" if following and revision.version < newest else "",
        restore_url=f"{row.url}/restore" if may_edit and not row.is_current else "",
        base_version=newest,
    )


def conflict_page(
    revision: Revision, fields: Fields, labels: Labels, *, action: str, cancel: str, draft: str,
    kept: Sequence[str] = (), readable: Readable = lambda content: content,
) -> ConflictPage:  # fmt: skip
    """Put what was typed beside `revision`, which stands now; fields that were not typed are left out."""
    typed, stands = fields.values, readable(revision.content)
    return ConflictPage(
        who=link_to(revision.author),
        at=revision.at,
        fields=[
            _conflict_field(name, label, _as_typed(name, stands.get(name)), typed[name])
            for name, label in labels.items()
            if name in typed
        ],
        reason=typed.get("reason", ""),
        version=revision.version,
        action=action,
        cancel=cancel,
        draft_key=draft,
        item_id=revision.item_id,
        kept={name: typed[name] for name in (*kept, "draft", "took") if name in typed},
    )


def shown(html: str, links: Links) -> Markup:
    """Stored HTML as it stands on a page whose one h1 is the title: headings of the first rank are written lower."""
    lowered = _FIRST_HEADING.sub(r"\g<1>2", html)
    return Markup(fill_items(lowered, links))  # noqa: S704 - cleaned when it was written


def mark_text(item: Item, day: date) -> str:
    """`Verified until 14 Feb`, `Verified, due 14 Feb`, `Stale since 3 Nov`, or nothing; the year where it is far."""
    mark = item.mark_on(day)
    return f"{_MARK_WORDS[mark]} {short_day(item.verify_by, day)}" if mark and item.verify_by else ""


def short_day(day: date, today: date) -> str:
    """`14 Feb`; the year where it is not near."""
    return day.strftime("%-d %b" if abs((day - today).days) < 300 else "%-d %b %Y")


def _row(revision: Revision, url: str, current: int) -> VersionRow:
    return VersionRow(
        version=revision.version,
        who=link_to(revision.author),
        at=revision.at,
        reason=revision.reason,
        url=f"{url}/history/{revision.version}",
        is_current=revision.version == current,
        state_text=STATE_WORDS[revision.state],
        is_minor=revision.is_minor,
    )


def _as_typed(name: str, value: Any) -> str:
    """A field of a snapshot as its form shows it, so that pieces of it can be taken over: tags stand in one line."""
    return ", ".join(value) if name == "tags" and not isinstance(value, str) and value else as_text(value)


def _conflict_field(name: str, label: str, theirs: str, mine: str) -> ConflictField:
    """Separators count for nothing."""
    is_same = _WORDS.findall(theirs) == _WORDS.findall(mine)
    return ConflictField(
        name=name,
        label=label,
        theirs=theirs,
        mine=mine,
        is_same=is_same,
        is_long="\n" in mine + theirs or len(mine) > _ONE_LINE or len(theirs) > _ONE_LINE,
        lines=() if is_same else diff_texts(theirs, mine),
    )


def named_in(*notes: str) -> set[int]:
    """The items that notes of a history name by number, `[[12]]`."""
    return {int(found[1]) for note in notes for found in _NAMED.finditer(note)}


def readable_note(note: str, links: Links, unseen: str = "a page that you cannot see") -> str:
    """A note with the titles of what it names, of which a reader may not see everything."""
    return _NAMED.sub(lambda found: f"“{links[int(found[1])][1]}”" if int(found[1]) in links else unseen, note)
