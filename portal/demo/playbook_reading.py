"""Reads playbooks: the page as it stands, and by its edits taken back, the page as it was written first."""

from collections.abc import Iterator
from pathlib import Path

from portal.demo.asked_reading import MOST_USEFUL, read_verified
from portal.demo.records import Record, open_page
from portal.demo.story import Obsolete, PlaybookEdit, StoryPlaybook


def read_all(folder: Path, mistakes: list[str]) -> Iterator[StoryPlaybook]:
    """Every playbook, one Markdown file each."""
    for path in sorted((folder / "playbooks").glob("*.md")):
        record, text = open_page(path, mistakes)
        first, edits = _wind_back(record, text)
        yield StoryPlaybook(
            key=record.text("key"),
            title=record.text("title"),
            stage=record.text("stage", ""),
            tags=record.texts("tags"),
            by=record.text("by"),
            at=record.offset("at"),
            contributors=record.texts("contributors"),
            first=first,
            edits=edits,
            useful=record.number("useful", 0, MOST_USEFUL),
            verified=read_verified(record),
            is_draft=record.text("state", "published") == "draft",
            next=_next(record.record("next"), text) if record.has("next") else None,
            obsolete=_obsolete(record.record("obsolete")) if record.has("obsolete") else None,
        )
        record.close()


def _next(record: Record, last: str) -> PlaybookEdit:
    """A text that waits: the page with one passage in the place of another."""
    before, after = record.text("before"), record.text("after")
    if last.count(before) != 1:
        record.wrong(f"“before” stands {last.count(before)} times in the page, not once")
    found = PlaybookEdit(record.offset("at"), record.text("by"), record.text("reason"), last.replace(before, after))
    record.close()
    return found


def _obsolete(record: Record) -> Obsolete:
    found = Obsolete(record.offset("at"), record.text("by"), record.text("successor"))
    record.close()
    return found


def _wind_back(record: Record, last: str) -> tuple[str, tuple[PlaybookEdit, ...]]:
    """The first text and the text after each edit; `after` must stand once in the page as it then was."""
    text, edits = last, list[PlaybookEdit]()
    for edit in reversed(list(record.records("edits"))):
        before, after = edit.text("before"), edit.text("after")
        if text.count(after) != 1:
            edit.wrong(f"“after” stands {text.count(after)} times in the page, not once")
        edits.append(PlaybookEdit(edit.offset("at"), edit.text("by"), edit.text("reason"), text))
        text = text.replace(after, before)
        edit.close()
    return text, tuple(reversed(edits))
