"""Reading what was typed: each field is checked once, all messages come at once, and the typed text stays."""

from collections.abc import Iterable, Mapping
from datetime import date

from portal.core.errors import Invalid
from portal.core.ids import read_id

LINE = 200
TEXT = 20_000


class Fields:
    """The typed fields of one form; readers collect messages, and `check()` raises them together."""

    def __init__(self, values: Mapping[str, Iterable[str]]) -> None:
        self._lists = {name: [_clean(value) for value in given] for name, given in values.items()}
        self.errors: dict[str, str] = {}

    @classmethod
    def of(cls, **values: str) -> "Fields":
        """Fields from plain words; for tests and imports."""
        return cls({name: [value] for name, value in values.items()})

    @property
    def values(self) -> dict[str, str]:
        """What was typed, as the page shows it again."""
        return {name: given[0] for name, given in self._lists.items() if given}

    def typed(self, name: str) -> list[str]:
        """All values of a repeated field, as typed."""
        return list(self._lists.get(name, []))

    def line(self, name: str, label: str, *, required: bool = False, most: int = LINE) -> str:
        """One line of text, white space folded."""
        return self._checked(name, label, " ".join(self._first(name).split()), required, most)

    def text(self, name: str, label: str, *, required: bool = False, most: int = TEXT) -> str:
        """Several lines, line ends made one kind, outer white space cut."""
        return self._checked(name, label, self._first(name).strip(), required, most)

    def lines(self, name: str, label: str, *, most: int = 20, length: int = LINE) -> tuple[str, ...]:
        """One entry a line, empty lines left out."""
        found = tuple(entry for entry in (" ".join(row.split()) for row in self._first(name).split("\n")) if entry)
        if len(found) > most:
            self.errors[name] = f"{label}: at most {most} lines, these are {len(found)}."
        longest = max((len(entry) for entry in found), default=0)
        if longest > length:
            self.errors[name] = f"{label}: a line may have {length} characters, one has {longest}."
        return found

    def choice(self, name: str, label: str, options: Iterable[str], *, required: bool = False) -> str:
        """One of the options, or empty where it is not required."""
        value = self._first(name).strip()
        if not value:
            if required:
                self.errors[name] = f"{label}: choose one."
        elif value not in set(options):
            self.errors[name] = f"{label}: “{value}” is not one of the choices."
        return value

    def number(self, name: str, label: str, *, least: int, most: int, default: int | None = None) -> int | None:
        """A whole number in a range, or the default where nothing was typed."""
        value = self._first(name).strip()
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            self.errors[name] = f"{label}: “{value}” is not a whole number."
            return default
        if not least <= number <= most:
            self.errors[name] = f"{label}: between {least} and {most}, not {number}."
        return number

    def version(self) -> int:
        """The version that an edit started from; 0, which none is, where there is no number."""
        return read_id(self._first("version"))

    def names(self, name: str, label: str, *, most: int) -> tuple[str, ...]:
        """Names with commas between them, each once."""
        found = tuple(dict.fromkeys(one for part in self.line(name, label).split(",") if (one := part.strip())))
        if len(found) > most:
            self.errors[name] = f"{label}: at most {most}, these are {len(found)}."
        return found

    def day(self, name: str, label: str) -> date | None:
        """A day as YYYY-MM-DD, or None where nothing was typed."""
        value = self._first(name).strip()
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.errors[name] = f"{label}: “{value}” is no day; write it as 2026-03-31."
            return None

    def flag(self, name: str) -> bool:
        """A ticked box."""
        return bool(self._first(name))

    def check(self) -> None:
        """Raise Invalid with all messages, if there are any."""
        if self.errors:
            raise Invalid(self.errors)

    def _first(self, name: str) -> str:
        given = self._lists.get(name)
        return given[0] if given else ""

    def _checked(self, name: str, label: str, value: str, required: bool, most: int) -> str:
        if required and not value:
            self.errors[name] = f"{label}: please write something here."
        elif len(value) > most:
            self.errors[name] = f"{label}: at most {most:,} characters, these are {len(value):,}."
        return value


def _clean(value: str) -> str:
    """Line ends as one kind; NUL and other control characters, which no database row should hold, left out."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in value if c >= " " or c in "\n\t")
