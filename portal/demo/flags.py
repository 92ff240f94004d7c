"""Acts around flags: what colleagues reported, and how a manager answered it."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from portal.demo.play import Act, Play
from portal.demo.reading import FOLDER
from portal.demo.records import Record, StoryError, open_record
from portal.demo.story import Story
from portal.shared.flags.forms import FlagInput
from portal.shared.flags.models import REASONS
from portal.shared.flags.operations import flag_item
from portal.shared.flags.queries import lock_open_flags
from portal.shared.items.operations import lock_item
from portal.shared.review.operations import DECIDING, Given
from portal.shared.review.queries import seen_of
from portal.wiring import CARDS

SOURCES = {source.kind: source for source in CARDS}


def acts_of(story: Story, folder: Path = FOLDER) -> Iterator[Act]:
    """Everything that the file tells; StoryError names every field that is wrong, and who is not there."""
    mistakes: list[str] = []
    record = open_record(folder / "flags.yaml", mistakes)
    acts = [_act(story, one, ("reason", "sentence"), REASONS) for one in record.records("flags")]
    acts += [_act(story, one, ("decision", "answer"), tuple(DECIDING)) for one in record.records("decided")]
    record.close()
    if mistakes:
        raise StoryError(mistakes)
    yield from acts


def _act(story: Story, record: Record, names: tuple[str, str], known: tuple[str, ...]) -> Act:
    """One report or decision; what names a text that is not in this story is left out, as in short ones."""
    by, at, given = record.text("by"), record.offset("at"), {name: record.text(name) for name in (*names, "item")}
    given["other"] = record.text("other", "") if "reason" in given else ""
    if by not in story.people or not story.people[by].is_there(at):
        record.wrong(f"{by} does not work here at {at}")
    if given[names[0]] not in known:
        record.wrong(f"there is no {names[0]} “{given[names[0]]}”")
    record.close()
    return Act(at, partial(_report if "reason" in given else _decide, by=by, given=given))


def _report(play: Play, by: str, given: Mapping[str, str]) -> None:
    if given["item"] in play.items and (not given["other"] or given["other"] in play.items):
        other = play.items[given["other"]] if given["other"] else 0
        flag = FlagInput(given["reason"], given["sentence"], other)
        flag_item(play.session, play.actors[by], play.items[given["item"]], flag)


def _decide(play: Play, by: str, given: Mapping[str, str]) -> None:
    if given["item"] not in play.items:
        return
    item = lock_item(play.session, play.items[given["item"]])
    seen = seen_of(item, [flag.id for flag in lock_open_flags(play.session, item.id)])
    DECIDING[given["decision"]](play.session, play.actors[by], item.id, Given(seen, given["answer"]), SOURCES)
