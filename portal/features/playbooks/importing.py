"""A folder of Markdown files as playbooks: a file is taken whole or not at all, and a second run changes nothing.

Files link to each other in circles, and a link between items is made of an id. So every file that is new first gets
an empty row (version 0, no audience: nobody sees it), in one short unit before anything is written. Then each file is
written once, with all its links, in a unit of its own. A run that breaks off leaves such rows; the next one fills
them, and what stays empty at the end of a run is deleted.

What a file said at its last import is kept in the revision as a digest: of title, tags and text, of where each link
leads, and of the bytes of each file shown. The same digest means unchanged; a newest revision without one was written
in the portal.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from portal.core.access import Actor
from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.core.reports import Entry, Outcome, Report
from portal.features.playbooks.attachments import Attachments
from portal.features.playbooks.folder import SourceText, read_text
from portal.features.playbooks.forms import read_playbook
from portal.features.playbooks.linking import Aim, Target, rewrite_links
from portal.features.playbooks.operations import PreparedPlaybook, prepare_playbook
from portal.features.playbooks.sources import DIGEST, Known, Units, add_empty, delete_empty, list_known, take_text
from portal.shared.exchange.folder import MARKDOWN, Folder, Unreadable
from portal.shared.files.store import FileStore
from portal.shared.items.operations import Snapshot

MOST_NOTES: Final = 20
Progress = Callable[[int, int], None]


def import_markdown(
    units: Units, store: FileStore, owner: Actor, folder: Folder, *,
    dry_run: bool = False, force: bool = False, progress: Progress = lambda done, total: None,
) -> Report:  # fmt: skip
    """Bring every Markdown file of a folder in as a published playbook of `owner`; an entry for each file.

    Unchanged files are left, playbooks edited in the portal since are skipped unless `force`, hidden ones always.
    `progress` is told how many files of how many are done. In a dry run nothing is written.
    """
    run = _Run(units, Attachments(units, store, owner, folder, dry_run=dry_run), owner, folder)
    run.dry_run, run.force = dry_run, force
    run.plan()
    waiting, total, done = list(run.sources), len(run.sources), 0
    while waiting:
        refused = set()
        for ref in waiting:
            if run.take(run.sources[ref]) == "error":
                refused.add(ref)
            done += 1
            progress(min(done, total), total)
        # Whoever linked to a file that turned out to be refused is written once more, without that link.
        waiting = run.forget(refused)
    run.finish()
    return Report(tuple(run.entries[ref] for ref in sorted(run.entries)), dry_run)


@dataclass
class _Linked:
    """A file's text with its links as they will stand, the files that they lead to, and what leads nowhere."""

    text: str = ""
    signs: list[str] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)
    notes: dict[str, None] = field(default_factory=dict)

    def note(self, text: str) -> tuple[None, str]:
        """Something to look at; the link stays as it was typed."""
        self.notes[text] = None
        return None, ""


class _Run:
    """One import: what is known, what is planned, and an entry for each file that is done."""

    dry_run = force = False

    def __init__(self, units: Units, attachments: Attachments, owner: Actor, folder: Folder) -> None:
        self.units, self.attachments, self.owner, self.folder = units, attachments, owner, folder
        self.entries: dict[str, Entry] = {}
        self.sources: dict[str, SourceText] = {}
        self.ids: dict[str, int] = {}
        self.known: dict[str, Known] = {}
        self.links: dict[str, set[str]] = {}

    def plan(self) -> None:
        """Read every file, and give each that is new an id."""
        for ref in self.folder.texts:
            try:
                source = read_text(self.folder, ref)
            except (Unreadable, OSError) as error:
                self.entries[ref] = Entry(ref, "error", str(error))
                continue
            if source.text:
                self.sources[ref] = source
            else:
                self.entries[ref] = Entry(ref, "skipped", "it is empty", notes=source.notes)
        self.known = self.units.read(list_known)
        if any(one.version for one in self.known.values()):
            self._try_new()
        new = [ref for ref in self.sources if ref not in self.known]
        if self.dry_run:
            added = dict.fromkeys(new, 1)
        else:
            added = self.units.write(lambda session: add_empty(session, self.owner, new)) if new else {}
        self.known |= {ref: Known(number, 0, "", is_hidden=False) for ref, number in added.items()}
        self.ids = {ref: self.known[ref].id for ref in self.sources}

    def _try_new(self) -> None:
        """Leave out what is new and will be refused, before others look where their links lead.

        In a first run that would render every text twice; there, `forget` mends the few that linked to a refused one.
        """
        for source in list(self.sources.values()):
            if source.ref not in self.known or not self.known[source.ref].version:
                try:
                    _prepare(source, source.text)
                except Invalid as refused:
                    self._enter(source, _Linked(notes=dict.fromkeys(source.notes)), "error", _reason(refused))
                    del self.sources[source.ref]

    def take(self, source: SourceText) -> Outcome:
        """Bring one file in, and say what happened to it."""
        known, linked = self.known[source.ref], self._link(source, self._glance)
        self.links[source.ref] = linked.targets
        digest = _digest(source, linked)
        outcome: Outcome = "updated" if known.version else "created"
        reason = ""
        if known.is_hidden:
            outcome, reason = "skipped", "it was taken from view in the portal"
        elif known.is_retired:
            outcome, reason = "skipped", "it is obsolete or archived in the portal"
        elif known.version and known.digest == digest:
            outcome = "unchanged"
        elif known.version and not known.digest and not self.force:
            outcome, reason = "skipped", "it was edited in the portal since; --force overwrites that"
        else:
            linked = self._link(source, self._keep)
            try:
                self._write(source, linked.text, known, digest)
            except Invalid as refused:
                outcome, reason = "error", _reason(refused)
        self._enter(source, linked, outcome, reason)
        return outcome

    def forget(self, refused: set[str]) -> list[str]:
        """Leave new files that were refused out of every further look-up; who links to them is to be taken again."""
        gone = {ref for ref in refused if not self.known[ref].version}
        for ref in refused:
            del self.sources[ref]
        for ref in gone:
            del self.ids[ref]
        return [ref for ref in self.sources if self.links[ref] & gone]

    def finish(self) -> None:
        """Delete the rows of files that were planned and not taken."""
        empty = [one.id for one in self.known.values() if not one.version]
        if empty and not self.dry_run:
            self.units.write(lambda session: delete_empty(session, empty))

    def _link(self, source: SourceText, attach: Callable[[str], tuple[Aim, str]]) -> _Linked:
        linked = _Linked(notes=dict.fromkeys(source.notes))

        def resolve(target: Target) -> Aim | None:
            aim, sign = self._aim(source.ref, target, linked, attach)
            linked.signs.append(sign)
            return aim

        linked.text = rewrite_links(source.text, resolve)
        return linked

    def _aim(
        self, origin: str, target: Target, linked: _Linked, attach: Callable[[str], tuple[Aim, str]]
    ) -> tuple[Aim | None, str]:
        """Where a link leads, and a sign that changes whenever that does."""
        anchor = f"#{target.anchor}" if target.anchor else ""
        if not target.path:
            return (Aim(anchor), anchor) if anchor else (None, "")
        ref = self.folder.find(origin, target.path)
        if ref is None:
            return linked.note(f"leads nowhere: {target.typed}")
        linked.targets.add(ref)
        if ref in self.ids:
            return Aim(f"item:{self.ids[ref]}{anchor}"), ref + anchor
        if ref.lower().endswith(MARKDOWN):
            return linked.note(f"leads to a file that was not taken: {target.typed}")
        try:
            return attach(ref)
        except Invalid as refused:
            return linked.note(f"{target.typed}: {_reason(refused)}")
        except OSError as error:
            return linked.note(f"{target.typed}: {error.strerror}")

    def _glance(self, ref: str) -> tuple[Aim, str]:
        return self.attachments.glance(ref)

    def _keep(self, ref: str) -> tuple[Aim, str]:
        return self.attachments.keep(ref), ""

    def _write(self, source: SourceText, text: str, known: Known, digest: str) -> None:
        prepared = _prepare(source, text)
        if self.dry_run:
            return
        snapshot = Snapshot({**prepared.given.content(), DIGEST: digest}, f"Imported from {source.ref}"[:300])
        self.units.write(lambda session: take_text(session, self.owner, known, prepared, snapshot))
        self.known[source.ref] = replace(known, version=known.version + 1, digest=digest)

    def _enter(self, source: SourceText, linked: _Linked, outcome: Outcome, reason: str) -> None:
        """Keep what happened first to a file, with its newest notes."""
        before, notes = self.entries.get(source.ref), tuple(linked.notes)
        if len(notes) > MOST_NOTES:
            notes = (*notes[:MOST_NOTES], f"and {len(notes) - MOST_NOTES} more")
        if before and outcome != "error":
            outcome = before.outcome
        self.entries[source.ref] = Entry(source.ref, outcome, reason, notes=notes)


def _prepare(source: SourceText, text: str) -> PreparedPlaybook:
    """The text as if it had been typed, held to the same limits."""
    return prepare_playbook(read_playbook(Fields.of(title=source.title, text=text, tags=", ".join(source.tags))))


def _reason(refused: Invalid) -> str:
    return "; ".join(refused.errors.values())


def _digest(source: SourceText, linked: _Linked) -> str:
    said = "\0".join((source.title, *source.tags, source.text, *linked.signs))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
