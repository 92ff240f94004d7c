"""Reads paths: the pages that stand on them, and who has ticked which."""

from collections.abc import Iterator
from pathlib import Path

from portal.demo.records import Record, open_list
from portal.demo.story import StoryPath, Tick


def read_all(folder: Path, mistakes: list[str]) -> Iterator[StoryPath]:
    """Every path of the one file."""
    for record in open_list(folder / "paths.yaml", mistakes):
        yield StoryPath(
            key=record.text("key"),
            title=record.text("title"),
            text=record.text("text"),
            tags=record.texts("tags"),
            by=record.text("by"),
            at=record.offset("at"),
            steps=tuple(_step(one) for one in record.records("steps")),
            done=tuple(_tick(one) for one in record.records("done")),
        )
        record.close()


def _step(one: Record) -> tuple[str, str]:
    found = one.text("page"), one.text("why", "")
    one.close()
    return found


def _tick(one: Record) -> Tick:
    found = Tick(one.text("by"), one.text("page"), one.offset("at"))
    one.close()
    return found
