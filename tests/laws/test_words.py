"""Words that stand nowhere: dead words of the trade of forums, folders of one machine, hosts of registries."""

import re

import pytest

from tests.laws.source import name_of, tracked

# Written so that they do not match themselves, since this file is read too.
BANNED = {
    "we say points, or useful": r"\bkar[m]a\b",
    "a folder of one machine": r"(?<![\w.])/(?:root|work|mnt|opt(?!/fieldhouse)|Users|home(?!/user\b))/\w",
    "the host of a registry": r"\b(?:pyp[i]\.org|pythonhoste[d]\.org|registry\.npm[j]s\.\w|deb\.debia[n]\.org)\b",
}
BINARY = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".woff2", ".pdf", ".zip", ".gz"}


def faults(text: str) -> list[str]:
    """Each banned word of a text, with what is wrong with it."""
    return [f"{hit[0]} – {why}" for why, pattern in BANNED.items() for hit in re.finditer(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize("words", ["KAR_MA", "see /ro_ot/x", "in /ho_me/ann/x", "https://py_pi.org/simple"])
def test_banned_words_are_noticed(words: str) -> None:
    assert len(faults(words.replace("_", ""))) == 1


def test_no_file_says_a_banned_word() -> None:
    found = [
        f"{name_of(path)}: {fault}"
        for path in tracked()
        if path.suffix.lower() not in BINARY
        for fault in faults(path.read_text("utf-8", "replace"))
    ]
    assert not found, "\n".join(found)


def test_lock_files_name_versions_and_hashes_and_no_index() -> None:
    locks = [path for path in tracked() if path.name == "requirements.lock"]
    assert len(locks) == 2
    for path in locks:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            is_known = re.match(
                r"\s*#|\s+--hash=sha256:[0-9a-f]{64}( \\)?$|[a-z0-9-]+(\[\w+\])?==[\w.]+( ; .+)? \\$", line
            )
            assert is_known, f"{name_of(path)}:{number} {line}"
            assert "://" not in line, f"{name_of(path)}:{number} {line}"
