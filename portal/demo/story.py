"""The story as it was read from the data files: who belongs to the company, what was asked, answered and written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.demo.moments import Offset
from portal.features.objections.forms import AnswerInput, AskedInput


@dataclass(frozen=True, slots=True)
class StoryDepartment:
    """A department by its slug."""

    slug: str
    name: str
    line: str


@dataclass(frozen=True, slots=True)
class StoryTeam:
    """A team of Sales; `manager` is the key of a person."""

    slug: str
    name: str
    manager: str


@dataclass(frozen=True, slots=True)
class StoryPerson:
    """Somebody of the company, from joining to leaving; `department`, `team` and `manager` are slugs and keys."""

    key: str
    name: str
    email: str
    role: str
    title: str
    department: str
    team: str
    manager: str
    joined: Offset
    left: Offset | None

    def is_there(self, moment: Offset) -> bool:
        """Has joined and not left yet."""
        return self.joined < moment and (self.left is None or moment < self.left)


@dataclass(frozen=True, slots=True)
class Verified:
    """A manager vouched for something."""

    at: Offset
    by: str


@dataclass(frozen=True, slots=True)
class AnswerEdit:
    """An edit of an answer: the whole card as it stood afterwards."""

    at: Offset
    by: str
    after: AnswerInput


@dataclass(frozen=True, slots=True)
class StoryAnswer:
    """An answer with its first words; `useful` is how many colleagues will find it useful."""

    key: str
    by: str
    at: Offset
    first: AnswerInput
    edits: tuple[AnswerEdit, ...]
    useful: int
    verified: Verified | None

    @property
    def last(self) -> AnswerInput:
        """The words as they stand at the end."""
        return self.edits[-1].after if self.edits else self.first


@dataclass(frozen=True, slots=True)
class StoryAsked:
    """An objection or a question with its answers; `chosen` is the index of the asker's choice."""

    key: str
    kind: str
    by: str
    at: Offset
    given: AskedInput
    answers: tuple[StoryAnswer, ...]
    chosen: int | None


@dataclass(frozen=True, slots=True)
class PlaybookEdit:
    """An edit of a playbook: the whole text as it stood afterwards."""

    at: Offset
    by: str
    reason: str
    after: str


@dataclass(frozen=True, slots=True)
class Obsolete:
    """A manager said that a playbook is replaced by another, named by its key."""

    at: Offset
    by: str
    successor: str


@dataclass(frozen=True, slots=True)
class StoryPlaybook:
    """A playbook with its first text, in which links stand as `playbook:key` and `objection:key`.

    `next` is a text that waits for a review; a draft was never published.
    """

    key: str
    title: str
    stage: str
    tags: tuple[str, ...]
    by: str
    at: Offset
    contributors: tuple[str, ...]
    first: str
    edits: tuple[PlaybookEdit, ...]
    useful: int
    verified: Verified | None
    is_draft: bool = False
    next: PlaybookEdit | None = None
    obsolete: Obsolete | None = None

    @property
    def last(self) -> str:
        """The text as it stands at the end."""
        return self.edits[-1].after if self.edits else self.first


@dataclass(frozen=True, slots=True)
class Tick:
    """Somebody has done a step of a path."""

    by: str
    page: str
    at: Offset


@dataclass(frozen=True, slots=True)
class StoryPath:
    """A path; `steps` are the keys of pages, each with the line that says why it stands there."""

    key: str
    title: str
    text: str
    tags: tuple[str, ...]
    by: str
    at: Offset
    steps: tuple[tuple[str, str], ...]
    done: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class StoryTag:
    """A tag and its kind."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the walk: who does what, and where."""

    who: str
    does: str
    link: str


@dataclass(frozen=True, slots=True)
class Story:
    """The whole story; competitors are slug and name, vocabularies names in their order, sources key and name.

    `files` are what pages give for download, by name.
    """

    name: str
    departments: Sequence[StoryDepartment]
    teams: Sequence[StoryTeam]
    people: Mapping[str, StoryPerson]
    vocabularies: Mapping[str, Sequence[str]]
    tags: Sequence[StoryTag]
    competitors: Mapping[str, str]
    sources: Mapping[str, str]
    asked: Sequence[StoryAsked]
    playbooks: Sequence[StoryPlaybook]
    files: Mapping[str, bytes]
    paths: Sequence[StoryPath]
    walk: Sequence[Step]
