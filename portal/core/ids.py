"""Names for things: secret tokens, their hashes, slugs, and `12-some-words` addresses."""

import hashlib
import re
import secrets
import unicodedata
from typing import NamedTuple

from werkzeug.routing import BaseConverter, IntegerConverter

SLUG_LENGTH = 60
ID = "[1-9][0-9]{0,8}"
"""An id as it stands in a text, for patterns."""
MOST_ID = 999_999_999  # nine digits fit into the column; PostgreSQL refuses to compare it with more
_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae", "ł": "l"})


class IdSlug(NamedTuple):
    """The part `40-too-expensive` of an address: the id decides, the slug is for people."""

    id: int
    slug: str


class IdConverter(IntegerConverter):
    """Routes `<int:…>`; ids of more than 9 digits, which the column could not hold, do not match."""

    regex = r"\d{1,9}"


class IdSlugConverter(BaseConverter):
    """Routes `<idslug:where>` to an `IdSlug`; ids of more than 9 digits do not match."""

    regex = r"\d{1,9}(?:-[^/]*)?"

    def to_python(self, value: str) -> IdSlug:
        """`40-too-expensive` → IdSlug(40, 'too-expensive')."""
        number, _, slug = value.partition("-")
        return IdSlug(int(number), slug)

    def to_url(self, value: IdSlug) -> str:
        """IdSlug(40, 'too-expensive') → `40-too-expensive`."""
        return address(value.id, value.slug)


def address(number: int, slug: str) -> str:
    """`40-too-expensive`, or `40` where there is no slug."""
    return f"{number}-{slug}" if slug else str(number)


def read_id(typed: str) -> int:
    """The id that somebody typed, or that stands in a form or an address; 0, which none is, for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def slugify(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most SLUG_LENGTH characters, never cut inside a word.

    A text without a Latin letter or digit gives an empty string; the id alone then makes the address.
    """
    folded = unicodedata.normalize("NFKD", text.lower().translate(_FOLD)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", folded.replace("'", ""))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > SLUG_LENGTH:
            break
        slug = longer
    return slug or "".join(words)[:SLUG_LENGTH]


def initials(name: str) -> str:
    """Two letters for a face: `Dana Ruiz` → `DR`."""
    parts = [part for part in name.split() if part[0].isalnum()] or ["?"]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def new_token() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256 in hex: what the database keeps of a token (256 random bits need no slow hash)."""
    return hashlib.sha256(token.encode()).hexdigest()
