"""Acts of searching: the company's word list, what was searched and opened, gaps, and what people keep at hand."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from portal.core import clock
from portal.demo.moments import Offset
from portal.demo.play import Act, Play
from portal.demo.reading import FOLDER
from portal.demo.records import Record, StoryError, open_record
from portal.demo.story import Story
from portal.shared.finding import gap_operations as gaps
from portal.shared.finding import kit_operations as kit
from portal.shared.finding.models import SearchTotal
from portal.shared.finding.search_operations import Opened, Searched, SearchNote, Viewed, record_searches, record_views
from portal.shared.finding.word_operations import add_words
from portal.shared.finding.wording import Entry, normal_form

Perform = Callable[[Play, str, Mapping[str, str]], object]


def acts_of(story: Story, folder: Path = FOLDER) -> Iterator[Act]:
    """Everything that the two files tell; StoryError names every field that is wrong, and who is not there."""
    mistakes: list[str] = []
    acts = [*_words(story, folder, mistakes), *_searches(story, folder, mistakes)]
    if mistakes:
        raise StoryError(mistakes)
    yield from acts


def _who_and_when(story: Story, record: Record) -> tuple[str, Offset]:
    by, at = record.text("by"), record.offset("at")
    if by not in story.people or not story.people[by].is_there(at):
        record.wrong(f"{by} does not work here at {at}")
    return by, at


def _words(story: Story, folder: Path, mistakes: list[str]) -> Iterator[Act]:
    record = open_record(folder / "words.yaml", mistakes)
    by, at = _who_and_when(story, record)
    same = record.lists("same")
    entries = [Entry(words) for words in same]
    for one in record.records("one_way"):
        entries.append(Entry(one.texts("theirs"), one.texts("ours")))
        one.close()
    record.close()
    for entry in entries:
        yield Act(at, partial(_add_words, by=by, entry=entry))


def _add_words(play: Play, by: str, entry: Entry) -> None:
    add_words(play.session, play.actors[by], entry)


def _searches(story: Story, folder: Path, mistakes: list[str]) -> Iterator[Act]:
    record = open_record(folder / "searches.yaml", mistakes)
    for name, (perform, fields) in ACTS.items():
        for one in record.records(name):
            by, at = _who_and_when(story, one)
            given = {field: one.text(field, None if is_needed else "") for field, is_needed in fields.items()}
            given["found"] = str(one.number("found", 0, 1000)) if name == "searches" else ""
            one.close()
            yield Act(at, partial(_perform, perform=perform, by=by, given=given))
    record.close()


def _perform(play: Play, perform: Perform, by: str, given: Mapping[str, str]) -> None:
    """What names a text that is not in this story is left out, as in the short story of the tests."""
    if all(not given.get(name) or given[name] in play.items for name in ("item", "opened")):
        perform(play, by, given)


def _search(play: Play, by: str, given: Mapping[str, str]) -> None:
    person, now = play.actors[by].person_id, clock.now()
    notes: list[SearchNote] = [Searched(person, given["words"], now, int(given["found"]), "page")]
    if given["opened"]:
        notes.append(Opened(person, given["words"], now, f"objection:{play.items[given['opened']]}"))
    record_searches(play.session, notes)


def _look(play: Play, by: str, given: Mapping[str, str]) -> None:
    record_views(play.session, [Viewed(play.actors[by].person_id, play.items[given["item"]], clock.now())])


def _become(play: Play, by: str, given: Mapping[str, str]) -> None:
    gaps.link_asked(play.session, given["words"], play.items[given["item"]])


def _decline(play: Play, by: str, given: Mapping[str, str]) -> None:
    total = play.session.query(SearchTotal).filter_by(normal=normal_form(given["words"])).one()
    gaps.decline_gap(play.session, play.actors[by], total.id, given["reason"])


def _wish(play: Play, by: str, given: Mapping[str, str]) -> None:
    gaps.make_wish(play.session, play.actors[by], given["words"])


def _star(play: Play, by: str, given: Mapping[str, str]) -> None:
    kit.star_item(play.session, play.actors[by], play.items[given["item"]])


def _save(play: Play, by: str, given: Mapping[str, str]) -> None:
    kit.save_search(play.session, play.actors[by], given["name"], given["query"])


ACTS: Mapping[str, tuple[Perform, Mapping[str, bool]]] = {
    "searches": (_search, {"words": True, "opened": False}),
    "looked": (_look, {"item": True}),
    "became": (_become, {"words": True, "item": True}),
    "declined": (_decline, {"words": True, "reason": True}),
    "wishes": (_wish, {"words": True}),
    "stars": (_star, {"item": True}),
    "saved": (_save, {"name": True, "query": True}),
}
"""What each list of the file tells: how it is done, and its fields with whether they must stand there."""
