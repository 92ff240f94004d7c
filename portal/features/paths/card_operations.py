"""Paths in the queue of what must be kept true: nobody vouches for them, yet somebody may report them."""

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.features.paths.forms import PATH_LABELS
from portal.shared.items.models import Item
from portal.shared.items.policy import may_edit
from portal.shared.items.queries import url_of
from portal.shared.review.cards import CardSource, CardWords


def _words(session: Session, actor: Actor, item: Item) -> CardWords | None:
    url = url_of(item.kind, item.id, item.slug)
    edit_url = f"{url}/edit" if may_edit(actor, item) else ""
    return CardWords(url=url, edit_url=edit_url, title=item.title, text=item.summary)


CARDS = CardSource(
    kind="path", word="Path", words=_words, labels={name: PATH_LABELS[name] for name in PATH_LABELS if name != "steps"}
)
