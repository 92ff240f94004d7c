"""What is typed when something is reported, and what is said when it cannot be taken."""

import re
from dataclasses import dataclass
from typing import Final

from portal.core.forms import Fields
from portal.core.ids import ID
from portal.shared.flags.models import REASONS, SENTENCE

_OF_ANSWER: Final = re.compile(rf"(?:answer-|answers/)({ID})", re.ASCII)
_OF_ITEM: Final = re.compile(rf"(?:^|/)({ID})(?:[-?#/]|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class FlagInput:
    """A report: why, in a sentence, and for a duplicate the number of the other item (0 for none)."""

    reason: str
    sentence: str = ""
    duplicate_of: int = 0


def read_flag(fields: Fields) -> FlagInput:
    """Read the form; a duplicate names the other item by number or address, anything else says what is not right."""
    reason = fields.choice("reason", "What is not right", REASONS, required=True)
    is_duplicate = reason == "duplicate"
    sentence = fields.line("sentence", "In a sentence", required=bool(reason) and not is_duplicate, most=SENTENCE)
    typed = fields.line("other", "The other one", most=500) if is_duplicate else ""
    other = named_item(typed)
    if is_duplicate and not other and "other" not in fields.errors:
        fields.errors["other"] = "The other one: paste its address, or write its number."
    fields.check()
    return FlagInput(reason, sentence, other)


def named_item(typed: str) -> int:
    """The item that an address or a number means: `/objections/40-dear#answer-43` is 43; 0 where it means none."""
    found = _OF_ANSWER.search(typed) or _OF_ITEM.search(typed)
    return int(found[1]) if found else 0
