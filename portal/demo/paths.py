"""Acts around paths: writing one, and ticking off its steps."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from portal.demo.play import Act, Play
from portal.demo.story import Story, StoryPath, Tick
from portal.features.paths import operations
from portal.features.paths.forms import PathInput
from portal.features.paths.models import PathStep
from portal.features.paths.queries import Step


def acts_of(story: Story) -> Iterator[Act]:
    """Everything that happens to paths."""
    for path in story.paths:
        yield Act(path.at, partial(_write, path=path))
        for tick in path.done:
            yield Act(tick.at, partial(_tick, path=path, tick=tick))


def _write(play: Play, path: StoryPath) -> None:
    steps = tuple(Step(play.items[page], why) for page, why in path.steps)
    prepared = operations.prepare_path(PathInput(title=path.title, text=path.text, steps=steps, tags=path.tags))
    play.items[path.key] = operations.write_path(play.session, play.actors[path.by], prepared).id


def _tick(play: Play, path: StoryPath, tick: Tick) -> None:
    number = play.items[path.key]
    step = select(PathStep.id).where(PathStep.path_id == number, PathStep.item_id == play.items[tick.page])
    operations.do_step(play.session, play.actors[tick.by], number, play.session.scalars(step).one())
