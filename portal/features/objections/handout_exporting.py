"""What was asked, with its answers, as leaves of a handout; internal lines stand in an internal one alone."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.core.access import Actor
from portal.features.objections.models import Answer, Asked
from portal.shared.handouts.queries import Block, HandoutSource, Leaf
from portal.shared.items.queries import VISIBLE, seen_by, url_of

INTERNAL = "Internal: for us, not for the buyer"
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ASKED = select(Asked).where(Asked.id.in_(_IDS), VISIBLE).options(joinedload(Asked.author))
_ANSWERS = (
    select(Answer)
    .where(Answer.asked_id.in_(_IDS), VISIBLE)
    .options(joinedload(Answer.author))
    .order_by(Answer.votes.desc(), Answer.created_at, Answer.id)
)
Part = tuple[str, Sequence[str], str]
"""The label of a part of an answer, its lines as plain words, and the style of its block."""
Parts = Callable[[Answer], Iterator[Part]]


def load_leaves(session: Session, actor: Actor, ids: Sequence[int]) -> Mapping[int, Leaf]:
    """The visible ones among these objections and questions with their answers, best first. Two statements."""
    return _load(session, actor, ids, _parts)


def load_internal_leaves(session: Session, actor: Actor, ids: Sequence[int]) -> Mapping[int, Leaf]:
    """The same with who answered, and the lines that are for us alone."""
    return _load(session, actor, ids, _internal_parts)


def _load(session: Session, actor: Actor, ids: Sequence[int], parts: Parts) -> Mapping[int, Leaf]:
    given = {"ids": sorted(set(ids)), **seen_by(actor)}
    answers: dict[int, list[Answer]] = {}
    for answer in session.scalars(_ANSWERS, given):
        answers.setdefault(answer.asked_id, []).append(answer)
    return {
        asked.id: _leaf(
            asked, sorted(answers.get(asked.id, ()), key=lambda one: one.id != asked.chosen_answer_id), parts
        )
        for asked in session.scalars(_ASKED, given)
    }


def _leaf(asked: Asked, answers: Sequence[Answer], parts: Parts) -> Leaf:
    blocks = [Block(asked.html)] if asked.html else []
    sources = [asked.source] if asked.source else []
    for answer in answers:
        for label, lines, style in parts(answer):
            blocks.append(Block(_html(lines), label, style))
            sources.append(_markdown(label, lines, style))
        if answer.html:
            blocks.append(Block(answer.html))
            sources.append(answer.source)
    return Leaf(
        item_id=asked.id,
        kind=asked.kind,
        kind_word=asked.kind.capitalize(),
        title=asked.title,
        url=url_of(asked.kind, asked.id, asked.slug),
        updated_at=max(one.updated_at for one in (asked, *answers)),
        blocks=blocks,
        source="\n\n".join(sources),
        by=asked.author.shown_name,
    )


def _parts(answer: Answer) -> Iterator[Part]:
    """The parts of an answer that a page shows, but for its text; empty ones are left out."""
    yield "", [answer.say], "say"
    proofs = [f"{one['claim']} ({one['source']})" if one.get("source") else one["claim"] for one in answer.proof]
    named = (
        ("Why they ask", [answer.why]),
        ("Ask back", [answer.ask_back]),
        ("Proof", proofs),
        ("If they push", [answer.push]),
        ("Avoid", [answer.avoid]),
        ("Must stay true", [answer.stay_true]),
    )
    for label, lines in named:
        if any(lines):
            yield label, lines, ""


def _internal_parts(answer: Answer) -> Iterator[Part]:
    yield from _parts(answer)
    yield "", [f"Answered by {answer.author.shown_name}"], "quiet"
    if answer.internal:
        yield INTERNAL, answer.internal, "internal"


def _html(lines: Sequence[str]) -> str:
    """Words as paragraphs; several as a list. Lines within a field stay lines."""
    shown = [escape(line).replace("\n", Markup("<br>")) for line in lines]
    if len(shown) == 1:
        return f"<p>{shown[0]}</p>"
    return "<ul>" + "".join(f"<li>{line}</li>" for line in shown) + "</ul>"


def _markdown(label: str, lines: Sequence[str], style: str) -> str:
    plain = [re.sub(r"([\\`*_\[\]<>#])", r"\\\1", line) for line in lines]
    if style == "say":
        return f"## {plain[0]}"
    body = plain[0] if len(plain) == 1 else "\n".join(f"- {line}" for line in plain)
    return f"**{label}:** {body}" if label and len(plain) == 1 else f"**{label}:**\n\n{body}" if label else body


OBJECTION_HANDOUTS = HandoutSource("objection", load_leaves, load_internal_leaves)
QUESTION_HANDOUTS = HandoutSource("question", load_leaves, load_internal_leaves)
