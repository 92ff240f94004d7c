"""Everything that can happen here: frozen, in the past tense, of ids alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemEvent:
    """Something happened to an item, by somebody."""

    item_id: int
    kind: str
    actor_id: int


class ObjectionAsked(ItemEvent):
    """An objection or a question was asked."""


class ItemPublished(ItemEvent):
    """A playbook, competitor or other item became readable."""


class ItemEdited(ItemEvent):
    """An item has new words."""


class ItemMended(ItemEvent):
    """An item has other words that say the same: it is found by them, and nobody is told."""


class ItemRetired(ItemEvent):
    """An item became obsolete, or went to the archive."""


class ItemRevived(ItemEvent):
    """An obsolete or archived item is published again."""


class ItemVerified(ItemEvent):
    """Somebody vouched for an item until a day."""


class ItemEntrusted(ItemEvent):
    """An item has another owner, verifier or interval; nobody vouched for it by that."""


class VerificationWithdrawn(ItemEvent):
    """Somebody took back that they vouched for an item."""


class FileRead(ItemEvent):
    """The words of a file that an item shows have been read; the actor is who uploaded it."""


class ItemHidden(ItemEvent):
    """An item was taken from view."""


class ItemRestored(ItemEvent):
    """A hidden item is back."""


@dataclass(frozen=True, slots=True)
class AnswerPosted:
    """A peer answered."""

    answer_id: int
    asked_id: int
    asked_kind: str
    actor_id: int


@dataclass(frozen=True, slots=True)
class AnswerAccepted:
    """The asker chose an answer."""

    answer_id: int
    asked_id: int
    asked_kind: str
    actor_id: int


@dataclass(frozen=True, slots=True)
class AnswerUnaccepted:
    """The asker took the choice back."""

    answer_id: int
    asked_id: int
    asked_kind: str
    actor_id: int


@dataclass(frozen=True, slots=True)
class VoteTaken:
    """Somebody found an item useful; `team_id` is the voter's team then."""

    item_id: int
    kind: str
    person_id: int
    team_id: int | None


@dataclass(frozen=True, slots=True)
class VoteWithdrawn:
    """The vote was taken back."""

    item_id: int
    kind: str
    person_id: int
    team_id: int | None


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """A person was made, moved, renamed, disabled or enabled."""

    person_id: int


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """A person was disabled, or let in again: what they own has nobody now, or somebody."""

    person_id: int


@dataclass(frozen=True, slots=True)
class TagChanged:
    """A tag was made or renamed, or an item took it or lost it."""

    tag_id: int
