"""What a browser sends of a form that is being written, and what of it is kept."""

import re
from dataclasses import dataclass
from typing import Final

from portal.core.errors import Invalid
from portal.core.forms import Fields

MOST_CHARACTERS: Final = 700_000
"""A playbook at its limit, and what stands beside its text."""
LONGEST_NAME: Final = 60
NOT_KEPT: Final = frozenset({"csrf_token", "draft", "took", "act"})
TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{8,40}", re.ASCII)
_NAMING: Final = ("title", "say", "text")
_TITLE: Final = 120


@dataclass(frozen=True, slots=True)
class DraftInput:
    """A form as typed so far. `took` is the text that it was begun from, and takes the place of."""

    token: str
    took: str
    title: str
    base_version: int
    fields: dict[str, list[str]]


def read_draft(fields: Fields) -> DraftInput:
    """Read whatever form it is; Invalid where it is too large, or does not say which text it is."""
    token, took = token_of(fields), token_of(fields, "took")
    if not token:
        raise Invalid({"": "This text does not say which one it is; load the form again."})
    kept = {name: fields.typed(name) for name in fields.values if name not in NOT_KEPT}
    if any(len(name) > LONGEST_NAME for name in kept):
        raise Invalid({"": "That is none of our forms."})
    if sum(len(value) for values in kept.values() for value in values) > MOST_CHARACTERS:
        raise Invalid({"": f"Too much to keep: at most {MOST_CHARACTERS:,} characters. It is still in this browser."})
    return DraftInput(token, took, _title(fields), fields.version(), kept)


def token_of(fields: Fields, name: str = "draft") -> str:
    """Which text this form holds, or, as `took`, which one it was begun from; empty where it does not say."""
    token = fields.values.get(name, "")
    return token if TOKEN.fullmatch(token) else ""


def _title(fields: Fields) -> str:
    """What names the text in a list: its title, or its first words."""
    words = next((words for name in _NAMING if (words := " ".join(fields.values.get(name, "")[:400].split()))), "")
    return words if len(words) <= _TITLE else words[:_TITLE].rstrip() + " …"
