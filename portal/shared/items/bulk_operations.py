"""Writes of bulk acts: keep what stood before, and give it back within UNDO_DAYS where nobody changed it since."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.errors import Conflict, NotFound
from portal.shared.items.bulk_models import BulkAct, BulkChange
from portal.shared.items.bulk_queries import UNDO_DAYS, days_left, lock_items
from portal.shared.items.models import Item, ItemMove
from portal.shared.items.trust_forms import TrustInput
from portal.shared.items.trust_operations import said_of, set_trust
from portal.shared.items.trust_queries import ENTRUSTED

SINCE: Final = "changed since"
Values = Mapping[str, Any]
Read = Callable[[Item, Sequence[str]], dict[str, Any]]
GiveBack = Callable[[Session, Actor, Item, Values], None]


@dataclass(slots=True)
class Done:
    """What an act changed so far, and what it left out: (item, before, after) and [item id, why]."""

    changes: list[tuple[int, Values, Values]] = field(default_factory=list)
    left_out: list[list[Any]] = field(default_factory=list)


def entrust_within(session: Session, actor: Actor, item: Item, given: TrustInput, done: Done) -> None:
    """Change owner, verifier or interval of a locked item as part of an act; the caller has asked whether it may."""
    stands = TrustInput.of(item)
    if given == stands:
        return
    fields = fields_of(stands, given)
    before, note = values_of(item, fields), said_of(session, stands, given)
    set_trust(session, actor, item, given)
    add_move(session, actor, item, note)
    done.changes.append((item.id, before, values_of(item, fields)))


def add_move(session: Session, actor: Actor, item: Item, note: str, *, verb: str = ENTRUSTED) -> None:
    """A step in the item's history; written with all others of the act."""
    session.add(ItemMove(item_id=item.id, actor_id=actor.person_id, verb=verb, note=note[:500], at=clock.now()))


def keep_act(
    session: Session, actor: Actor, kind: str, said: str, done: Done, *, person_id: int | None = None
) -> BulkAct:
    """Write an act down with what stood before each of its changes."""
    act = BulkAct(kind=kind, actor_id=actor.person_id, person_id=person_id, at=clock.now(), said=said[:500],
                  left_out=done.left_out, not_undone=[])  # fmt: skip
    session.add(act)
    session.flush()
    session.add_all(
        BulkChange(act_id=act.id, item_id=item_id, before=dict(before), after=dict(after))
        for item_id, before, after in done.changes
    )
    session.flush()
    return act


def undo_act(
    session: Session, actor: Actor, act_id: int, kind: str, *conditions: ColumnElement[bool],
    read: Read, give_back: GiveBack,
) -> BulkAct:  # fmt: skip
    """Give back what stood before; what somebody changed since stays, and is named in `not_undone`.

    `read` says how the fields of an item stand, in the shape of the kept ones; `conditions` say which items the actor
    may still change. Conflict where the act was undone before, or is older than UNDO_DAYS.
    """
    act = session.scalars(
        select(BulkAct).where(BulkAct.id == act_id, BulkAct.kind == kind).with_for_update(key_share=True)
    ).first()
    if act is None:
        raise NotFound
    if act.undone_at is not None:
        raise Conflict("This was undone already. Nothing was changed.")
    if not days_left(act):
        raise Conflict(f"This is older than {UNDO_DAYS} days and cannot be undone any more. Nothing was changed.")
    changes = {one.item_id: one for one in session.scalars(select(BulkChange).where(BulkChange.act_id == act_id))}
    not_undone: dict[int, str] = dict.fromkeys(changes, "you may not change it")
    for item in lock_items(session, changes, *conditions):
        change = changes[item.id]
        if read(item, list(change.after)) == change.after:
            give_back(session, actor, item, change.before)
            del not_undone[item.id]
        else:
            not_undone[item.id] = SINCE
    act.undone_at, act.undone_by_id = clock.now(), actor.person_id
    act.not_undone = [[number, why] for number, why in sorted(not_undone.items())]
    session.flush()
    return act


def give_back_trust(session: Session, actor: Actor, item: Item, before: Values) -> None:
    """Owner, verifier and interval as they stood; the day of the next look follows from them."""
    stands = TrustInput.of(item)
    given = replace(stands, **{_INPUT.get(name, name): before[name] for name in before if name in _TRUST})
    if given != stands:
        add_move(session, actor, item, f"Undone. {said_of(session, stands, given)}")
        set_trust(session, actor, item, given)


def forget_acts(session: Session) -> None:
    """Delete what can be undone no more; called at night."""
    session.execute(delete(BulkAct).where(BulkAct.at < clock.now() - timedelta(days=UNDO_DAYS)))


_INPUT = {"verify_days": "days"}
_TRUST = ("owner_id", "verifier_id", "verifier_team_id", "verify_days")


def fields_of(before: TrustInput, after: TrustInput) -> list[str]:
    """The columns that differ; another interval moves the last day too."""
    fields = [name for name in _TRUST
              if getattr(before, _INPUT.get(name, name)) != getattr(after, _INPUT.get(name, name))]  # fmt: skip
    return [*fields, "verify_by"] if "verify_days" in fields else fields


def values_of(item: Item, fields: Iterable[str]) -> dict[str, Any]:
    """Columns of an item as JSON holds them."""
    values = {name: getattr(item, name) for name in fields}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
