"""What was asked, and single answers, as rows of lists and results: the line to say stands in each."""

from dataclasses import replace

from markupsafe import Markup

from portal.core import clock
from portal.core.access import Actor
from portal.features.objections.models import Answer
from portal.features.objections.queries import AnswerRow, AskedRow
from portal.shared.finding.pages import Labels, ResultRow, star_of
from portal.shared.items.pages import mark_text
from portal.shared.items.queries import url_of
from portal.shared.votes.policy import may_vote


def row_of(actor: Actor, found: AskedRow, labels: Labels) -> ResultRow:
    """What was asked as a row: the line to say of its best answer stands in it, with that answer's mark and votes."""
    asked, answer = found.asked, found.answer
    star = star_of(actor, labels, asked.id)
    row = ResultRow(
        key=f"{asked.kind}:{asked.id}",
        kind=asked.kind,
        kind_word=asked.kind.capitalize(),
        title=asked.title,
        url=url_of(asked.kind, asked.id, asked.slug),
        category=labels.get("category", {}).get(asked.category or "", ""),
        stage=labels.get("stage", {}).get(asked.stage or "", ""),
        star_url=star[0],
        starred=star[1],
    )
    if answer is None:
        return replace(row, snippet_html=Markup("Nobody has answered yet. Be the first."))
    more = asked.answer_count - 1
    return replace(
        _with_words(row, actor, answer, found),
        by=found.author.shown_name if found.author else "",
        more=f"{more} more answer{'s' if more > 1 else ''}" if more > 0 else "",
    )


def answer_row_of(actor: Actor, found: AnswerRow, labels: Labels) -> ResultRow:
    """One answer as a row of its own, below what it answers."""
    answer = found.answer
    star = star_of(actor, labels, answer.id)
    row = ResultRow(
        key=f"answer:{answer.id}",
        kind="answer",
        kind_word="Answer",
        title=found.asked_title,
        url=f"{url_of(found.asked_kind, found.asked_id, found.asked_slug)}#answer-{answer.id}",
        star_url=star[0],
        starred=star[1],
        by=answer.author.shown_name,
    )
    return _with_words(row, actor, answer, found)


def _with_words(row: ResultRow, actor: Actor, answer: Answer, found: AskedRow | AnswerRow) -> ResultRow:
    """The row with an answer's line to say, its first proof point, its marks and its votes."""
    proof, day = next(iter(answer.proof), None), clock.today()
    return replace(
        row,
        say=answer.say,
        proof=proof["claim"] if proof else "",
        proof_source=proof["source"] if proof else "",
        mark=answer.mark_on(day),
        mark_text=mark_text(answer, day),
        is_unowned=not found.is_owned,
        votes=answer.votes,
        voted=found.is_voted,
        may_vote=may_vote(actor, answer),
        vote_url=f"/items/{answer.id}/vote",
    )
