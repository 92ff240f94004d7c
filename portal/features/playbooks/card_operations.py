"""Playbooks in the queue of what must be kept true: their words on a card, and how they are retired from there."""

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.features.playbooks import policy
from portal.features.playbooks.forms import PLAYBOOK_LABELS, ObsoleteInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.shelf_operations import bring_back, make_obsolete, put_in_bin, restore
from portal.shared.items.models import Item
from portal.shared.review.cards import CardSource, CardWords, page_words


def _words(session: Session, actor: Actor, item: Item) -> CardWords | None:
    return page_words(item, may_edit=isinstance(item, Playbook) and policy.may_edit(actor, item))


def _retire(session: Session, actor: Actor, item_id: int, successor_id: int, reason: str) -> Playbook:
    return make_obsolete(session, actor, item_id, ObsoleteInput(successor_id, reason))


CARDS = CardSource(
    kind="playbook",
    word="Playbook",
    words=_words,
    labels=PLAYBOOK_LABELS,
    verified=True,
    retire=_retire,
    revive=bring_back,
    remove=put_in_bin,
    restore=restore,
)
