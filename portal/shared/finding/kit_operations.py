"""Writes of somebody's own kit: stars and saved searches."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import add_once
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.shared.finding.kit_queries import MOST_SAVED, MOST_STARRED
from portal.shared.finding.models import SavedSearch, Star
from portal.shared.items.queries import find_item

STARRED_KINDS = ("objection", "question", "answer", "playbook", "path")


def star_item(session: Session, actor: Actor, item_id: int) -> None:
    """Keep an item at hand; a second time changes nothing. MOST_STARRED at most, or the kit is none."""
    item = find_item(session, actor, item_id)
    if item is None or item.kind not in STARRED_KINDS:
        raise NotFound
    if add_once(session, Star, person_id=actor.person_id, item_id=item_id, at=clock.now()):
        count = session.scalar(select(func.count()).where(Star.person_id == actor.person_id)) or 0
        if count > MOST_STARRED:
            raise Forbidden(f"Your kit holds {MOST_STARRED} starred things; take a star away first.")


def unstar_item(session: Session, actor: Actor, item_id: int) -> None:
    """Put it back; without a star nothing changes, and what one may not see any more can be put back too."""
    session.execute(delete(Star).where(Star.person_id == actor.person_id, Star.item_id == item_id))


def save_search(session: Session, actor: Actor, name: str, query: str) -> SavedSearch:
    """Keep a search under a name; Invalid where the name is taken for another one, or there are MOST_SAVED."""
    own = session.scalars(select(SavedSearch).where(SavedSearch.person_id == actor.person_id)).all()
    same = next((one for one in own if one.name.lower() == name.lower()), None)
    if same is not None and same.query != query:
        raise Invalid({"name": f"Name: “{same.name}” is another of your searches; choose another name."})
    if same is not None:
        return same
    if len(own) >= MOST_SAVED:
        raise Invalid({"name": f"Name: you keep {MOST_SAVED} searches already; remove one first."})
    saved = SavedSearch(person_id=actor.person_id, name=name, query=query, at=clock.now())
    session.add(saved)
    session.flush()
    return saved


def remove_saved(session: Session, actor: Actor, saved_id: int) -> None:
    """Remove one of the own saved searches; another's, or none, is not found."""
    saved = session.get(SavedSearch, saved_id)
    if saved is None or saved.person_id != actor.person_id:
        raise NotFound
    session.delete(saved)
    session.flush()
