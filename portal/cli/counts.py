"""`portal counts check|repair`: numbers that are kept beside their rows, proved against the rows."""

from collections.abc import Iterable
from dataclasses import dataclass

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import wiring
from portal.cli.context import Context
from portal.core.jobs import enqueue
from portal.core.units import write_in_unit
from portal.features.objections.models import Answer, Asked
from portal.features.objections.operations import settle_best_answer
from portal.shared.items.models import Item
from portal.shared.items.operations import lock_item
from portal.shared.votes.operations import recount_all
from portal.shared.votes.queries import list_drifted

FOUND = frozenset(source.kind for source in wiring.DOCUMENTS)


@dataclass(frozen=True, slots=True)
class BestDrifted:
    """What was asked whose best answer or number of answers is not what its rows say."""

    asked_id: int
    shown: tuple[int | None, int]
    counted: tuple[int | None, int]


@click.group()
def counts() -> None:
    """Prove votes and best answers against their rows."""


@counts.command()
@click.pass_obj
def check(context: Context) -> None:
    """Name every number that is not what its rows say; exit 1 where there is one."""
    with context.database.reading() as session:
        lines = list(_lines(session))
    for line in lines:
        click.echo(line)
    if lines:
        raise SystemExit(1)
    click.echo("Every number is what its rows say.")


@counts.command()
@click.pass_obj
def repair(context: Context) -> None:
    """Count every number again from its rows."""

    def work(session: Session) -> list[str]:
        lines = list(_lines(session))
        mended = {item_id for item_id, _, _ in list_drifted(session)}
        recount_all(session)
        for drifted in list_best_drifted(session):
            lock_item(session, drifted.asked_id)
            settle_best_answer(session, drifted.asked_id)
            mended.add(drifted.asked_id)
        _index_again(session, mended)
        return lines

    for line in write_in_unit(context.database, work):
        click.echo(line)
    click.echo("Every number is what its rows say.")


def list_best_drifted(session: Session) -> list[BestDrifted]:
    """Work the best answers out again, apart from the statement that keeps them: choice, votes, age."""
    item, answer, asked = Item.__table__.c, Answer.__table__.c, Asked.__table__.c
    answers: dict[int, list[int]] = {}
    for asked_id, answer_id in session.execute(
        select(answer.asked_id, answer.id)
        .join(Item.__table__, item.id == answer.id)
        .where(item.hidden_at.is_(None), item.status == "published")
        .order_by(item.votes.desc(), item.created_at, item.id)
    ):
        answers.setdefault(asked_id, []).append(answer_id)
    found = []
    for row in session.execute(select(asked.id, asked.chosen_answer_id, asked.best_answer_id, asked.answer_count)):
        mine = answers.get(row.id, [])
        best = row.chosen_answer_id if row.chosen_answer_id in mine else next(iter(mine), None)
        if (row.best_answer_id, row.answer_count) != (best, len(mine)):
            found.append(BestDrifted(row.id, (row.best_answer_id, row.answer_count), (best, len(mine))))
    return found


def _index_again(session: Session, item_ids: Iterable[int]) -> None:
    """Votes and best answers are part of what is found; an answer is found by what it answers."""
    item, answer = Item.__table__.c, Answer.__table__.c
    asked_id = func.coalesce(answer.asked_id, item.id)
    owner = select(asked_id).outerjoin_from(Item.__table__, Answer.__table__).where(item.id.in_(sorted(item_ids)))
    for row in session.execute(select(item.kind, item.id).where(item.id.in_(owner))):
        if row.kind in FOUND:
            enqueue(session, "index", f"{row.kind}:{row.id}")


def _lines(session: Session) -> Iterable[str]:
    for item_id, shown, counted in list_drifted(session):
        yield f"Item {item_id} shows {shown} votes and has {counted}."
    for one in list_best_drifted(session):
        (best, number), (true_best, true_number) = one.shown, one.counted
        yield (
            f"Item {one.asked_id} shows answer {best or 'none'} of {number} as the best;"
            f" it is {true_best or 'none'} of {true_number}."
        )
