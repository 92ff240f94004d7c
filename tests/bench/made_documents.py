"""Documents and questions for the large sizes: the handbook's paragraphs recombined, the same for the same seed."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from portal.shared.search_index.analysis import content, cut
from portal.shared.search_index.records import Document

LETTERS = 1200
"""A body ends with the paragraph that reaches so many letters."""
LONGEST_QUESTION = 8
SHORTEST_MISTYPED = 5
_MISSPELT = 0.006
"""Share of words with a typo in the documents: as in real ones, new words keep coming (30,000 of 50,000 documents)."""
_WORD = re.compile(r"[A-Za-z]{5,}")
_OFFERED = {"category": 12, "competitor": 20, "stage": 6, "tag": 80, "dept": 8, "author": 300}
_SHARE = {"category": 0.4, "competitor": 0.3, "stage": 0.4, "dept": 0.2}
_STATES = ("", "verified", "stale", "unanswered")
_SECTIONS = 3
"""Rows of a playbook, which fold into one hit."""


class Handbook:
    """The paragraphs and headings that documents and questions are made of."""

    def __init__(self, path: Path) -> None:
        headings: dict[str, None] = {}
        paragraphs: dict[str, None] = {}
        for line in path.read_text("utf-8").splitlines():
            page = json.loads(line)
            headings[page["title"].rpartition(" › ")[2]] = None
            paragraphs |= dict.fromkeys(
                text for text in page["body"].split("\n") if len(text) >= 60 and text.count(" ") >= 6
            )
        self.headings, self.paragraphs = list(headings), list(paragraphs)

    def documents(self, count: int, seed: str = "documents") -> Iterator[Document]:
        """So many documents: a third are objections with variants and a line to say, the rest sections of playbooks."""
        made = random.Random(f"{seed} {count}")
        for number in range(count):
            yield self._document(number, made)

    def _document(self, number: int, made: random.Random) -> Document:
        body = [_misspell(made.choice(self.paragraphs), made)]
        while sum(map(len, body)) < LETTERS:
            body.append(_misspell(made.choice(self.paragraphs), made))
        is_objection = number % 3 == 0
        kind = "objection" if is_objection else "playbook"
        group = f"{kind}:{number if is_objection else number // _SECTIONS}"
        facets: dict[str, tuple[str, ...]] = {
            name: (_one_of(name, made),) for name, share in _SHARE.items() if made.random() < share
        }
        facets["tag"] = tuple({_one_of("tag", made): None for _ in range(made.randrange(4))})
        facets["author"] = (_one_of("author", made),)
        if state := made.choice(_STATES):
            facets["state"] = (state,)
        return Document(
            key=f"{kind}:{number}",
            kind=kind,
            group=group,
            title=" ".join([made.choice(self.headings), *made.sample(body[0].split(), 2)]),
            variants=tuple(made.sample(self.headings, 2)) if is_objection else (),
            say=made.choice(self.paragraphs)[:140] if is_objection else "",
            body="\n".join(body),
            facets=facets,
            audiences=("all",) if made.random() < 0.9 else (f"dep:{made.randrange(8)}",),
            numbers={"updated": float(made.randrange(20000, 21000)), "votes": float(made.randrange(8))},
        )

    def questions(self, of_each_length: int, seed: str = "questions") -> list[str]:
        """Questions of 1 to 8 words that carry something and follow each other in a paragraph, mixed."""
        made = random.Random(seed)
        asked: list[str] = []
        for length in range(1, LONGEST_QUESTION + 1):
            wanted = len(asked) + of_each_length
            while len(asked) < wanted:
                words = content(cut(made.choice(self.paragraphs)).plain)
                if len(words) >= length:
                    start = made.randrange(len(words) - length + 1)
                    asked.append(" ".join(words[start : start + length]))
        made.shuffle(asked)
        return asked


def mistyped(questions: Sequence[str], seed: str = "typos") -> list[str]:
    """The questions that have a word of five letters or more, with one typo in one of these."""
    made = random.Random(seed)
    found = []
    for question in questions:
        words = question.split()
        long = [at for at, word in enumerate(words) if len(word) >= SHORTEST_MISTYPED and word.isalpha()]
        if long:
            at = made.choice(long)
            words[at] = _typo(words[at], made)
            found.append(" ".join(words))
    return found


def keystrokes(questions: Sequence[str]) -> list[str]:
    """What stands in the box after each keystroke, from the second letter on; blanks at the end change nothing."""
    return [question[:end] for question in questions for end in range(2, len(question) + 1) if question[end - 1] != " "]


def _one_of(facet: str, made: random.Random) -> str:
    """A value of a facet; a few are much more frequent than most, as in life."""
    return f"{facet}-{int(_OFFERED[facet] * made.random() ** 2)}"


def _misspell(paragraph: str, made: random.Random) -> str:
    return _WORD.sub(lambda match: _typo(match[0], made) if made.random() < _MISSPELT else match[0], paragraph)


def _typo(word: str, made: random.Random) -> str:
    """Two letters swapped, one left out or one doubled; never the first."""
    at = made.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return made.choice([swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]])
