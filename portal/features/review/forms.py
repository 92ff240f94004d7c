"""What is typed on a card, and what is said when it cannot be taken."""

import re
from typing import Final

from portal.core.forms import Fields
from portal.core.ids import ID, read_id
from portal.shared.flags.forms import named_item
from portal.shared.flags.models import SENTENCE
from portal.shared.review.operations import Given

_KEY: Final = re.compile(rf"(?:item|gap)-{ID}|end")


def read_given(fields: Fields) -> Given:
    """The state that was looked at, the words for the reporters, and which flags were chosen; none named means all."""
    chosen = [number for one in fields.typed("flag") if (number := read_id(one))]
    answer = fields.line("answer", "Why", most=SENTENCE)
    fields.check()
    is_chosen = "some" in fields.values
    return Given(fields.values.get("seen", ""), answer, chosen if is_chosen else None)


def read_successor(fields: Fields) -> int:
    """The number of what replaces an item, typed or pasted as its address; 0 where the field is empty."""
    typed = fields.line("successor", "Replaced by", most=500)
    number = named_item(typed)
    if typed and not number:
        fields.errors["successor"] = "Replaced by: write a number, or paste an address."
    fields.check()
    return number


def read_key(typed: str) -> str:
    """The key of a card, or `end`; empty for anything else."""
    return typed if _KEY.fullmatch(typed) else ""
