"""The head of a Markdown file, YAML between two lines of `---`: read safely, and written so that it reads back."""

import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

_HEAD: Final = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_WIDE: Final = 1_000_000
_ODD: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\xa0\u2028\u2029\ufeff]")
_LOOSE: Final = re.compile(r" $|\A\s|\n\Z", re.MULTILINE)


class Unreadable(ValueError):
    """A head is no YAML; `line` is counted from the first line of the file, 0 where it is not known."""

    def __init__(self, line: int) -> None:
        super().__init__(f"front matter cannot be read{f' in line {line}' if line else ''}")
        self.line = line


class _Loader(yaml.SafeLoader):
    """Plain values alone; an alias, by which few lines can stand for millions, is refused."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not read", mark)
        return super().compose_node(parent, index)


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as they are, one under the other, wherever YAML reads them back unchanged."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent(dumper: _Dumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    if _ODD.search(text) or (style and _LOOSE.search(text)):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent)


def split(text: str) -> tuple[Any, str]:
    """What the head holds (None where there is none, or an empty one) and the text below; Unreadable.

    Line ends are `\\n` alone.
    """
    head = _HEAD.match(text)
    if not head:
        return None, text
    try:
        return yaml.load(head[1], _Loader), text[head.end() :]  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable(mark.line + 2 if mark else 0) from None


def below(text: str) -> str:
    """The text below the head, whatever that holds."""
    head = _HEAD.match(text)
    return text[head.end() :] if head else text


def join(values: Mapping[str, Any], text: str) -> str:
    """A file with this head and this text below; `split` gives both back, but for line breaks around the text."""
    head = yaml.dump(dict(values), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDE)
    return f"---\n{head}---\n" + (f"\n{text}\n" if text else "")
