"""What changed between two texts, for people to read: word by word, and bounded in time for any two texts."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from operator import eq
from typing import Any, NamedTuple

SAME, ADDED, TAKEN = "=", "+", "-"
CONTEXT = 2
WORK = 10_000_000
DEPTH = 40
_LINE = re.compile(r"[^\n]*\n+|[^\n]+")
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_LEAST_IN_COMMON = 0.25

Line = tuple[tuple[str, str], ...]
"""Parts of one line as (op, text), op being `=`, `+` or `-`; an empty line stands for lines left out."""


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field that changed; `lines` is empty where only spaces and line breaks did."""

    name: str
    label: str
    lines: tuple[Line, ...]


class _Step(NamedTuple):
    """A run of tokens that both texts share, or two runs of which the second took the place of the first."""

    is_same: bool
    before: list[str]
    after: list[str]


def diff_contents(before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, str]) -> list[FieldDiff]:
    """Compare two snapshots field by field, in the order of `labels`; only fields that differ are listed."""
    found = []
    for name, label in labels.items():
        old, new = as_text(before.get(name)), as_text(after.get(name))
        if old != new:
            found.append(FieldDiff(name, label, tuple(diff_texts(old, new))))
    return found


def as_text(value: Any) -> str:
    """A field of a snapshot as text: lists as lines, records as `claim | source`, nothing as nothing."""
    if isinstance(value, Mapping):
        return " | ".join(as_text(part) for part in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(as_text(part) for part in value)
    return "" if value is None else str(value)


def diff_texts(before: str, after: str) -> list[Line]:
    """The changed lines of two texts with two lines around each change; changed words are marked within a line.

    Lines are matched first, then words inside what changed. Where the two have too little in common, or matching
    would take too long, the old lines stand whole before the new ones.
    """
    lines: list[Line] = []
    work = _Work()
    steps = _matched(_LINE.findall(before), _LINE.findall(after), work)
    for at, step in enumerate(steps):
        if step.is_same:
            lines += _around(_split([(SAME, "".join(step.before))]), is_first=at == 0, is_last=at == len(steps) - 1)
        else:
            lines += _split(_words("".join(step.before), "".join(step.after), work))
    return lines if any(op != SAME for line in lines for op, _ in line) else []


class _Work:
    """How much matching may still be done; what a pair of runs can cost at worst is known before it is tried."""

    def __init__(self) -> None:
        self.left = WORK

    def may_match(self, before: Sequence[str], after: Sequence[str]) -> bool:
        counts = Counter(after)
        pairs = sum(counts[token] for token in before)
        cost = (pairs + len(before)) * min(len(before), len(after))
        if cost > self.left:
            return False
        self.left -= cost
        return True


def _matched(before: list[str], after: list[str], work: _Work) -> list[_Step]:
    """The whole walk; neighbours of one kind are one step."""
    steps: list[_Step] = []
    for step in _steps(before, after, work):
        if steps and steps[-1].is_same == step.is_same:
            steps[-1].before.extend(step.before)
            steps[-1].after.extend(step.after)
        else:
            steps.append(_Step(step.is_same, list(step.before), list(step.after)))
    return steps


def _steps(before: list[str], after: list[str], work: _Work, depth: int = 0) -> Iterator[_Step]:
    """Walk through both: common ends first, then what stands once in each (as patience diff does), then the rest."""
    head = sum(1 for _ in takewhile(bool, map(eq, before, after)))
    rest, new = before[head:], after[head:]
    tail = sum(1 for _ in takewhile(bool, map(eq, reversed(rest), reversed(new))))
    if head:
        yield _Step(True, before[:head], after[:head])
    middle, other = rest[: len(rest) - tail], new[: len(new) - tail]
    if middle or other:
        yield from _middle(middle, other, work, depth)
    if tail:
        yield _Step(True, rest[len(rest) - tail :], new[len(new) - tail :])


def _middle(before: list[str], after: list[str], work: _Work, depth: int) -> Iterator[_Step]:
    anchors = _anchors(before, after) if before and after and depth < DEPTH else []
    if anchors:
        i = j = 0
        for at, there in [*anchors, (len(before), len(after))]:
            yield from _steps(before[i:at], after[j:there], work, depth + 1)
            if at < len(before):
                yield _Step(True, before[at : at + 1], after[there : there + 1])
            i, j = at + 1, there + 1
    elif before and after and work.may_match(before, after):
        for op, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            yield _Step(op == "equal", before[a:b], after[c:d])
    else:
        yield _Step(False, before, after)


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Tokens that stand once in each, in the longest order that both share."""
    once, twice = Counter(before), Counter(after)
    places = {token: at for at, token in enumerate(after) if twice[token] == 1 and once[token] == 1}
    pairs = [(at, places[token]) for at, token in enumerate(before) if token in places]
    ends: list[int] = []
    best: list[tuple[int, int]] = []
    came_from: dict[int, int] = {}
    for number, (_, there) in enumerate(pairs):
        pile = bisect_left(ends, there)
        if pile:
            came_from[number] = best[pile - 1][1]
        ends[pile : pile + 1] = [there]
        best[pile : pile + 1] = [(there, number)]
    found, last = [], best[-1][1] if best else None
    while last is not None:
        found.append(pairs[last])
        last = came_from.get(last)
    return found[::-1]


def _words(before: str, after: str, work: _Work) -> list[tuple[str, str]]:
    """The words of two runs of lines, marked; signs and spaces alone do not break a change in two."""
    steps = _matched(_WORD.findall(before), _WORD.findall(after), work)
    common = sum(len(word) for step in steps if step.is_same for word in step.before if word.isalnum())
    if common < _LEAST_IN_COMMON * min(len(before), len(after)):
        return [(TAKEN, before.rstrip("\n") + "\n"), (ADDED, after)]
    parts: list[tuple[str, str]] = []
    taken = added = ""
    for at, step in enumerate(steps):
        old, new = "".join(step.before), "".join(step.after)
        joins = step.is_same and 0 < at < len(steps) - 1 and "\n" not in old and not any(c.isalnum() for c in old)
        if step.is_same and not joins:
            parts += [(TAKEN, taken), (ADDED, added), (SAME, old)]
            taken = added = ""
        else:
            taken, added = taken + old, added + new
    return [part for part in [*parts, (TAKEN, taken), (ADDED, added)] if part[1]]


def _split(parts: Sequence[tuple[str, str]]) -> list[Line]:
    """Parts cut into lines; blank lines are left out."""
    lines: list[list[tuple[str, str]]] = [[]]
    for op, text in parts:
        first, *others = text.split("\n")
        lines[-1].append((op, first))
        lines += [[(op, other)] for other in others]
    return [tuple(part for part in line if part[1]) for line in lines if any(text.strip() for _, text in line)]


def _around(lines: list[Line], *, is_first: bool, is_last: bool) -> list[Line]:
    """Of lines that did not change, those beside a change."""
    before, after = 0 if is_first else CONTEXT, 0 if is_last else CONTEXT
    if len(lines) <= before + after + 1:
        return lines if not (is_first and is_last) else []
    return [*lines[:before], (), *lines[len(lines) - after :]]
