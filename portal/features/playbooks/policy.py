"""The life of a playbook in one table, and what somebody may do; seeing one was asked before, by `visible_to`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from portal.core.access import Actor, Rule
from portal.features.playbooks.models import Playbook
from portal.shared.items import policy as items
from portal.shared.items.models import Revision

BIN: Final = "bin"
OPEN_TEXTS: Final = ("draft", "in_review")
RETIRED: Final = ("obsolete", "archived")


@dataclass(frozen=True, slots=True)
class Life:
    """Where a playbook stands, and whether the company lets authors approve what they wrote.

    `text` is the newest text where it is not published: a new page's only one, or what will follow the published one.
    """

    playbook: Playbook
    text: Revision | None = None
    may_approve_own: bool = True
    is_binned: bool = False

    @property
    def states(self) -> frozenset[str]:
        """What the table below may move: a published page and the text that will follow it each have a state."""
        status = self.playbook.status
        if self.is_binned:
            return frozenset({BIN})
        if status in RETIRED or self.text is None:
            return frozenset({status})
        return frozenset({status, self.text.state} if status == "published" else {self.text.state})


class Move(NamedTuple):
    """One allowed move: from any of these states, by a verb, to a state; `who` says who may."""

    before: Sequence[str]
    verb: str
    after: str
    who: "Who"


class Who(NamedTuple):
    """Some people, in words and as a rule."""

    words: str
    may: Callable[[Actor, Life], bool]


def may_write(actor: Actor) -> bool:
    """Managers curate, and publishers write what their department stands behind."""
    return bool(actor.roles & {"manager", "publisher"})


def may_edit(actor: Actor, playbook: Playbook) -> bool:
    """The author, the owner, and managers, while the page is neither obsolete nor archived."""
    return items.may_edit(actor, playbook) and playbook.status not in RETIRED


def may_publish(actor: Actor, playbook: Playbook, *, may_approve_own: bool) -> bool:
    """Whether somebody may publish what they type, without a review."""
    return may_approve_own and may_write(actor) and may_edit(actor, playbook)


def may_redact(actor: Actor) -> bool:
    """Admins take passages out of everything that was ever written."""
    return actor.is_admin


def _is_free(actor: Actor, life: Life) -> bool:
    """Somebody else wrote the text, or the company lets authors approve their own."""
    return life.may_approve_own or (life.text is not None and life.text.author_id != actor.person_id)


def _may_release(actor: Actor, life: Life) -> bool:
    return may_write(actor) and may_edit(actor, life.playbook) and _is_free(actor, life)


def _may_drop(actor: Actor, life: Life) -> bool:
    return life.playbook.published_revision_id is not None and may_edit(actor, life.playbook)


def _may_bin(actor: Actor, life: Life) -> bool:
    return items.may_hide(actor, life.playbook)


EDITORS: Final = Who("author, owner, managers", lambda actor, life: may_edit(actor, life.playbook))
RELEASERS: Final = Who("of these managers and publishers; the writer only where the setting says so", _may_release)
REVIEWERS: Final = Who("managers; the writer only where the setting says so",
                       lambda actor, life: actor.is_manager and _is_free(actor, life))  # fmt: skip
DROPPERS: Final = Who("author, owner, managers, where readers have another text", _may_drop)
MANAGERS: Final = Who("managers", lambda actor, life: actor.is_manager)
BINNERS: Final = Who("managers, admins; the author while it is a draft", _may_bin)

# fmt: off
MOVES: Final = (
    #    from                                        verb             to           who
    Move(("draft",),                                 "send",          "in_review", EDITORS),
    Move(("draft",),                                 "publish",       "published", RELEASERS),
    Move(("draft",),                                 "drop",          "rejected",  DROPPERS),
    Move(("in_review",),                             "approve",       "published", REVIEWERS),
    Move(("in_review",),                             "ask_changes",   "draft",     REVIEWERS),
    Move(("in_review",),                             "take_back",     "draft",     EDITORS),
    Move(("published",),                             "make_obsolete", "obsolete",  EDITORS),
    Move(("published", "obsolete"),                  "archive",       "archived",  MANAGERS),
    Move(RETIRED,                                    "bring_back",    "published", MANAGERS),
    Move(("draft", "in_review", "published", *RETIRED), "bin",        BIN,         BINNERS),
    Move((BIN,),                                     "restore",       "as before", BINNERS),
)
# fmt: on
"""The whole life of a playbook. While the next text is drafted and reviewed, readers go on seeing the published one."""


def find_move(life: Life, verb: str) -> Move | None:
    """The move of this name that is possible from where the playbook stands, whoever may make it."""
    return next((move for move in MOVES if move.verb == verb and life.states & set(move.before)), None)


def list_moves(actor: Actor, life: Life) -> list[Move]:
    """The moves that this person may make now, in the order of the table."""
    return [move for move in MOVES if life.states & set(move.before) and move.who.may(actor, life)]


def may_keep_templates(actor: Actor) -> bool:
    """Managers decide with what new playbooks begin."""
    return actor.is_manager


WRITERS: Final = Rule("managers and publishers", lambda actor: actor is not None and may_write(actor))
"""The door to a new playbook."""

CURATORS: Final = Rule("managers alone", lambda actor: actor is not None and actor.is_manager)
"""The door to reviews, the archive and the templates; an admin who leads nobody writes no playbooks either."""
