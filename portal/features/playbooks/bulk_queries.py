"""Reads for acts on many playbooks: the list to choose from, and those that were chosen, as they stand."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, not_, select
from sqlalchemy.orm import Session, aliased, defer

from portal.core.access import Actor
from portal.core.errors import Invalid
from portal.features.playbooks.bulk_policy import Candidate, Wanted
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.policy import OPEN_TEXTS
from portal.features.playbooks.queries import filtered
from portal.shared.items.models import DUE_DAYS, Item, Revision
from portal.shared.items.trust_queries import is_owned, list_read_by_team, list_readable
from portal.shared.people.models import Person, Team
from portal.shared.tags.queries import find_tags

PAGE = 50
NOBODY = "nobody"


def list_choices(
    session: Session, actor: Actor, day: date, before: int, *, stage: str, tag: str, mark: str
) -> tuple[list[tuple[Playbook, Person | None]], int]:
    """A page of published playbooks under a filter with their owners, what is most overdue first; and how many."""
    wanted = _marked(filtered(select(Playbook.id), actor, stage, tag), mark, day)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    owner = aliased(Person)
    rows = session.execute(
        _marked(filtered(select(Playbook, owner), actor, stage, tag), mark, day)
        .outerjoin(owner, owner.id == Playbook.owner_id)
        .options(defer(Item.source, raiseload=True), defer(Item.html, raiseload=True))
        .order_by(case((Playbook.verify_by.is_(None), 1), else_=0), Playbook.verify_by, Playbook.id)
        .limit(PAGE)
        .offset(before)
    )
    return [(row[0], row[1]) for row in rows], total


def list_ids(session: Session, actor: Actor, day: date, most: int, *, stage: str, tag: str, mark: str) -> list[int]:
    """The numbers of all playbooks under a filter, at most one more than `most`."""
    wanted = _marked(filtered(select(Playbook.id), actor, stage, tag), mark, day)
    return list(session.scalars(wanted.order_by(Playbook.id).limit(most + 1)))


def list_candidates(session: Session, actor: Actor, ids: Iterable[int], wanted: Wanted) -> list[Candidate]:
    """Those of these playbooks that this person may see and that are published, as they stand; at most five statements.

    The rows are read anew, so that inside a unit this tells what the locked rows say.
    """
    owner, verifier = aliased(Person), aliased(Person)
    rows = session.execute(
        filtered(select(Playbook, owner, verifier, Team, Revision), actor, "", "")
        .where(Playbook.id.in_(sorted(set(ids))))
        .outerjoin(owner, owner.id == Playbook.owner_id)
        .outerjoin(verifier, verifier.id == Playbook.verifier_id)
        .outerjoin(Team, Team.id == Playbook.verifier_team_id)
        .outerjoin(
            Revision,
            (Revision.item_id == Playbook.id) & (Revision.version == Playbook.version) & Revision.state.in_(OPEN_TEXTS),
        )
        .options(defer(Item.source, raiseload=True), defer(Item.html, raiseload=True), defer(Revision.content))
        .order_by(Playbook.title, Playbook.id)
        .execution_options(populate_existing=True)
    ).all()
    numbers = [row[0].id for row in rows]
    tags, readable = find_tags(session, numbers), _readable(session, numbers, wanted)
    return [
        Candidate(
            playbook=playbook,
            owner=owner.shown_name if owner else NOBODY,
            verifier=team.name if team else verifier.shown_name if verifier else NOBODY,
            tags={tag.slug: tag for tag in tags.get(playbook.id, ())},
            text=text,
            may_be_read=readable is None or playbook.id in readable,
        )
        for playbook, owner, verifier, team, text in rows
    ]


def name_wanted(session: Session, wanted: Wanted) -> str:
    """What the named person or team is called; Invalid where they are not here."""
    field = "owner" if wanted.act == "owner" else "verifier"
    if wanted.verifier_team_id is not None:
        team = session.get(Team, wanted.verifier_team_id)
        if team is None:
            raise Invalid({field: "Verifier: there is no such team."})
        return team.name
    number = wanted.owner_id or wanted.verifier_id
    if number is None:
        return NOBODY
    person = session.get(Person, number)
    if person is None or person.state == "erased":
        raise Invalid({field: f"{field.capitalize()}: there is no such person."})
    if not person.is_present:
        raise Invalid({field: f"{field.capitalize()}: {person.name} is disabled and cannot look after anything."})
    return person.name


def mark_of(one: Candidate) -> str:
    """Changes with the text of a playbook, and with everything that an act may change or tell."""
    page = one.playbook
    parts = (
        page.version, page.updated_at.isoformat(), page.status, page.owner_id, page.verifier_id, page.verifier_team_id,
        page.verify_days, page.verified_on, sorted(one.tags),
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def _readable(session: Session, ids: Sequence[int], wanted: Wanted) -> set[int] | None:
    """Which of these whoever is named may read; None where nobody is named."""
    if wanted.verifier_team_id is not None:
        return list_read_by_team(session, session.get_one(Team, wanted.verifier_team_id), ids)
    number = wanted.owner_id or wanted.verifier_id
    return None if number is None else list_readable(session, number, ids)


def _marked(wanted: Any, mark: str, day: date) -> Any:
    """The same states as in the search, by the day."""
    due = day + timedelta(days=DUE_DAYS)
    conditions = {
        "verified": (Playbook.verify_by >= day,),
        "due": (Playbook.verify_by >= day, Playbook.verify_by <= due),
        "stale": (Playbook.verify_by < day,),
        "unverified": (Playbook.verify_by.is_(None),),
        "unowned": (not_(is_owned(Playbook)),),
    }
    return wanted.where(*conditions.get(mark, ()))
