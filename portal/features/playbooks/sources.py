"""Rows of playbooks that came from files: which there are, empty ones for files that are new, and the taking of one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.errors import Invalid
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.operations import PreparedPlaybook, publish_first, revise
from portal.features.playbooks.policy import RETIRED
from portal.shared.items.models import Item, Revision
from portal.shared.items.operations import Snapshot, lock_item

T = TypeVar("T")

SOURCE: Final = "markdown:"
DIGEST: Final = "imported"
BATCH: Final = 500


class Units(Protocol):
    """How whoever runs an import lets it work on the database; committing is the caller's."""

    def read(self, work: Callable[[Session], T]) -> T:
        """Run a reading unit."""

    def write(self, work: Callable[[Session], T]) -> T:
        """Run a writing unit and commit it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A playbook that came from a file before.

    `version` is 0 while it is empty; `digest` is empty where its newest text was written in the portal.
    """

    id: int
    version: int
    digest: str
    is_hidden: bool
    is_retired: bool = False


def list_known(session: Session) -> dict[str, Known]:
    """All playbooks that came from files, by path."""
    rows = session.execute(
        select(
            Item.source_ref, Item.id, Item.version, Revision.content[DIGEST].as_string(), Item.hidden_at, Item.status
        )
        .outerjoin(Revision, (Revision.item_id == Item.id) & (Revision.version == Item.version))
        .where(Item.kind == "playbook", Item.source_ref.startswith(SOURCE, autoescape=True))
    )
    return {
        (source or "").removeprefix(SOURCE): Known(
            number, version, digest or "", hidden_at is not None, status in RETIRED
        )
        for source, number, version, digest, hidden_at, status in rows
    }


def add_empty(session: Session, owner: Actor, refs: Sequence[str]) -> dict[str, int]:
    """An empty playbook for each path, so that texts can link to it: a draft without audience, which nobody sees."""
    now = clock.now()
    rows = [
        Playbook(
            author_id=owner.person_id, owner_id=owner.person_id, status="draft", title="", slug="", version=0,
            source_ref=SOURCE + ref, created_at=now, updated_at=now,
        )
        for ref in refs
    ]  # fmt: skip
    for start in range(0, len(rows), BATCH):
        session.add_all(rows[start : start + BATCH])
        session.flush()
    return {ref: row.id for ref, row in zip(refs, rows, strict=True)}


def take_text(session: Session, owner: Actor, known: Known, prepared: PreparedPlaybook, snapshot: Snapshot) -> None:
    """Publish an empty playbook, or revise one that still has the version that the import has seen."""
    playbook = lock_item(session, known.id)
    if not isinstance(playbook, Playbook) or playbook.version != known.version:
        raise Invalid({"text": "edited in the portal just now; import it once more"})
    if known.version == 0:
        playbook.status = "published"
        publish_first(session, owner, playbook, prepared, snapshot)
    else:
        revise(session, owner, playbook, prepared, snapshot)


def delete_empty(session: Session, ids: Iterable[int]) -> None:
    """Delete those of these playbooks that are still empty; links to them go with them."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), BATCH):
        session.execute(delete(Item).where(Item.id.in_(wanted[start : start + BATCH]), Item.version == 0))
