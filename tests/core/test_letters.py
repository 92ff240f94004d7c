"""Letters: plain text, subject in the first line, every word that they need given."""

import pytest
from jinja2 import UndefinedError

from portal.core.letters import FOLDER, write_letter

WORDS = {
    "name": "Dana <Ruiz> & Co",
    "link": "https://portal.example/x?a=1&b=2",
    "base_url": "https://portal.example",
    "words": "too dear",
    "title": "You are too dear",
    "reviewer": "Priya Anand",
    "note": "Name the source.",
    "giver": "Priya Anand",
    "what": "“You are too dear”",
    "lines": "“You are too dear”: kept as it is.",
}


@pytest.mark.parametrize("letter", sorted(path.stem for path in FOLDER.glob("*.txt")))
def test_every_letter_has_a_subject_a_greeting_and_short_lines(letter: str) -> None:
    subject, body = write_letter(letter, **WORDS)
    assert 10 < len(subject) <= 78
    assert body.startswith("Hello Dana <Ruiz> & Co,"), "plain text is not escaped"
    assert all(len(line) <= 120 for line in body.splitlines())
    assert "{" not in body


def test_missing_word_is_an_error_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        write_letter("reset", name="Dana")
