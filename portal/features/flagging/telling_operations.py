"""The job that tells reporters what became of their reports: one mail each, however many were decided meanwhile."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.letters import send_letter
from portal.features.flagging.pages import OUTCOMES
from portal.shared.flags.models import Flag
from portal.shared.items.queries import find_item
from portal.shared.people.models import Person
from portal.shared.people.queries import find_actor

JOB: Final = "reports"
SETTLED: Final = timedelta(minutes=10)
"""A decision that is younger can be taken back, so nobody is told of it yet."""
TOO_LATE: Final = timedelta(days=14)
"""A decision that is older is told to nobody any more; it stands under the reporter's own reports."""


def tell_reporters(session: Session, keys: Sequence[str], base_url: str) -> None:
    """The job `reports`: mail everybody whose reports were decided, and mark these as told; `keys` say nothing.

    The outbox row stands beside the mark, so that a job that is done twice tells once. Who left gets no mail, and who
    decided on an own report needs none.
    """
    now = clock.now()
    decided = (
        select(Flag)
        .where(Flag.told_at.is_(None), Flag.decided_at <= now - SETTLED, Flag.decided_at > now - TOO_LATE)
        .order_by(Flag.reporter_id, Flag.decided_at, Flag.id)
        .with_for_update()
    )
    for reporter_id, group in groupby(session.scalars(decided).all(), key=lambda flag: flag.reporter_id):
        flags = list(group)
        for flag in flags:
            flag.told_at = now
        _tell(session, reporter_id, [flag for flag in flags if flag.decided_by_id != reporter_id], base_url)


def _tell(session: Session, reporter_id: int, flags: Sequence[Flag], base_url: str) -> None:
    actor = find_actor(session, reporter_id)
    if actor is None or not flags:
        return
    reporter = session.get_one(Person, reporter_id)
    lines = []
    for flag in flags:
        item = find_item(session, actor, flag.item_id)
        what = "Something that you do not see any more"
        if item is not None:
            what = "An answer" if item.kind == "answer" else f"“{item.title}”"
        said = f"{OUTCOMES[flag.decision or '']}{': ' + flag.answer if flag.answer else '.'}"
        lines.append(f"{what}, which you reported as {flag.reason}:\n{said}")
    send_letter(
        session, reporter.email, reporter.name, "reported", lines="\n\n".join(lines), link=f"{base_url}/me/reports"
    )
