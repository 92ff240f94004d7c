"""Reads of promotion: which playbooks somebody may put a section into, and where an answer went."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam, or_, select, true
from sqlalchemy.orm import Session, load_only

from portal.core.access import Actor
from portal.features.playbooks.models import Playbook, PlaybookSection, SectionSource
from portal.features.playbooks.policy import RETIRED
from portal.shared.items.queries import VISIBLE, reachable_to, seen_by, url_of

MOST = 30
_PLACES = (
    select(SectionSource.item_id, Playbook.id, Playbook.slug, Playbook.title, PlaybookSection.anchor)
    .join(PlaybookSection, PlaybookSection.id == SectionSource.section_id)
    .join(Playbook, Playbook.id == PlaybookSection.playbook_id)
    .where(SectionSource.item_id.in_(bindparam("ids", expanding=True)), PlaybookSection.position >= 0, VISIBLE)
    .order_by(Playbook.title, PlaybookSection.position)
)


def list_places(session: Session, actor: Actor, item_ids: Iterable[int]) -> Mapping[int, Sequence[tuple[str, str]]]:
    """Where these items went, by item, as (address, title): only into playbooks that this person may see,
    each with the first of its sections.

    One statement, none for no ids.
    """
    wanted, found = sorted(set(item_ids)), dict[int, dict[int, tuple[str, str]]]()
    rows = session.execute(_PLACES, {"ids": wanted, **seen_by(actor)}) if wanted else ()
    for item_id, number, slug, title, anchor in rows:
        url = url_of("playbook", number, slug)
        places = found.setdefault(item_id, {})
        places.setdefault(number, (f"{url}#{anchor}" if anchor else url, title))
    return {item_id: list(places.values()) for item_id, places in found.items()}


def list_editable(session: Session, actor: Actor, words: str) -> Sequence[Playbook]:
    """The newest MOST playbooks that this person may change and whose title holds the words; one statement."""
    own = or_(Playbook.author_id == actor.person_id, Playbook.owner_id == actor.person_id)
    return session.scalars(
        select(Playbook)
        .where(reachable_to(actor), Playbook.status.not_in(RETIRED), true() if actor.is_manager else own)
        .where(Playbook.title.icontains(words, autoescape=True))
        .options(load_only(Playbook.kind, Playbook.title, Playbook.slug, Playbook.status, Playbook.updated_at))
        .order_by(Playbook.updated_at.desc(), Playbook.id.desc())
        .limit(MOST)
    ).all()
