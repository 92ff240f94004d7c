"""Paths in the queue of what must be kept true: nobody vouches for them, yet somebody may report them."""

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.features.paths.forms import PATH_LABELS
from portal.shared.items.models import Item
from portal.shared.items.policy import may_edit
from portal.shared.review.cards import CardSource, CardWords, page_words


def _words(session: Session, actor: Actor, item: Item) -> CardWords | None:
    return page_words(item, may_edit=may_edit(actor, item))


CARDS = CardSource(
    kind="path", word="Path", words=_words, labels={name: PATH_LABELS[name] for name in PATH_LABELS if name != "steps"}
)
