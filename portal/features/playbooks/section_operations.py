"""Writes of sections: those of a new text go on from the old ones, and keep what they were made of."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.db import add_once
from portal.core.markdown import Section
from portal.features.playbooks.models import Playbook, PlaybookSection, SectionSource
from portal.features.playbooks.sections import ALIKE, Part, likeness, match_sections
from portal.shared.items.models import Item, Revision
from portal.shared.items.queries import visible_to

PROMOTABLE: Final = ("answer",)
"""What a section can be made of."""
OUT: Final = -1
"""The position of a section that was taken out of the text and waits, since it was made of something."""


def set_sections(session: Session, playbook_id: int, sections: Iterable[Section]) -> list[PlaybookSection]:
    """Write the sections of a text; those that go on from old ones keep their rows. Returns those that are new."""
    new = list(sections)
    rows = session.scalars(
        select(PlaybookSection).where(PlaybookSection.playbook_id == playbook_id).order_by(PlaybookSection.position)
    ).all()
    old, out = [row for row in rows if row.position >= 0], [row for row in rows if row.position < 0]
    matched = match_sections([_part(one) for one in old], [_part(one) for one in new])
    goes_on = {place: old[at] for place, at in matched.items()}
    goes_on |= _come_back(new, goes_on.keys(), out)
    _take_out(session, [one for one in old if one not in goes_on.values()])
    added = []
    for place, section in enumerate(new):
        row = goes_on.get(place)
        if row is None:
            row = PlaybookSection(playbook_id=playbook_id)
            added.append(row)
        row.anchor, row.title, row.level, row.position = section.anchor, section.title[:300], section.level, place
        row.start, row.end, row.text = section.start, section.end, section.text
        session.add(row)
    session.flush()
    return added


def note_sources(
    session: Session, writer: Actor, playbook: Playbook, item_ids: Iterable[int], added: Sequence[PlaybookSection]
) -> set[int]:
    """Note what sections were made of, as far as whoever wrote them may see it; returns whose words these are.

    The section is the one that has most of the words, be it new or not; where the writer left none of them, the last
    new one that has a heading. Twice changes nothing.
    """
    wanted = (Item.id.in_(sorted(set(item_ids))), Item.kind.in_(PROMOTABLE), visible_to(writer))
    items = session.scalars(select(Item).where(*wanted)).all() if item_ids else ()
    if not items:
        return set()
    in_text = (PlaybookSection.playbook_id == playbook.id, PlaybookSection.position >= 0)
    rows = session.scalars(select(PlaybookSection).where(*in_text).order_by(PlaybookSection.position)).all()
    people: set[int] = set()
    for item in items:
        section = _section_of(rows, item, added)
        if section is not None:
            add_once(session, SectionSource, section_id=section.id, item_id=item.id)
            people |= {item.author_id, *session.scalars(select(Revision.author_id).where(Revision.item_id == item.id))}
    return people


def _section_of(
    rows: Sequence[PlaybookSection], item: Item, added: Sequence[PlaybookSection]
) -> PlaybookSection | None:
    words = set(item.title.casefold().split())
    shares = [(len(words & set(row.text.casefold().split())) / max(1, len(words)), row.position, row) for row in rows]
    best = max(shares, key=lambda share: share[:2], default=None)
    if best is not None and best[0] >= ALIKE:
        return best[2]
    return next((row for row in reversed(added) if row.anchor), None)


def _come_back(
    new: Sequence[Section], taken: Iterable[int], out: Sequence[PlaybookSection]
) -> dict[int, PlaybookSection]:
    """Sections of the new text that stood in an older one, and had been taken out."""
    found: dict[int, PlaybookSection] = {}
    taken = set(taken)
    for row in out:
        words = set(row.text.casefold().split())
        alike = [
            (likeness(words, set(section.text.casefold().split())), place)
            for place, section in enumerate(new)
            if place not in taken and place not in found
        ]
        best = max(alike, default=(0.0, 0))
        if best[0] >= ALIKE:
            found[best[1]] = row
    return found


def _take_out(session: Session, rows: Sequence[PlaybookSection]) -> None:
    """Delete sections; one that was made of something only leaves the text, and gives its anchor free."""
    ids = sorted(row.id for row in rows)
    if not ids:
        return
    kept = set(session.scalars(select(SectionSource.section_id).where(SectionSource.section_id.in_(ids))))
    for row in rows:
        if row.id in kept:
            row.anchor, row.position = f"~{row.id}", OUT
    session.flush()
    if gone := [number for number in ids if number not in kept]:
        session.execute(delete(PlaybookSection).where(PlaybookSection.id.in_(gone)))


def _part(section: PlaybookSection | Section) -> Part:
    return Part(section.anchor, section.title, section.text)
