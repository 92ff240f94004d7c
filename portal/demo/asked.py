"""Acts around objections and questions: asking, answering, edits, the asker's choice, a manager's word for it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from random import Random

from portal.demo.moments import Offset
from portal.demo.play import Act, Play
from portal.demo.story import AnswerEdit, Story, StoryAnswer, StoryAsked, Verified
from portal.features.objections import operations
from portal.features.objections.forms import AnswerInput
from portal.shared.items.trust_operations import verify_item


def acts_of(story: Story, seed: int) -> Iterator[Act]:
    """Everything that happens to what was asked, but for the votes."""
    for asked in story.asked:
        yield Act(asked.at, partial(_ask, asked=asked))
        for answer in asked.answers:
            yield Act(answer.at, partial(_answer, asked=asked, answer=answer))
            for edit in answer.edits:
                yield Act(edit.at, partial(_edit, answer=answer, edit=edit))
            if answer.verified is not None:
                yield Act(answer.verified.at, partial(verify, key=answer.key, verified=answer.verified))
        if asked.chosen is not None:
            yield Act(_time_of_choice(story, asked, seed), partial(_choose, asked=asked))


def verify(play: Play, key: str, verified: Verified) -> None:
    """A manager vouches for an item of the story."""
    verify_item(play.session, play.actors[verified.by], play.items[key])


def _ask(play: Play, asked: StoryAsked) -> None:
    prepared = operations.prepare_asked(asked.given)
    play.items[asked.key] = operations.ask(play.session, play.actors[asked.by], asked.kind, prepared).id


def _answer(play: Play, asked: StoryAsked, answer: StoryAnswer) -> None:
    row = operations.post_answer(
        play.session, play.actors[answer.by], play.items[asked.key], _prepared(play, answer.first)
    )
    play.items[answer.key], play.versions[answer.key] = row.id, row.version


def _edit(play: Play, answer: StoryAnswer, edit: AnswerEdit) -> None:
    row = operations.edit_answer(
        play.session,
        play.actors[edit.by],
        play.items[answer.key],
        _prepared(play, edit.after),
        play.versions[answer.key],
    )
    play.versions[answer.key] = row.version


def _choose(play: Play, asked: StoryAsked) -> None:
    answer = asked.answers[asked.chosen or 0]
    operations.choose_answer(play.session, play.actors[asked.by], play.items[asked.key], play.items[answer.key])


def _time_of_choice(story: Story, asked: StoryAsked, seed: int) -> Offset:
    """One to three days after the answer was read, while the asker is still there."""
    rng = Random(f"{seed} choice {asked.key}")  # noqa: S311 - a story, no secret
    answer = asked.answers[asked.chosen or 0]
    left = story.people[asked.by].left
    last = min(-1, left.day - 1 if left else -1)
    day = min(last, answer.at.day + rng.randint(1, 3))
    return max(Offset(day, rng.randrange(9 * 60, 17 * 60)), answer.at.later(0, answer.at.minute + 1))


def _prepared(play: Play, given: AnswerInput) -> operations.PreparedAnswer:
    """The card with the names of its sources, which is what readers see."""
    named = tuple(replace(one, source=play.story.sources[one.source]) for one in given.proof)
    return operations.prepare_answer(replace(given, proof=named))
