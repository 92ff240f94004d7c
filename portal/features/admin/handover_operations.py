"""A handover: what a person owns, verifies and has begun goes to others, in one unit that can be undone."""

from dataclasses import replace

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import Conflict, require
from portal.features.admin.handover_queries import VERIFIES, Receivers, list_held, mark_of, plan_handover
from portal.shared.items.bulk_models import BulkAct
from portal.shared.items.bulk_operations import (
    Done,
    entrust_within,
    give_back_trust,
    keep_act,
    undo_act,
    values_of,
)
from portal.shared.items.bulk_queries import lock_items
from portal.shared.items.trust_forms import TrustInput
from portal.shared.people.models import Person
from portal.shared.people.policy import may_administer

HANDOVER = "handover"


class Moved(Conflict):
    """Something came to the person or left them since the preview."""

    def __init__(self) -> None:
        super().__init__("Something changed since you looked. Look at it again below; nothing was changed.")


def hand_over(session: Session, actor: Actor, person_id: int, receivers: Receivers, seen: str) -> BulkAct:
    """Do what the preview said; Moved where that would be something else by now. Everybody's word stays as it was."""
    require(may_administer(actor))
    person = session.get_one(Person, person_id)
    ids = [one.item_id for one in list_held(session, actor, person_id)]
    items = {item.id: item for item in lock_items(session, ids)}
    shares = plan_handover(session, person, list_held(session, actor, person_id), receivers)
    if mark_of(shares) != seen:
        raise Moved
    given = {number: TrustInput.of(item) for number, item in items.items()}
    for share in shares:
        for one in share.goes:
            field = "verifier_id" if share.group[0] == VERIFIES else "owner_id"
            given[one.item_id] = replace(given[one.item_id], **{field: share.receiver.id})
    done = Done()
    for number, item in items.items():
        entrust_within(session, actor, item, given[number], done)
    for share in shares:
        done.left_out += [[one.item_id, f"{share.receiver.name} may not read it"] for one in share.stays]
    said = " ".join(share.said for share in shares if share.goes) or "Nothing was handed over."
    audit.record(session, actor.person_id, "handed over", person.email, {"changes": said[:1000]})
    return keep_act(session, actor, HANDOVER, said, done, person_id=person_id)


def undo_handover(session: Session, actor: Actor, act_id: int) -> BulkAct:
    """Give everything back that nobody gave to others since."""
    require(may_administer(actor))
    act = undo_act(session, actor, act_id, HANDOVER, read=values_of, give_back=give_back_trust)
    person = session.get(Person, act.person_id) if act.person_id else None
    audit.record(session, actor.person_id, "handover undone", person.email if person else f"act {act.id}")
    return act
