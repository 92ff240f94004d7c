"""What is typed when a path is written: its words, its steps in order, and the buttons that move them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.core.ids import read_id
from portal.features.paths.queries import Step
from portal.shared.items.forms import unknown_audience

TITLE: Final = 200
TEXT: Final = 64 * 1024
WHY: Final = 300
MOST_TAGS: Final = 10
MOST_STEPS: Final = 60
PATH_LABELS: Final = {"title": "Title", "tags": "Tags", "steps": "Steps", "text": "Text"}
_ACT = re.compile(r"(up|down|remove|take):(\d{1,9})")
_ITEM = re.compile(r"(?:\[\[)?#?(\d{1,9})(?:\]\])?|\S*/(?:playbooks|objections|questions)/(\d{1,9})(?:-\S*)?")
_LINE = re.compile(r"\s*(\d{1,9})\b[^|]*(?:\|(.*))?")


@dataclass(frozen=True, slots=True)
class PathInput:
    """A path as typed; `audience` is taken for a new one."""

    title: str
    text: str = ""
    steps: tuple[Step, ...] = ()
    tags: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    reason: str = ""

    def content(self) -> dict[str, Any]:
        """What a revision keeps."""
        return {
            "title": self.title,
            "text": self.text,
            "tags": list(self.tags),
            "steps": [asdict(step) for step in self.steps],
        }

    @classmethod
    def from_content(cls, content: Mapping[str, Any], reason: str) -> "PathInput":
        """What a revision kept, to be saved again."""
        return cls(
            title=content["title"],
            text=content["text"],
            steps=tuple(Step(**one) for one in content.get("steps", ())),
            tags=tuple(content.get("tags", ())),
            reason=reason,
        )


@dataclass(frozen=True, slots=True)
class Act:
    """A button of the form that saves nothing: `up`, `down`, `remove` and `take` an item, or `add` what was typed."""

    verb: str
    item_id: int = 0


def read_path(fields: Fields) -> PathInput:
    """Read the form of a path; Invalid names every field that is wrong."""
    given = PathInput(
        title=fields.line("title", "Title", required=True, most=TITLE),
        text=fields.text("text", "Text", most=TEXT),
        steps=read_steps(fields),
        tags=fields.names("tags", "Tags", most=MOST_TAGS),
        audience=tuple(mark for mark in fields.typed("audience") if mark),
        reason=fields.line("reason", "Why this change"),
    )
    if len(given.steps) > MOST_STEPS:
        fields.errors["steps"] = f"Steps: at most {MOST_STEPS}, these are {len(given.steps)}."
    if any(len(step.why) > WHY for step in given.steps):
        fields.errors["steps"] = f"Steps: a line may have {WHY} characters."
    fields.check()
    return given


def read_steps(fields: Fields) -> tuple[Step, ...]:
    """The steps in their order, each item once: a field for each, or lines such as `12 First visit | why`."""
    if "steps" in fields.values:
        found = [Step(int(line[1]), " ".join((line[2] or "").split()))
                 for row in fields.typed("steps")[0].split("\n") if (line := _LINE.fullmatch(row))]  # fmt: skip
    else:
        numbers = [number for one in fields.typed("step") if (number := read_id(one))]
        found = [Step(one, " ".join(fields.values.get(f"why-{one}", "").split())) for one in numbers]
    return tuple(
        {step.item_id: step for step in reversed(found)}[one] for one in dict.fromkeys(s.item_id for s in found)
    )


def read_act(fields: Fields) -> Act | None:
    """The button that was pressed, or None where the path is to be saved; Enter adds what waits to be added."""
    pressed = fields.values.get("act", "")
    if found := _ACT.fullmatch(pressed):
        return Act(found[1], int(found[2]))
    return Act("add") if pressed == "add" or fields.values.get("add", "").strip() else None


def named_item(typed: str) -> int:
    """The number of the item that a number, `[[12]]` or an address of this portal names; 0 for words to search for."""
    found = _ITEM.fullmatch(typed.strip().partition("#")[0] or typed.strip())
    return int(found[1] or found[2]) if found else 0


def arrange(steps: Sequence[Step], act: Act) -> tuple[Step, ...]:
    """The steps after a button was pressed; a step that is not there, or an end, changes nothing."""
    order = [step.item_id for step in steps]
    if act.verb == "take":
        return tuple(steps) if act.item_id in order else (*steps, Step(act.item_id))
    if act.item_id not in order:
        return tuple(steps)
    at, moved = order.index(act.item_id), list(steps)
    step = moved.pop(at)
    if act.verb != "remove":
        moved.insert(max(at - 1, 0) if act.verb == "up" else at + 1, step)
    return tuple(moved)


def keep_unseen(typed: Sequence[Step], before: Sequence[Step], seen: Iterable[int]) -> tuple[Step, ...]:
    """What was typed, with the steps of before that its writer could not see, each behind the one it stood behind."""
    seen, result = set(seen), list(typed)
    for at, step in enumerate(before):
        if step.item_id in seen:
            continue
        order = [one.item_id for one in result]
        places = [order.index(one.item_id) + 1 for one in before[:at] if one.item_id in order]
        if step.item_id not in order:
            result.insert(places[-1] if places else 0, replace(step))
    return tuple(result)


def check_audience(given: PathInput, audiences: set[str]) -> None:
    """Invalid where an audience is not among the choices."""
    if unknown := unknown_audience(given.audience, audiences):
        raise Invalid({"audience": unknown})
