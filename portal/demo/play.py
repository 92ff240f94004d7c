"""The stage on which the story is played: acts in the order of their moments, each by somebody who is there then."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.demo.moments import Calendar, Offset
from portal.demo.story import Story
from portal.shared.files.store import FileStore


@dataclass
class Play:
    """What the acts share: the session, and the ids of what has been made so far, by the keys of the story."""

    session: Session
    story: Story
    store: FileStore
    departments: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens at a moment."""

    at: Offset
    perform: Callable[[Play], object]


def perform_all(play: Play, acts: Iterable[Act], calendar: Calendar) -> None:
    """Perform the acts in the order of their moments, the clock held at each; ties keep the order given."""
    for act in sorted(acts, key=lambda act: act.at):
        with clock.at(calendar.moment(act.at)):
            act.perform(play)
