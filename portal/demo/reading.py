"""Reads the data files into the story; raises StoryError with every mistake of every file."""

from collections.abc import Iterator
from pathlib import Path

from portal.demo import asked_reading, checks, path_reading, playbook_reading
from portal.demo.moments import Offset
from portal.demo.records import Record, StoryError, open_list, open_record
from portal.demo.story import Step, Story, StoryDepartment, StoryPerson, StoryTag, StoryTeam

FOLDER = Path(__file__).parent / "data"


def read_story(folder: Path = FOLDER) -> Story:
    """The whole story, checked."""
    mistakes: list[str] = []
    company = open_record(folder / "company.yaml", mistakes)
    places = open_record(folder / "departments.yaml", mistakes)
    words = open_record(folder / "tags.yaml", mistakes)
    people = list(_people(folder, mistakes))
    story = Story(
        name=company.text("name"),
        departments=[_department(one) for one in places.records("departments")],
        teams=[_team(one) for one in places.records("teams")],
        people={one.key: one for one in people},
        vocabularies={
            "stage": [_term(one) for one in words.records("stages")],
            "category": [_term(one) for one in words.records("categories")],
            "tag_kind": [name.replace("-", " ").capitalize() for name in words.texts("tag_kinds")],
        },
        tags=[_tag(one) for one in words.records("tags")],
        competitors=dict(_pairs(open_record(folder / "competitors.yaml", mistakes), "competitors", "slug")),
        sources=dict(_pairs(open_record(folder / "sources.yaml", mistakes), "sources", "key")),
        asked=list(asked_reading.read_all(folder, mistakes)),
        playbooks=list(playbook_reading.read_all(folder, mistakes)),
        files={path.name: path.read_bytes() for path in sorted((folder / "files").glob("*"))},
        paths=list(path_reading.read_all(folder, mistakes)),
        walk=read_walk(folder, mistakes),
    )
    places.close()
    words.close()
    checks.check(story, [one.key for one in people], mistakes)
    if mistakes:
        raise StoryError(list(dict.fromkeys(mistakes)))
    return story


def read_walk(folder: Path, mistakes: list[str] | None = None) -> list[Step]:
    """The walk alone, which is read at every start; mistakes are told when the story is read."""
    return [_step(one) for one in open_list(folder / "walk.yaml", [] if mistakes is None else mistakes, key="who")]


def _people(folder: Path, mistakes: list[str]) -> Iterator[StoryPerson]:
    record = open_record(folder / "people.yaml", mistakes)
    for one in record.records("people"):
        left: Offset | None = one.offset("left", clock="17:00") if one.has("left") else None
        yield StoryPerson(
            key=one.text("key"),
            name=one.text("name"),
            email=one.text("email"),
            role=one.text("role"),
            title=one.text("title"),
            department=one.text("department"),
            team=one.text("team", ""),
            manager=one.text("manager", ""),
            joined=one.offset("joined"),
            left=left,
        )
        one.close()
    record.close()


def _pairs(record: Record, name: str, key: str) -> Iterator[tuple[str, str]]:
    """Key and name of each record of the one list in a file; `fact` is what a source says, for whoever writes texts."""
    for one in record.records(name):
        yield one.text(key), one.text("name")
        if name == "sources":
            one.text("fact")
        one.close()
    record.close()


def _department(one: Record) -> StoryDepartment:
    found = StoryDepartment(one.text("slug"), one.text("name"), one.text("line"))
    one.close()
    return found


def _team(one: Record) -> StoryTeam:
    found = StoryTeam(one.text("slug"), one.text("name"), one.text("manager"))
    one.close()
    return found


def _term(one: Record) -> str:
    one.text("slug")
    name = one.text("name")
    one.close()
    return name


def _tag(one: Record) -> StoryTag:
    found = StoryTag(one.text("name"), one.text("kind"))
    one.close()
    return found


def _step(one: Record) -> Step:
    found = Step(one.text("who"), one.text("does"), one.text("link"))
    one.close()
    return found
