"""Writes of what is being written: keep, settle, throw away, forget; and to say that a form is open."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import upsert
from portal.core.errors import Conflict, Forbidden, NotFound, require
from portal.core.forms import Fields
from portal.shared.drafts import policy
from portal.shared.drafts.forms import DraftInput, token_of
from portal.shared.drafts.models import Draft, Editing
from portal.shared.drafts.queries import STAYS, find_written, read_key
from portal.shared.items.models import Item

MOST: Final = 100
KEPT, EMPTY_KEPT, UNSEEN = timedelta(days=30), timedelta(days=1), timedelta(days=1)
T = TypeVar("T")


def keep_draft(session: Session, actor: Actor, key: str, given: DraftInput) -> None:
    """Keep what was typed so far; NotFound and Forbidden as for the form itself.

    What took the place of another text settles that one. A text that is settled stays so: Conflict. At most MOST wait.
    """
    _check_form(session, actor, key)
    others = select(func.count()).where(
        Draft.person_id == actor.person_id, Draft.is_closed.is_(False), Draft.token.not_in([given.token, given.took])
    )
    if (session.scalar(others) or 0) >= MOST:
        raise Forbidden(f"{MOST} of your texts wait unsaved; save some of them, or throw them away.")
    words = {
        "title": given.title, "base_version": given.base_version, "fields": given.fields, "updated_at": clock.now()
    }  # fmt: skip
    insert = _inserting(session).values(
        person_id=actor.person_id, token=given.token, key=key, is_closed=False, **words
    )  # fmt: skip
    is_open = Draft.is_closed.is_(False) & (Draft.key == key)
    kept = insert.on_conflict_do_update(index_elements=["person_id", "token"], set_=words, where=is_open)
    if session.execute(kept.returning(Draft.token)).first() is None:
        raise Conflict("This text was saved or thrown away meanwhile.")
    if given.took not in ("", given.token):
        close_draft(session, actor, given.took)


def close_draft(session: Session, actor: Actor, token: str) -> None:
    """Throw a text away; one that is not there changes nothing."""
    own = (Draft.person_id == actor.person_id, Draft.token == token)
    session.execute(update(Draft).where(*own).values(**_emptied()))


def then_settled(work: Callable[[Session], T], actor: Actor, fields: Fields) -> Callable[[Session], T]:
    """`work`, which saves a form, and then: what was kept of it waits no more, nor what of it is still on its way."""

    def whole(session: Session) -> T:
        saved = work(session)
        for token in sorted({token_of(fields), token_of(fields, "took")} - {""}):
            insert = _inserting(session).values(
                person_id=actor.person_id, token=token, key="", base_version=0, **_emptied()
            )  # fmt: skip
            session.execute(insert.on_conflict_do_update(index_elements=["person_id", "token"], set_=_emptied()))
        return saved

    return whole


def forget_drafts(session: Session) -> None:
    """The nightly job: texts that nobody touched for 30 days go, and what is left of settled ones and open forms."""
    now = clock.now()
    is_settled = Draft.is_closed & (Draft.updated_at < now - EMPTY_KEPT)
    session.execute(delete(Draft).where(or_(Draft.updated_at < now - KEPT, is_settled)))
    session.execute(delete(Editing).where(Editing.seen_at < now - UNSEEN))


def say_editing(session: Session, actor: Actor, item_id: int) -> None:
    """The form of this item is open, or still is; NotFound and Forbidden as for the form itself."""
    find_editable(session, actor, item_id)
    now = clock.now()
    insert = upsert(session, Editing.__table__).values(  # type: ignore[arg-type]
        item_id=item_id, person_id=actor.person_id, since=now, seen_at=now
    )
    since = case((Editing.seen_at < now - STAYS, now), else_=Editing.since)
    session.execute(
        insert.on_conflict_do_update(index_elements=["item_id", "person_id"], set_={"since": since, "seen_at": now})
    )


def end_editing(session: Session, actor: Actor, item_id: int) -> None:
    """The form is closed; where it was not open, nothing changes."""
    session.execute(delete(Editing).where(Editing.item_id == item_id, Editing.person_id == actor.person_id))


def find_editable(session: Session, actor: Actor, item_id: int) -> Item:
    """The item, where its form opens to this person."""
    item = find_written(session, actor, item_id)
    if item is None:
        raise NotFound
    require(policy.may_write_on(actor, item), "Only those who may change this may write here.")
    return item


def _check_form(session: Session, actor: Actor, key: str) -> None:
    """A form of an item opens to those who may edit it; the words of a new one are their writer's alone."""
    parts = read_key(key)
    if parts is None:
        raise NotFound
    if parts.verb == "edit":
        find_editable(session, actor, parts.number)
    elif parts.verb == "answer":
        item = find_written(session, actor, parts.number)
        if item is None:
            raise NotFound
        require(policy.may_answer(item), "This is closed; it takes no more answers.")


def _emptied() -> dict[str, Any]:
    return {"is_closed": True, "title": "", "fields": {}, "updated_at": clock.now()}


def _inserting(session: Session) -> Any:
    return upsert(session, Draft.__table__)  # type: ignore[arg-type]
