"""What is typed when asking and answering, and what is said when it cannot be taken."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from portal.core.errors import Invalid
from portal.core.forms import Fields

SAY_WORDS = 25
ASKED_LABELS = {
    "title": "What was asked",
    "variants": "Other wordings",
    "category": "Category",
    "stage": "Stage",
    "competitor": "Competitor",
    "tags": "Tags",
    "text": "More about it",
}
ANSWER_LABELS = {
    "say": "Say this",
    "why": "Why they ask",
    "ask_back": "Ask back",
    "proof": "Proof points",
    "push": "If they push",
    "avoid": "Avoid",
    "stay_true": "What must stay true",
    "internal": "Internal lines",
    "text": "More",
}


@dataclass(frozen=True, slots=True)
class AskedInput:
    """An objection or a question as typed; `category` and `variants` are an objection's alone."""

    title: str
    text: str = ""
    variants: tuple[str, ...] = ()
    category: str = ""
    stage: str = ""
    competitor: str = ""
    tags: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    reason: str = ""

    def content(self) -> dict[str, Any]:
        """What a revision keeps."""
        kept = asdict(self)
        kept.pop("reason"), kept.pop("audience")
        return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}

    @classmethod
    def of_content(cls, content: Mapping[str, Any], reason: str) -> "AskedInput":
        """What a revision kept, to be saved again."""
        lists = {name: tuple(content[name]) for name in ("variants", "tags")}
        return cls(**{**_own(content, ASKED_LABELS), **lists}, reason=reason)


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof point: what can be claimed, and where it stands."""

    claim: str
    source: str


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """An answer as typed: the structured card."""

    say: str
    why: str = ""
    ask_back: str = ""
    proof: tuple[Proof, ...] = ()
    push: str = ""
    avoid: str = ""
    stay_true: str = ""
    internal: tuple[str, ...] = ()
    text: str = ""
    reason: str = ""

    def content(self) -> dict[str, Any]:
        """What a revision keeps."""
        kept = asdict(self)
        kept.pop("reason")
        return {**kept, "proof": [asdict(one) for one in self.proof], "internal": list(self.internal)}

    @classmethod
    def of_content(cls, content: Mapping[str, Any], reason: str) -> "AnswerInput":
        """What a revision kept, to be saved again."""
        proof = tuple(Proof(one["claim"], one["source"]) for one in content["proof"])
        return cls(
            **{**_own(content, ANSWER_LABELS), "proof": proof, "internal": tuple(content["internal"])}, reason=reason
        )


def read_asked(fields: Fields, kind: str) -> AskedInput:
    """Read the form of an objection or a question; Invalid names every field that is wrong."""
    what = "What the buyer says" if kind == "objection" else "What you need to know"
    given = AskedInput(
        title=fields.line("title", what, required=True, most=200),
        text=fields.text("text", "More about it"),
        variants=fields.lines("variants", "Other wordings", most=20) if kind == "objection" else (),
        category=fields.line("category", "Category", required=kind == "objection") if kind == "objection" else "",
        stage=fields.line("stage", "Stage"),
        competitor=fields.line("competitor", "Competitor"),
        tags=tuple(tag for tag in (part.strip() for part in fields.line("tags", "Tags").split(",")) if tag),
        audience=tuple(mark for mark in fields.typed("audience") if mark),
        reason=fields.line("reason", "Why this change"),
    )
    if len(given.tags) > 10:
        fields.errors["tags"] = f"Tags: at most 10, these are {len(given.tags)}."
    fields.check()
    return given


def read_answer(fields: Fields) -> AnswerInput:
    """Read the form of an answer; the words to say are 25 at most, and each proof point names its source."""
    say = fields.line("say", "Say this", required=True, most=400)
    given = AnswerInput(
        say=say,
        why=fields.text("why", "Why they ask", most=2000),
        ask_back=fields.line("ask_back", "Ask back", most=400),
        proof=_read_proof(fields),
        push=fields.text("push", "If they push", most=2000),
        avoid=fields.text("avoid", "Avoid", most=2000),
        stay_true=fields.text("stay_true", "What must stay true", most=2000),
        internal=fields.lines("internal", "Internal lines", most=10, length=500),
        text=fields.text("text", "More"),
        reason=fields.line("reason", "Why this change"),
    )
    if (count := len(say.split())) > SAY_WORDS and "say" not in fields.errors:
        fields.errors["say"] = f"Say this: at most {SAY_WORDS} words, so that it can be said; these are {count}."
    fields.check()
    return given


def _own(content: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    """The fields that people edit; an import keeps a mark beside them."""
    return {name: value for name, value in content.items() if name in labels}


def _read_proof(fields: Fields) -> tuple[Proof, ...]:
    """One proof point a line, `claim | source`."""
    found = []
    for number, line in enumerate(fields.lines("proof", "Proof points", most=8, length=600), start=1):
        claim, bar, source = (part.strip() for part in line.rpartition("|"))
        if not (claim and bar and source):
            fields.errors["proof"] = f"Proof points: line {number} needs a source; write “claim | where it stands”."
            continue
        found.append(Proof(claim, source))
    return tuple(found)


def check_choices(given: AskedInput, stages: set[str], categories: set[str], competitors: set[str]) -> None:
    """Invalid where a slug is not among the choices of the vocabularies."""
    errors = {}
    for name, value, known in (
        ("stage", given.stage, stages),
        ("category", given.category, categories),
        ("competitor", given.competitor, competitors),
    ):
        if value and value not in known:
            errors[name] = f"{name.capitalize()}: “{value}” is not one of the choices."
    if errors:
        raise Invalid(errors)
