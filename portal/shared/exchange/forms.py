"""What a file of an export says, its head field by field; every mistake is told at once, by the name of its field."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from portal.core import front_matter
from portal.core.errors import Invalid
from portal.core.ids import MOST_ID
from portal.shared.exchange.folder import Folder, Unreadable, decode
from portal.shared.files.kinds import MEGABYTE
from portal.shared.items.models import LEAST_VERIFY_DAYS, MOST_VERIFY_DAYS, STATUSES, VERIFY_DAYS

VERSION: Final = 1
"""The version of the format, as every file names it."""
SIGN: Final = "fieldhouse"
MOST_BYTES: Final = 2 * MEGABYTE
_SAYS_SO: Final = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?:[^\n]*\n)*?fieldhouse[ \t]*:")


class Head:
    """The values of a head, or of an entry in one; `place` stands before the names of its fields in messages."""

    def __init__(self, values: Mapping[str, Any], place: str = "", errors: dict[str, str] | None = None) -> None:
        self.values, self.place = values, place
        self.errors: dict[str, str] = {} if errors is None else errors

    def line(self, name: str, *, required: bool = False) -> str:
        """A text; a number or a day that YAML made of it is one again."""
        value = self.values.get(name)
        if isinstance(value, str):
            return value
        if value is None or isinstance(value, list | dict):
            if required or value is not None:
                self._wrong(name, "a text is wanted")
            return ""
        return str(value)

    def lines(self, name: str) -> list[str]:
        """A list of texts; one alone is a list too."""
        value = self.values.get(name)
        found = value if isinstance(value, list) else [] if value is None else [value]
        if any(isinstance(one, list | dict) or one is None for one in found):
            self._wrong(name, "a list of texts is wanted")
            return []
        return [str(one) for one in found]

    def entries(self, name: str) -> list["Head"]:
        """A list of entries with values of their own."""
        value = self.values.get(name)
        found = value if isinstance(value, list) else []
        if (value is not None and not isinstance(value, list)) or not all(isinstance(one, dict) for one in found):
            self._wrong(name, "a list of entries is wanted")
            return []
        return [Head(one, f"{self.place}{name} {at}, ", self.errors) for at, one in enumerate(found, 1)]

    def number(self, name: str) -> int:
        """A number as items have them, or 0."""
        value = self.values.get(name)
        if value is None:
            return 0
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST_ID:
            self._wrong(name, f"a whole number from 1 to {MOST_ID:,} is wanted")
            return 0
        return value

    def moment(self, name: str) -> datetime | None:
        """A moment with its time zone."""
        value = self.values.get(name)
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(UTC)
        if value is not None:
            self._wrong(name, "a moment with a time zone is wanted, such as 2026-03-31 10:00:00+00:00")
        return None

    def day(self, name: str) -> date | None:
        """A day."""
        value = self.values.get(name)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self._wrong(name, "a day is wanted, such as 2026-03-31")
        return None

    def flag(self, name: str) -> bool:
        """Yes or no; no where it is not there."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            self._wrong(name, "true or false is wanted")
        return value is True

    def check(self) -> None:
        """Invalid with all messages of the file, if there are any."""
        if self.errors:
            raise Invalid(self.errors)

    def _wrong(self, name: str, text: str) -> None:
        self.errors[self.place + name] = f"{self.place}{name}: {text}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the head of a file says of an item of any kind; `number` is 0 where the file was written by hand."""

    number: int
    status: str
    audience: tuple[str, ...]
    author: str
    owner: str
    created: datetime | None
    changed: datetime | None
    verified: date | None
    verified_by: str
    verify_by: date | None
    verify_days: int
    verifier: str
    verifier_team: str
    origin: str


def read_facts(head: Head) -> Facts:
    """Read them; mistakes are kept in the head."""
    status = head.line("status") or "published"
    if status not in STATUSES:
        head.errors[f"{head.place}status"] = f"{head.place}status: “{status}” is none of {', '.join(STATUSES)}"
    return Facts(
        head.number("id"), status, tuple(head.lines("audience")), head.line("author"), head.line("owner"),
        head.moment("created"), head.moment("changed"), head.day("verified"), head.line("verified_by"),
        head.day("verify_by"), _read_days(head), head.line("verifier"), head.line("verifier_team"), head.line("origin"),
    )  # fmt: skip


def _read_days(head: Head) -> int:
    """The interval of verification; the usual one where none is given."""
    days = head.number("verify_days") or VERIFY_DAYS
    if not LEAST_VERIFY_DAYS <= days <= MOST_VERIFY_DAYS:
        said = f"{head.place}verify_days: between {LEAST_VERIFY_DAYS} and {MOST_VERIFY_DAYS}, not {days}"
        head.errors[f"{head.place}verify_days"] = said
    return days


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was read: its kind, what all kinds have, the other values of its head, and its text."""

    ref: str
    kind: str
    title: str
    facts: Facts
    head: Head
    text: str


def is_export(folder: Folder) -> bool:
    """Whether any file of a folder says that it was exported from a portal."""
    return any(_says_so(folder, ref) for ref in folder.texts)


def read_file(folder: Folder, ref: str, kinds: Collection[str]) -> Given:
    """Read one file; Unreadable or Invalid say what is wrong with it."""
    path = folder.files[ref]
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"larger than {MOST_BYTES // MEGABYTE} MB")
    try:
        values, text = front_matter.split(decode(path.read_bytes()))
    except front_matter.Unreadable as error:
        raise Unreadable(str(error)) from None
    if not isinstance(values, dict) or SIGN not in values:
        raise Unreadable(f"its front matter has no “{SIGN}: {VERSION}”")
    if values[SIGN] != VERSION:
        raise Unreadable(f"its format is {SIGN}: {values[SIGN]}, and this portal reads {SIGN}: {VERSION}")
    head = Head({str(name): value for name, value in values.items()})
    kind, title, facts = head.line("kind", required=True), head.line("title", required=True), read_facts(head)
    if kind and kind not in kinds:
        head.errors["kind"] = f"kind: “{kind}” is none of {', '.join(kinds)}"
    head.check()
    return Given(ref, kind, title, facts, head, text.strip())


def _says_so(folder: Folder, ref: str) -> bool:
    with folder.files[ref].open("rb") as file:
        return bool(_SAYS_SO.match(file.read(4096)))
