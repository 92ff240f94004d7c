"""What was searched in vain becomes a draft, and who asked to be told hears of it when it is published."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal import events
from portal.core.access import Actor
from portal.core.errors import Invalid
from portal.core.jobs import enqueue
from portal.features.playbooks.forms import PlaybookInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.operations import draft_playbook, prepare_playbook
from portal.features.playbooks.policy import may_write
from portal.shared.finding import wish_operations as wishes
from portal.shared.finding.models import SearchTotal
from portal.shared.people.models import Person, PersonRole
from portal.shared.people.queries import find_actor


def list_writers(session: Session) -> Sequence[tuple[int, str]]:
    """Who can be given a draft to write, by name; one statement."""
    writes = exists().where(PersonRole.person_id == Person.id, PersonRole.role.in_(("manager", "publisher")))
    rows = session.execute(
        select(Person.id, Person.name).where(Person.state == "active", writes).order_by(Person.name, Person.id)
    )
    return [(row.id, row.name) for row in rows]


def draft_searched(session: Session, actor: Actor, words: str, owner_id: int) -> Playbook:
    """Begin a playbook about what people searched in vain, as somebody's draft; Invalid where that is no writer."""
    owner = find_actor(session, owner_id)
    if owner is None or not may_write(owner):
        raise Invalid({"owner": "Who writes it: playbooks are written by managers and publishers."})
    title = words[:1].upper() + words[1:]
    prepared = prepare_playbook(PlaybookInput(title=title, text=f"Searched in vain: “{words}”.", reason="From a gap"))
    return draft_playbook(session, actor, prepared, owner_id)


def hear_published(session: Session, event: events.ItemPublished) -> None:
    """A gap that became a playbook is filled."""
    became = exists().where(SearchTotal.item_id == event.item_id)
    if event.kind == "playbook" and session.scalar(select(became)):
        enqueue(session, wishes.JOB, event.item_id)


def tell_wishers(session: Session, keys: Sequence[str], base_url: str) -> None:
    """The job: mail whoever asked to be told of a search that became one of these playbooks, once it is published."""
    for key in keys:
        playbook = session.get(Playbook, int(key))
        if playbook is not None and playbook.status == "published":
            wishes.tell_wishers(session, playbook, (), base_url)
