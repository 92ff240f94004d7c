"""Writes of the company's word list: add, change, remove; every act is audited and takes effect at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.db import upsert
from portal.core.errors import Invalid, NotFound, require
from portal.core.ids import new_token
from portal.shared.finding.models import WordGroup, WordListEdition
from portal.shared.finding.policy import may_curate_search
from portal.shared.finding.word_queries import entry_of, list_word_groups
from portal.shared.finding.wording import Entry, normal_form

MOST = 1000


def add_words(session: Session, actor: Actor, entry: Entry) -> WordGroup:
    """Put an entry on the list; Invalid where one of its words is read as something already."""
    _begin(session, actor)
    _check_free(session, entry, but=None)
    group = WordGroup(
        kind="one_way" if entry.ours else "same", theirs=list(entry.theirs), ours=list(entry.ours),
        changed_by_id=actor.person_id, changed_at=clock.now(),
    )  # fmt: skip
    session.add(group)
    session.flush()
    audit.record(session, actor.person_id, "word list changed", spell(entry), {"act": "added"})
    return group


def change_words(session: Session, actor: Actor, group_id: int, entry: Entry) -> WordGroup:
    """Give an entry other words; Invalid as for a new one, NotFound where it was removed meanwhile."""
    _begin(session, actor)
    group = _find(session, group_id)
    _check_free(session, entry, but=group_id)
    before = spell(entry_of(group))
    group.kind = "one_way" if entry.ours else "same"
    group.theirs, group.ours = list(entry.theirs), list(entry.ours)
    group.changed_by_id, group.changed_at = actor.person_id, clock.now()
    audit.record(session, actor.person_id, "word list changed", spell(entry), {"act": "changed", "before": before})
    session.flush()
    return group


def remove_words(session: Session, actor: Actor, group_id: int) -> Entry:
    """Take an entry off the list; returns what it said, NotFound where it is gone already."""
    _begin(session, actor)
    group = _find(session, group_id)
    entry = entry_of(group)
    session.delete(group)
    audit.record(session, actor.person_id, "word list changed", spell(entry), {"act": "removed"})
    session.flush()
    return entry


def spell(entry: Entry) -> str:
    """An entry in one line: `discount = rebate`, `too dear → too expensive`."""
    theirs = (", " if entry.ours else " = ").join(entry.theirs)
    return f"{theirs} → {', '.join(entry.ours)}" if entry.ours else theirs


def _begin(session: Session, actor: Actor) -> None:
    """Ask the policy, and mark a new edition: its one row is the lock behind which entries are compared."""
    require(may_curate_search(actor), "The word list is kept by managers.")
    insert = upsert(session, WordListEdition.__table__).values(id=1, mark=new_token())  # type: ignore[arg-type]
    session.execute(insert.on_conflict_do_update(index_elements=["id"], set_={"mark": insert.excluded.mark}))


def _find(session: Session, group_id: int) -> WordGroup:
    group = session.scalars(select(WordGroup).where(WordGroup.id == group_id)).first()
    if group is None:
        raise NotFound("This entry of the word list was removed meanwhile.")
    return group


def _check_free(session: Session, entry: Entry, but: int | None) -> None:
    """A word is read as something by one entry alone, or nobody could tell why it finds what it finds."""
    groups = [group for group in list_word_groups(session) if group.id != but]
    if but is None and len(groups) >= MOST:
        raise Invalid({"theirs": f"Words: the list holds {MOST:,} entries already; remove some first."})
    wanted = {normal_form(word): word for word in entry.theirs}
    for group in groups:
        for word in group.theirs:
            if normal_form(word) in wanted:
                typed = wanted[normal_form(word)]
                raise Invalid({"theirs": f"Words: “{typed}” stands on the list already: {spell(entry_of(group))}."})
