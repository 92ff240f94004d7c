"""One shape for what an import did: an entry for each row or file, counts, and words for people and programs."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["created", "updated", "unchanged", "skipped", "error"]
OUTCOMES: tuple[Outcome, ...] = ("created", "updated", "unchanged", "skipped", "error")


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to one row or file.

    `where` is "row 12" (the header is row 1, as a spreadsheet counts) or a path; `column` names the cell of an
    error; `reason` says why it was skipped or refused; `notes` are further things to look at.
    """

    where: str
    outcome: Outcome
    reason: str = ""
    column: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What one import did, or in a dry run would do."""

    entries: tuple[Entry, ...]
    is_dry_run: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """How many rows or files met each outcome; a row with two wrong cells is one error."""
        return {outcome: len({one.where for one in self.entries if one.outcome == outcome}) for outcome in OUTCOMES}

    @property
    def has_errors(self) -> bool:
        """Whether anything was refused."""
        return any(one.outcome == "error" for one in self.entries)

    def as_json(self) -> dict[str, Any]:
        """Counts and entries as plain values, for `json.dumps`."""
        return {"dry_run": self.is_dry_run, "counts": self.counts, "entries": [asdict(one) for one in self.entries]}

    def lines(self) -> Iterable[str]:
        """The report in words: what needs a look first, then one line of counts."""
        for one in self.entries:
            if one.outcome in ("skipped", "error"):
                place = f"{one.where}, column {one.column}" if one.column else one.where
                yield f"{place}: {one.reason}" if one.outcome == "error" else f"{place}: skipped, {one.reason}"
            for note in one.notes:
                yield f"{one.where}: {note}"
        counts = self.counts
        words = ", ".join(f"{counts[name]} {name}" for name in OUTCOMES[:-1])
        refused = f"{counts['error']} refused"
        yield f"{words}, {refused}." + (" Nothing was written: this was a dry run." if self.is_dry_run else "")
