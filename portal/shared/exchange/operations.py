"""Writes of an import that all kinds share: rows for what is new, and who wrote, keeps and vouches for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import EVERYONE, Actor
from portal.core.errors import Invalid
from portal.shared.exchange.forms import Facts, Given
from portal.shared.exchange.queries import Names
from portal.shared.files.operations import add_shown_files
from portal.shared.items.models import Item, Revision
from portal.shared.items.operations import Snapshot
from portal.shared.people.models import Person, Team
from portal.shared.people.queries import audience_names, find_author
from portal.shared.tags.models import VOCABULARIES, Term

MARK: Final = "exchanged"
"""In the content of a revision: these words were read from a file."""
MOST_KEPT: Final = 10_000_000
"""Higher numbers are not kept: one file could else leave a portal without free ones."""
BATCH: Final = 500


@dataclass(slots=True)
class Desk:
    """What an import knows of the portal; `default` stands in where a file names nobody who is here."""

    default: Actor
    people: Mapping[str, int]
    marks: Mapping[str, str]
    teams: Mapping[str, int]
    terms: dict[str, set[str]]
    """The choices there are by vocabulary, and `competitor`; what the import brings counts too."""
    force: bool = False
    numbers: set[int] = field(default_factory=set)
    """The items that the files of this import are about."""
    files: set[int] = field(default_factory=set)
    """The stored files that came with this import, so that whoever reads its texts may see them."""
    notes: dict[str, None] = field(default_factory=dict)

    @classmethod
    def open(cls, session: Session, default: Actor, *, force: bool) -> "Desk":
        """Read it all."""
        people = {row.email: row.id for row in session.execute(select(Person.id, Person.email))}
        teams = {row.slug: row.id for row in session.execute(select(Team.id, Team.slug))}
        marks = {name: mark for mark, name in audience_names(session).items()}
        marks |= {f"person:{mail}": f"person:{number}" for mail, number in people.items()}
        terms: dict[str, set[str]] = {name: set() for name in (*VOCABULARIES, "competitor")}
        for row in session.execute(select(Term.vocabulary, Term.slug)):
            terms[row.vocabulary].add(row.slug)
        named = select(Item.slug).where(Item.kind == "competitor", Item.version > 0)
        terms["competitor"].update(session.scalars(named))
        return cls(default, people, marks, teams, terms, force)

    def person(self, mail: str, role: str) -> int | None:
        """Somebody by mail address, or None with a note."""
        if not mail:
            return None
        number = self.people.get(mail)
        if number is None:
            self.notes[f"{role} {mail} is nobody here"] = None
        return number

    def author(self, session: Session, facts: Facts) -> Actor:
        """Who wrote it; the one who imports where that is nobody here."""
        number = self.person(facts.author, "author")
        return find_author(session, number) if number else self.default

    def audience(self, facts: Facts) -> tuple[str, ...]:
        """The marks of who may read it; Invalid where one is not known, since nothing may be open to others."""
        unknown = [name for name in facts.audience if name not in self.marks]
        if unknown:
            raise Invalid({"audience": f"audience: “{unknown[0]}” is no department, team or person here"})
        return tuple(self.marks[name] for name in facts.audience) or (EVERYONE,)


def add_rows(session: Session, rows: Sequence[tuple[Item, int]]) -> list[int]:
    """Add empty items (version 0, a draft without audience: nobody sees them) under these numbers, or under new ones
    where a number is taken or 0; their ids."""
    wanted = [number for _, number in rows if 0 < number <= MOST_KEPT]
    taken: set[int] = set()
    for start in range(0, len(wanted), BATCH):
        taken.update(session.scalars(select(Item.id).where(Item.id.in_(wanted[start : start + BATCH]))))
    skip_numbers(session, Item, wanted)
    for item, number in rows:
        if 0 < number <= MOST_KEPT and number not in taken:
            item.id = number
            taken.add(number)
    session.add_all(item for item, _ in rows if item.id)
    session.flush()  # before the database numbers the others, which could take one of these
    session.add_all(item for item, _ in rows)
    session.flush()
    return [item.id for item, _ in rows]


def take_number(session: Session, number: int) -> int | None:
    """The number for one more item where it is free and may be kept, else None."""
    if not 0 < number <= MOST_KEPT or session.scalar(select(Item.id).where(Item.id == number)):
        return None
    skip_numbers(session, Item, [number])
    return number


def skip_numbers(session: Session, table: type, numbers: Iterable[int]) -> None:
    """See that the database gives none of these numbers to another row; SQLite goes on from the highest by itself."""
    highest = max(numbers, default=0)
    if highest and session.get_bind().dialect.name != "sqlite":
        sequence = func.pg_get_serial_sequence(table.__tablename__, "id")  # type: ignore[attr-defined]
        session.execute(select(func.setval(sequence, func.greatest(highest, func.nextval(sequence)))))


def delete_rows(session: Session, ids: Iterable[int]) -> None:
    """Delete those of these items that are still empty; links to them go with them."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), BATCH):
        session.execute(delete(Item).where(Item.id.in_(wanted[start : start + BATCH]), Item.version == 0))


def empty(item: Item, author_id: int) -> Item:
    """Fill in what every row must have."""
    item.author_id = author_id
    item.title = item.slug = ""
    item.status, item.version = "draft", 0
    item.created_at = item.updated_at = clock.now()
    return item


def settle_facts(session: Session, desk: Desk, item: Item, facts: Facts) -> None:
    """Say of a new item, whose words are written, who keeps it, who vouches for it, and since when it is there.

    Where nobody here verified it, it is not verified.
    """
    item.owner_id = desk.person(facts.owner, "owner") if facts.number else item.author_id
    item.verifier_id = desk.person(facts.verifier, "verifier")
    item.verifier_team_id = desk.teams.get(facts.verifier_team)
    item.verify_days = facts.verify_days
    item.verified_by_id = desk.person(facts.verified_by, "verified by")
    if item.verified_by_id or not facts.verified_by:
        item.verified_on, item.verify_by = facts.verified, facts.verify_by
    item.created_at = facts.created or item.created_at
    session.flush()


def imported(content: Mapping[str, Any], given: Given) -> Snapshot:
    """What the revision of imported words keeps."""
    return Snapshot({**content, MARK: "yes"}, f"Imported from {given.ref}"[:300])


def show_files(session: Session, desk: Desk, item: Item, file_ids: Iterable[int]) -> None:
    """Show the files that came with the import, whoever may see them; of others, what the author may see is shown."""
    add_shown_files(session, item.id, desk.files & set(file_ids))


def is_edited_since(session: Session, item: Item, changed: datetime | None) -> bool:
    """Whether somebody wrote in the portal after the words of a file: the newest ones are neither from a file nor as
    old as the file says that its words are."""
    newest = session.execute(
        select(Revision.at, Revision.content).where(Revision.item_id == item.id, Revision.version == item.version)
    ).one()
    return not newest.content.get(MARK) and newest.at != changed


def list_differences(session: Session, item: Item, facts: Facts, names: Names) -> list[str]:
    """What a file says of an item that is here, and is otherwise: an import leaves that as it is."""
    here = names.facts([item])[item.id]
    given = {
        "status": facts.status, "audience": sorted(facts.audience), "owner": facts.owner, "verified": facts.verified,
        "verified_by": facts.verified_by, "verify_by": facts.verify_by, "verify_days": facts.verify_days,
        "verifier": facts.verifier, "verifier_team": facts.verifier_team,
    }  # fmt: skip
    here = {name: here.get(name, None if name in ("verified", "verify_by") else "") for name in given}
    here["audience"], here["verify_days"] = sorted(here["audience"]), item.verify_days
    return [name for name, value in given.items() if value != here[name]]
