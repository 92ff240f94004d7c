"""Passwords: argon2id, at most two hashes at once in a process, and rules that do not annoy."""

import threading
from functools import cache
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

LEAST, MOST = 12, 1024
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # the OWASP minimum; about 25 ms
_at_once = threading.BoundedSemaphore(2)
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$vJ1yK+fFDL2VAQ8f4HX5yA$F3T4KOfUkcUHSR0DDP5uBPZapNjSKW8tHAB+D5wgx1I"


def hash_password(password: str) -> str:
    """The argon2id hash, with salt and cost inside."""
    with _at_once:
        return _hasher.hash(password)


def is_right(password: str, kept: str) -> bool:
    """Check a password; an empty `kept` (unknown or invited person) costs the same time and is wrong."""
    with _at_once:
        try:
            return _hasher.verify(kept or _NOBODY, password[:MOST]) and bool(kept) and len(password) <= MOST
        except (Argon2Error, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made at a lower cost and should be made again at the next sign-in."""
    return _hasher.check_needs_rehash(kept)


def problem_with(password: str, *own_words: str) -> str | None:
    """What is wrong with a new password, in words, or None: length, common passwords, own name or mail."""
    if len(password) < LEAST:
        return f"At least {LEAST} characters; a few words make a good password."
    if len(password) > MOST:
        return f"At most {MOST} characters."
    lowered = password.lower()
    if lowered in _common() or len(set(lowered)) < 4:
        return "This is among the first passwords that others would try."
    for word in own_words:
        if len(word) >= 4 and word.lower() in lowered and len(lowered) - len(word) < 6:
            return "Your name or mail address alone is too easy to guess."
    return None


@cache
def _common() -> frozenset[str]:
    return frozenset(resources.files("portal.core").joinpath("common_passwords.txt").read_text("utf-8").split())
