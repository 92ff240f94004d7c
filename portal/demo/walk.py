"""What a visitor of the demo is told first: who can sign in, and a walk through what is built."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.reading import FOLDER, read_walk
from portal.shared.people.models import Person

SIGN_INS = ("rep@demo.example", "manager@demo.example", "publisher@demo.example", "admin@demo.example")


def list_sign_ins(session: Session) -> Sequence[Person]:
    """The four accounts that visitors use, in the order of their roles."""
    people = {one.email: one for one in session.scalars(select(Person).where(Person.email.in_(SIGN_INS)))}
    return [people[mail] for mail in SIGN_INS if mail in people]


def lines(base_url: str) -> Iterator[str]:
    """The walk, a step in two lines: what to do, and the link."""
    for number, step in enumerate(read_walk(FOLDER), 1):
        yield f"{number}. {step.who.capitalize()} {step.does}:"
        yield f"   {base_url}{step.link}"
