"""Reads records of the data files field by field; what is wrong is collected with file and key, and told at once."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from portal.demo.moments import Offset


class StoryError(Exception):
    """The data files cannot be played; one line for each mistake, with file and key."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class Record:
    """One record of a file. A field that nobody reads is a slip of the pen, and `close()` says so."""

    def __init__(self, where: str, fields: object, mistakes: list[str]) -> None:
        self.where, self.mistakes = where, mistakes
        self._fields: Mapping[str, Any] = fields if isinstance(fields, Mapping) else {}
        self._read: set[str] = set()
        if not isinstance(fields, Mapping):
            self.wrong("this is no list of fields")

    def wrong(self, message: str) -> None:
        """Note a mistake."""
        self.mistakes.append(f"{self.where}: {message}")

    def has(self, name: str) -> bool:
        """Whether the field stands there and holds something."""
        self._read.add(name)
        return self._fields.get(name) not in (None, "")

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required where there is no default."""
        value = self._value(name, default)
        if not isinstance(value, str):
            self.wrong(f"{name} is no text")
            return ""
        if default is None and not value.strip():
            self.wrong(f"{name} is missing")
        return value.strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, perhaps empty."""
        value = self._value(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.wrong(f"{name} is no list of texts")
            return ()
        return tuple(one.strip() for one in value)

    def lists(self, name: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts."""
        value = self._value(name, [])
        if not isinstance(value, list) or not all(isinstance(one, list) for one in value):
            self.wrong(f"{name} is no list of lists")
            return ()
        return tuple(tuple(str(word) for word in one) for one in value)

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 0 on."""
        value = self._value(name, default)
        if not isinstance(value, int) or not 0 <= value <= most:
            self.wrong(f"{name} is no whole number from 0 to {most}")
            return default
        return value

    def offset(self, name: str, *, clock: str = "08:00") -> Offset:
        """A moment of the story; required."""
        try:
            return Offset.read(self.text(name), clock=clock)
        except ValueError as error:
            self.wrong(f"{name}: {error}")
            return Offset(-1, 0)

    def records(self, name: str) -> Iterator["Record"]:
        """A list of records, perhaps empty."""
        value = self._value(name, [])
        if not isinstance(value, list):
            self.wrong(f"{name} is no list")
            return
        for number, fields in enumerate(value):
            yield Record(f"{self.where}, {name} {number}", fields, self.mistakes)

    def record(self, name: str) -> "Record":
        """A record inside this one."""
        return Record(f"{self.where}, {name}", self._value(name, {}), self.mistakes)

    def names(self) -> set[str]:
        """The names of all fields that stand there."""
        return set(self._fields)

    def close(self) -> None:
        """Name the fields that nobody reads."""
        for name in sorted(self.names() - self._read):
            self.wrong(f"nobody knows a field “{name}”")

    def _value(self, name: str, default: object) -> Any:
        self._read.add(name)
        value = self._fields.get(name, default)
        return default if value is None and default is not None else "" if value is None else value


def open_list(path: Path, mistakes: list[str], *, key: str = "key") -> Iterator[Record]:
    """The records of a YAML file that is a list, each named by its key."""
    for number, fields in enumerate(_load(path, path.read_text("utf-8"), mistakes) or []):
        name = fields.get(key, number) if isinstance(fields, dict) else number
        yield Record(f"{path.name}: {name}", fields, mistakes)


def open_record(path: Path, mistakes: list[str]) -> Record:
    """A YAML file that is one record."""
    return Record(path.name, _load(path, path.read_text("utf-8"), mistakes), mistakes)


def open_page(path: Path, mistakes: list[str]) -> tuple[Record, str]:
    """A Markdown file: the record of its front matter, and the text below."""
    _, *parts = path.read_text("utf-8").split("---\n", 2)
    if len(parts) != 2:
        mistakes.append(f"{path.name}: no front matter between two lines of ---")
        return Record(path.name, {}, mistakes), ""
    return Record(path.name, _load(path, parts[0], mistakes), mistakes), parts[1].strip() + "\n"


def _load(path: Path, text: str, mistakes: list[str]) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mistakes.append(f"{path.name}: {' '.join(str(error).split())}")
        return None
