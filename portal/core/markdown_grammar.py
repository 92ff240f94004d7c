"""How the blocks of a text begin: one pattern for each, matched against a line without its indentation."""

import re
from typing import Final

from portal.core.markdown_blocks import is_html, open_fence
from portal.core.markdown_limits import MAX_DEPTH

MARKER: Final = re.compile(r"(?:[-+*]|(?P<number>[0-9]{1,9})[.)])(?: +|$)")
CONTAINER: Final = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)]) +|> ?")
RULE: Final = re.compile(r"(?:(?:- *){3,}|(?:_ *){3,}|(?:\* *){3,})$")
UNDERLINE: Final = re.compile(r"(?:=+|-+) *$")
HEADING: Final = re.compile(r"(#{1,6})(?: |$)")
STARTS: Final = re.compile(r"#{1,6}(?: |$)|>|!!! ?\w|\[\^[^\]]+\]:")
NOTE: Final = re.compile(r'!!! ?([\w-]+)(?: +[\w-]+)*(?: +["„“”](.*)["“”])? *$')
ALERT: Final = re.compile(r" *\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\] *", re.IGNORECASE)
FOOTNOTE: Final = re.compile(r"\[\^([^\]]+)\]: *")
ANY_FOOTNOTE: Final = re.compile(r"[\s>+*0-9.)-]*+\[\^[^\]]+\]:")
DEFINITION: Final = re.compile(r"\[[^\[\]]*\]:")
TABLE_RULE: Final = re.compile(r"\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?$")


def starts_block(body: str) -> bool:
    """Whether a line ends the paragraph before it; list markers and underlines are looked at apart."""
    return bool(STARTS.match(body) or RULE.match(body) or open_fence(body)) or is_html(body)


def containers(rest: str) -> int:
    """How many further list markers and quote signs stand at the beginning of an item's words."""
    count, at = 0, 0
    while count <= MAX_DEPTH and (found := CONTAINER.match(rest, at)):
        count, at = count + 1, found.end()
    return count
