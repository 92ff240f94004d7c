"""Acts on many playbooks, in one unit, each kept with what stood before; and the way back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal import events
from portal.core import clock
from portal.core.access import Actor
from portal.core.bus import publish
from portal.core.errors import Invalid, require
from portal.core.ids import slugify
from portal.features.playbooks.bulk_forms import Seen
from portal.features.playbooks.bulk_policy import MOST_AT_ONCE, Candidate, Outcome, Wanted, outcome_of
from portal.features.playbooks.bulk_queries import list_candidates, mark_of, name_wanted
from portal.features.playbooks.policy import CURATORS
from portal.features.playbooks.shelf_operations import archive_locked
from portal.shared.items.bulk_models import BulkAct, BulkChange
from portal.shared.items.bulk_operations import (
    Done,
    Values,
    add_move,
    entrust_within,
    give_back_trust,
    keep_act,
    undo_act,
    values_of,
)
from portal.shared.items.bulk_queries import lock_items
from portal.shared.items.models import Item
from portal.shared.items.queries import reachable_to
from portal.shared.items.trust_forms import TrustInput
from portal.shared.tags.models import ItemTag
from portal.shared.tags.operations import find_or_add_tag

PLAYBOOKS = "playbooks"
RETAGGED = "retag"
"""The step in a playbook's history that changes its tags and nothing else."""


def plan(
    session: Session, actor: Actor, wanted: Wanted, ids: Sequence[int]
) -> tuple[Wanted, list[tuple[Candidate, Outcome]]]:
    """What an act would do to each of these, by title; Invalid where it is too many, none, or names who has left."""
    if len(ids) > MOST_AT_ONCE:
        raise Invalid({"": f"These are more than {MOST_AT_ONCE} playbooks, and so many can be changed in one act. "
                           "Narrow them by stage, tag or mark."})  # fmt: skip
    named = replace(wanted, name=name_wanted(session, wanted))
    found, slug, day = list_candidates(session, actor, ids, named), slugify(wanted.tag), clock.today()
    if not found:
        raise Invalid({"": "Choose at least one playbook."})
    return named, [(one, outcome_of(actor, named, one, slug, day)) for one in found]


def change_many(session: Session, actor: Actor, wanted: Wanted, rows: Sequence[Seen]) -> BulkAct:
    """Do the act to what still stands as it was shown; the rest is left out, and named with the reason."""
    require(CURATORS.admits(actor), "Many playbooks at once are changed by managers.")
    locked = {item.id: item for item in lock_items(session, [one.item_id for one in rows], Item.kind == "playbook")}
    named, planned = plan(session, actor, wanted, sorted(locked)[: MOST_AT_ONCE + 1])
    seen, done = {one.item_id: one.mark for one in rows}, Done()
    for number in sorted(set(seen) - {one.playbook.id for one, _ in planned}):
        done.left_out.append([number, "it is published no more"])
    tag_id = find_or_add_tag(session, wanted.tag, "topic").id if wanted.act == "tag_added" else 0
    for one, outcome in sorted(planned, key=lambda pair: pair[0].playbook.id):
        if mark_of(one) != seen[one.playbook.id]:
            done.left_out.append([one.playbook.id, "changed since you looked"])
        elif not outcome.is_done:
            done.left_out.append([one.playbook.id, outcome.why_not])
        else:
            _change(session, actor, named, one, done, tag_id=tag_id)
    return keep_act(session, actor, PLAYBOOKS, said_of(named, len(done.changes)), done)


def said_of(wanted: Wanted, count: int) -> str:
    """`12 playbooks: owner Priya Anand`."""
    what = {
        "owner": f"owner {wanted.name}",
        "verifier": f"verifier {wanted.name}",
        "days": f"verified every {wanted.days} days",
        "tag_added": f"tag “{wanted.tag}” added",
        "tag_removed": f"tag “{wanted.tag}” taken off",
        "archive": "archived",
    }[wanted.act]
    return f"{count} {'playbook' if count == 1 else 'playbooks'}: {what}"


def undo_many(session: Session, actor: Actor, act_id: int) -> BulkAct:
    """Give back what stood before, where nobody changed it since and the actor may still reach the page."""
    require(CURATORS.admits(actor), "Acts on many playbooks are undone by managers.")

    stands: dict[int, list[int]] = {}

    def tags_of(item_id: int) -> list[int]:
        if not stands:  # asked for the first time once all pages are locked, and for all of them at once
            stands.update(_tag_ids(session, act_id))
        return stands[item_id]

    def read(item: Item, fields: Sequence[str]) -> dict[str, Any]:
        values = values_of(item, [name for name in fields if name != "tags"])
        return values | ({"tags": tags_of(item.id)} if "tags" in fields else {})

    def give_back(session: Session, actor: Actor, item: Item, before: Values) -> None:
        if "tags" in before:
            _set_tags(session, actor, item, tags_of(item.id), before["tags"])
            add_move(session, actor, item, "Undone.", verb=RETAGGED)
        elif "status" in before:
            item.status = before["status"]
            add_move(session, actor, item, "Undone.", verb="bring_back")
            publish(session, events.ItemRevived(item.id, item.kind, actor.person_id))
        else:
            give_back_trust(session, actor, item, before)

    return undo_act(session, actor, act_id, PLAYBOOKS, reachable_to(actor), read=read, give_back=give_back)


def _change(session: Session, actor: Actor, wanted: Wanted, one: Candidate, done: Done, *, tag_id: int) -> None:
    playbook = one.playbook
    stands = TrustInput.of(playbook)
    if wanted.act == "owner":
        entrust_within(session, actor, playbook, replace(stands, owner_id=wanted.owner_id), done)
    elif wanted.act == "verifier":
        given = replace(stands, verifier_id=wanted.verifier_id, verifier_team_id=wanted.verifier_team_id)
        entrust_within(session, actor, playbook, given, done)
    elif wanted.act == "days":
        entrust_within(session, actor, playbook, replace(stands, days=wanted.days), done)
    elif wanted.act == "archive":
        archive_locked(session, actor, playbook)
        done.changes.append((playbook.id, {"status": "published"}, {"status": "archived"}))
    else:
        before, slug = sorted(tag.id for tag in one.tags.values()), slugify(wanted.tag)
        left = {tag.id for key, tag in one.tags.items() if key != slug}
        after = sorted(left | {tag_id} if wanted.act == "tag_added" else left)
        _set_tags(session, actor, playbook, before, after)
        add_move(session, actor, playbook, f"{said_of(wanted, 1).partition(': ')[2].capitalize()}.", verb=RETAGGED)
        done.changes.append((playbook.id, {"tags": before}, {"tags": after}))


def _set_tags(session: Session, actor: Actor, item: Item, before: Sequence[int], after: Sequence[int]) -> None:
    """Tags by their numbers; what the page says stays the same, so nobody needs to be told."""
    if gone := sorted(set(before) - set(after)):
        session.execute(delete(ItemTag).where(ItemTag.item_id == item.id, ItemTag.tag_id.in_(gone)))
    if new := sorted(set(after) - set(before)):
        session.execute(insert(ItemTag), [{"item_id": item.id, "tag_id": tag_id} for tag_id in new])
    for tag_id in sorted(set(before) ^ set(after)):
        publish(session, events.TagChanged(tag_id))
    publish(session, events.ItemMended(item.id, item.kind, actor.person_id))


def _tag_ids(session: Session, act_id: int) -> dict[int, list[int]]:
    """The numbers of the tags that each page of an act bears now."""
    rows = session.execute(
        select(BulkChange.item_id, ItemTag.tag_id)
        .outerjoin(ItemTag, ItemTag.item_id == BulkChange.item_id)
        .where(BulkChange.act_id == act_id)
        .order_by(ItemTag.tag_id)
    )
    found: dict[int, list[int]] = {}
    for item_id, tag_id in rows:
        found.setdefault(item_id, [])
        if tag_id is not None:
            found[item_id].append(tag_id)
    return found
