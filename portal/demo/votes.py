"""Acts of voting: who finds what useful and when, drawn so that the same seed gives the same votes."""

from collections.abc import Iterator, Sequence
from functools import partial
from random import Random

from portal.demo.moments import Offset
from portal.demo.play import Act, Play
from portal.demo.story import Story, StoryPerson
from portal.shared.votes.operations import cast_vote

HALF_IN = 8
"""Days after which about half of an item's votes are in."""
OPEN, CLOSE, LAST = 7 * 60 + 30, 18 * 60, 24 * 60 - 1
"""Minutes of the day."""


def acts_of(story: Story, seed: int) -> Iterator[Act]:
    """The votes for answers and playbooks, as many as each one's `useful` wants."""
    interest = {person.key: _interest(person, seed) for person in story.people.values()}
    answers = ((one.key, one.by, one.at, one.useful) for asked in story.asked for one in asked.answers)
    playbooks = ((one.key, one.by, one.at, one.useful) for one in story.playbooks)
    for key, author, posted, wanted in (*answers, *playbooks):
        readers = [person for person in story.people.values() if person.key != author]
        rng = Random(f"{seed} votes {key}")  # noqa: S311 - a story, no secret
        for voter, at in _draw(readers, interest, posted, wanted, rng):
            yield Act(at, partial(_vote, key=key, voter=voter))


def _interest(person: StoryPerson, seed: int) -> float:
    """How often somebody presses ▲: Sales more than others, and people differ."""
    own = Random(f"{seed} interest {person.key}").uniform(0.5, 1.5)  # noqa: S311 - a story, no secret
    return own * (3 if person.team else 1)


def _draw(
    readers: Sequence[StoryPerson], interest: dict[str, float], posted: Offset, wanted: int, rng: Random
) -> Iterator[tuple[str, Offset]]:
    """So many voters with their moments; fewer where not so many were there before the story ends."""
    moments = sorted(_moment(posted, rng) for _ in range(wanted))
    voted: set[str] = set()
    for at in moments:
        there = [person.key for person in readers if person.is_there(at) and person.key not in voted]
        if there:
            voter = rng.choices(there, [interest[key] for key in there])[0]
            voted.add(voter)
            yield voter, at


def _moment(posted: Offset, rng: Random) -> Offset:
    """Some days after the posting: many soon, a few late, none after the story's end."""
    days = int(rng.expovariate(0.7 / HALF_IN))
    while posted.day + days > -1:
        days = rng.randint(0, -1 - posted.day)
    first = min(posted.minute + 5, LAST) if days == 0 else OPEN
    return posted.later(days, rng.randrange(first, max(CLOSE, first + 1)))


def _vote(play: Play, key: str, voter: str) -> None:
    cast_vote(play.session, play.actors[voter], play.items[key], limited=False)
