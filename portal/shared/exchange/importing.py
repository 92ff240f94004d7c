"""Reads an export back: a file is taken whole or not at all, and what is here already stays as it is.

An item is known again by its number and the moment at which it was made; where the number is another item's here, by
what the import noted at its first run. Files link to each other in circles, so everything new gets an empty row first.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import Invalid
from portal.core.ids import ID, slugify
from portal.core.markdown_references import GONE, Named, Unseen
from portal.core.reports import Entry, Outcome, Report
from portal.shared.exchange.attaching import Attached
from portal.shared.exchange.folder import MARKDOWN, Folder, Unreadable
from portal.shared.exchange.forms import Given, read_file
from portal.shared.exchange.known import Known, list_hashes, list_origins, list_rows, mark_of, match
from portal.shared.exchange.linking import Aims, to_portal
from portal.shared.exchange.operations import Desk, add_rows, delete_rows, empty, list_differences
from portal.shared.exchange.queries import Names
from portal.shared.files.store import FileStore
from portal.shared.items.models import Item
from portal.shared.items.operations import lock_item

T = TypeVar("T")
MOST_NOTES: Final = 20
_OURS: Final = re.compile(
    rf"\.\./(?:(?P<folder>files)/{ID}/.+|(?:playbooks|paths|objections|questions|competitors)/(?P<number>{ID})\b.*)"
)
Progress = Callable[[int, int], None]


class Units(Protocol):
    """How whoever runs an import lets it work on the database; committing is the caller's."""

    def read(self, work: Callable[[Session], T]) -> T:
        """Run a reading unit."""

    def write(self, work: Callable[[Session], T]) -> T:
        """Run a writing unit and commit it."""

    def attempt(self, work: Callable[[Session], T]) -> T:
        """Run a writing unit and throw away what it wrote."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How a room turns what a file names into what the portal has; Invalid names what is missing."""

    text: Callable[[str, int], str]
    """A Markdown text; the number is that of its own item in the file, 0 for the item of the file itself."""
    item: Callable[[str], int]
    """The item at a relative path; 0 where it was not taken."""
    terms: Mapping[str, Collection[str]]
    """The choices there are, by vocabulary, and `competitor`."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file."""

    outcome: Outcome
    reason: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ImportSource:
    """A kind of item that is read back.

    `prepare` checks a file outside of any unit, Invalid where it cannot be taken; `take` writes what it made: the
    item is locked, and empty (version 0) where it is new.
    """

    kind: str
    make: Callable[[], Item]
    prepare: Callable[[Given, Ways], Any]
    take: Callable[[Session, Desk, Item, Given, Any], Taken]


RETIRED: Final = Taken("skipped", "it is obsolete or archived in the portal")
EDITED: Final = Taken("skipped", "it was edited in the portal since; --force overwrites that")


def import_export(
    units: Units, store: FileStore, owner: Actor, folder: Folder, sources: Sequence[ImportSource], *,
    dry_run: bool = False, force: bool = False, progress: Progress = lambda done, total: None,
) -> Report:  # fmt: skip
    """Read every file of an unpacked export, an entry for each; `owner` stands in for people who are not here.

    What is the same here is left, and what was edited here since is skipped unless `force`; hidden items always. Of an
    item that is here only the words are taken. In a dry run nothing is written.
    """
    desk = units.read(lambda session: Desk.open(session, owner, force=force))
    run = _Run(units, desk, folder, sources, dry_run=dry_run)
    run.attached = Attached(store, owner, folder, units.read(list_hashes))
    run.plan()
    for done, given in enumerate(run.given, 1):
        run.take(given)
        progress(done, len(run.given))
    run.finish()
    return Report(tuple(run.entries[ref] for ref in sorted(run.entries)), dry_run)


class _Run:
    """One import: what was read, which rows are for it, and an entry for each file that is done."""

    attached: Attached

    def __init__(
        self, units: Units, desk: Desk, folder: Folder, sources: Sequence[ImportSource], *, dry_run: bool
    ) -> None:
        self.units, self.desk, self.folder, self.dry_run = units, desk, folder, dry_run
        self.sources = {source.kind: source for source in sources}
        self.entries: dict[str, Entry] = {}
        self.given: list[Given] = []
        self.known: dict[str, Known] = {}
        self.numbers: dict[int, str] = {}
        self.here: set[int] = set()

    def plan(self) -> None:
        """Read and check every file, and give each that is new a row."""
        read = [given for ref in self.folder.texts if (given := self._read(ref))]
        order = list(self.sources)
        read.sort(key=lambda given: (order.index(given.kind), given.facts.number, given.ref))
        rows = self.units.read(list_rows)
        self.here = {row.id for row in rows}
        self.desk.terms["competitor"].update(one.head.line("slug") for one in read if one.kind == "competitor")
        self.known = match(read, rows)
        self.given = read
        self.given = [given for given in read if self._is_fine(given)]
        new = [given for given in self.given if given.ref not in self.known]
        if self.dry_run:
            ids = [given.facts.number or 1 for given in new]
        else:
            ids = self.units.write(lambda session: self._add(session, new)) if new else []
        for given, item_id in zip(new, ids, strict=True):
            self.known[given.ref] = Known(item_id, 0)
        self.desk.numbers = {one.id for one in self.known.values()}

    def take(self, given: Given) -> None:
        """Bring one file in, and say what happened to it."""
        known, source = self.known[given.ref], self.sources[given.kind]
        self.desk.notes.clear()
        if known.is_hidden:
            self._enter(given, Taken("skipped", "it was taken from view in the portal"))
            return
        try:
            prepared = source.prepare(given, self._ways(given, keep=not self.dry_run))
            if self.dry_run and not known.version:
                self._enter(given, Taken("created"))
                return
            unit = self.units.attempt if self.dry_run else self.units.write
            self._enter(given, unit(lambda session: self._write(session, given, known, prepared)))
        except Invalid as refused:
            self._enter(given, Taken("error", _reason(refused)))

    def finish(self) -> None:
        """Delete the rows of files that were planned and not taken."""
        left = [self.known[given.ref].id for given in self.given if not self.known[given.ref].version]
        if left and not self.dry_run:
            self.units.write(lambda session: delete_rows(session, left))

    def _read(self, ref: str) -> Given | None:
        try:
            given = read_file(self.folder, ref, self.sources)
        except (Unreadable, OSError, Invalid) as error:
            self.entries[ref] = Entry(ref, "error", _reason(error) if isinstance(error, Invalid) else str(error))
            return None
        number = given.facts.number
        if number in self.numbers:
            self.entries[ref] = Entry(ref, "error", f"its number {number} is that of {self.numbers[number]} too")
            return None
        if number:
            self.numbers[number] = ref
        return given

    def _is_fine(self, given: Given) -> bool:
        try:
            self.desk.audience(given.facts)
            _check_tags(given.head.lines("tags"))
            self.sources[given.kind].prepare(given, self._ways(given, keep=False))
        except Invalid as refused:
            self._enter(given, Taken("error", _reason(refused)))
            return False
        return True

    def _add(self, session: Session, new: Sequence[Given]) -> list[int]:
        rows = [(empty(self.sources[one.kind].make(), self.desk.default.person_id), one.facts.number) for one in new]
        ids = add_rows(session, rows)
        taken = list_origins(session)
        for given, (item, _) in zip(new, rows, strict=True):
            origin = given.facts.origin if item.id == given.facts.number else ""
            if item.id != given.facts.number or (given.kind, origin) in taken:
                origin = mark_of(given)
            item.source_ref = origin or None
            taken.add((given.kind, origin or "nowhere"))
        session.flush()
        return ids

    def _write(self, session: Session, given: Given, known: Known, prepared: Any) -> Taken:
        item = lock_item(session, known.id)
        if item.version != known.version:
            raise Invalid({"text": "edited in the portal just now; import it once more"})
        taken = self.sources[given.kind].take(session, self.desk, item, given, prepared)
        if known.version and (others := list_differences(session, item, given.facts, Names(session))):
            words = f"{', '.join(others)}: as in the portal; only words are taken"
            return replace(taken, notes=(*taken.notes, words))
        return taken

    def _enter(self, given: Given, taken: Taken) -> None:
        notes = tuple(dict.fromkeys((*self.desk.notes, *taken.notes)))
        if len(notes) > MOST_NOTES:
            notes = (*notes[:MOST_NOTES], f"and {len(notes) - MOST_NOTES} more")
        self.entries[given.ref] = Entry(given.ref, taken.outcome, taken.reason, notes=notes)
        if taken.outcome == "created" and not self.dry_run:
            self.known[given.ref] = replace(self.known[given.ref], version=1)

    def _ways(self, given: Given, *, keep: bool) -> Ways:
        known = self.known.get(given.ref)
        is_same_portal = known is not None and known.is_same_portal

        def of_path(path: str) -> str | None:
            return self._aim(given, path, keep=keep, is_same_portal=is_same_portal)

        def of_number(named: Named) -> int | None:
            return self._number(named, is_same_portal=is_same_portal)

        def text(typed: str, number: int) -> str:
            own_id = number or (known.id if known else 0)
            own = self._own(own_id) if GONE in typed and is_same_portal else ""
            try:
                return to_portal(typed, Aims(of_path, of_number), own)
            except Unseen:
                raise Invalid({"text": "it names by number what is another item here"}) from None

        def item(path: str) -> int:
            aim = of_path(path)
            return int(aim.removeprefix("item:")) if aim and aim.startswith("item:") else 0

        return Ways(text, item, self.desk.terms)

    def _aim(self, given: Given, path: str, *, keep: bool, is_same_portal: bool) -> str | None:
        """Where a relative path leads; None where it stays as it was typed."""
        if ":" in path or path.startswith(("/", "#")):
            return None
        ref = self.folder.find(given.ref, path)
        if ref in self.known:
            return f"item:{self.known[ref].id}"
        if ref and any(ref == one.ref for one in self.given):
            return "item:1"
        if ref and not ref.lower().endswith(MARKDOWN):
            number = self.attached.keep(ref, self.units.write) if keep else self.attached.check(ref)
            self.desk.files.add(number if keep else 0)
            return f"file:{number}"
        return self._lost(path, is_same_portal=is_same_portal)

    def _lost(self, path: str, *, is_same_portal: bool) -> str | None:
        found = _OURS.fullmatch(path)
        if found is None:
            return None
        if found["folder"] == "files":
            raise Invalid({"file": f"{path.removeprefix('../')} is not in it"})
        if is_same_portal and int(found["number"]) in self.here:
            return f"item:{found['number']}"
        self.desk.notes[f"leads to a file that was not taken: {path}"] = None
        return None

    def _number(self, named: Named, *, is_same_portal: bool) -> int | None:
        """What a number in a file means here: the same, as long as it is no other item's."""
        if named.is_file:
            return named.number if is_same_portal or named.number not in self.attached.here else None
        ref = self.numbers.get(named.number)
        if ref in self.known:
            return self.known[ref].id
        return named.number if is_same_portal or named.number not in self.here else None

    def _own(self, item_id: int) -> str:
        return self.units.read(lambda session: session.scalar(select(Item.source).where(Item.id == item_id)) or "")


def _check_tags(tags: Sequence[str]) -> None:
    if odd := [tag for tag in tags if not slugify(tag)]:
        raise Invalid({"tags": f"tags: “{odd[0]}” needs a Latin letter or digit"})


def _reason(refused: Invalid) -> str:
    return "; ".join(refused.errors.values())
