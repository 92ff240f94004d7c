"""What the template of promotion may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.features.playbooks.models import Playbook
from portal.features.playbooks.move_pages import STATE_WORDS
from portal.shared.items.promoting import Promotable
from portal.shared.items.queries import url_of


@dataclass(frozen=True, slots=True)
class PlaybookChoice:
    """A playbook that the section can go into; `url` opens its text with the section at the end."""

    title: str
    state: str
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class PromotePage:
    """The words that become a section, and where they can go; `new_url` is empty for who may begin no playbook."""

    item_id: int
    title: str
    by: str
    back_url: str
    words: str
    rows: Sequence[PlaybookChoice]
    new_url: str


def promote_page(one: Promotable, words: str, playbooks: Sequence[Playbook], *, may_write: bool) -> PromotePage:
    """The page of one answer; `words` are what was searched for among the titles."""
    return PromotePage(
        item_id=one.item_id,
        title=one.title,
        by=one.by,
        back_url=one.url,
        words=words,
        rows=[
            PlaybookChoice(
                row.title,
                STATE_WORDS.get(row.status, ""),
                row.updated_at,
                f"{url_of(row.kind, row.id, row.slug)}/edit?promote={one.item_id}",
            )
            for row in playbooks
        ],
        new_url=f"/playbooks/new?promote={one.item_id}" if may_write else "",
    )
