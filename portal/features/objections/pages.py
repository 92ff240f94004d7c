"""What the templates of objections, questions and answers may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from portal.core import clock
from portal.core.access import Actor
from portal.core.forms import Fields
from portal.features.objections import policy
from portal.features.objections.models import Answer, Asked
from portal.features.objections.queries import AnswerFound
from portal.shared.drafts.pages import Writing
from portal.shared.files.pages import FileLine
from portal.shared.files.queries import Attachment
from portal.shared.finding.covering import cover
from portal.shared.finding.file_pages import files_shown
from portal.shared.finding.pages import Labels, ResultRow, star_of
from portal.shared.items.pages import UNOWNED, mark_text, readable_note, shown
from portal.shared.items.queries import url_of
from portal.shared.items.trust_pages import TrustSide, trust_side
from portal.shared.items.trust_policy import Keepers
from portal.shared.people.pages import PersonLink, link_to
from portal.shared.tags.models import Tag
from portal.shared.votes.policy import may_vote

Links = Mapping[int, tuple[str, str]]
UNSEEN = "an answer that you cannot see."
Files = Mapping[int, Sequence[Attachment]]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form of an objection offers, as (slug, name)."""

    stages: Sequence[tuple[str, str]]
    categories: Sequence[tuple[str, str]]
    competitors: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ProofPoint:
    """What can be claimed, and where it stands."""

    text: str
    source: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """One answer as it stands on the page, for the macro `answer`."""

    id: int
    anchor: str
    say: str
    why: str
    ask_back: str
    proofs: Sequence[ProofPoint]
    push: str
    avoid: str
    stays_true: str
    internal: Markup
    text_html: Markup
    files: Sequence[FileLine]
    author: PersonLink | None
    at: datetime
    marks: Sequence[tuple[str, str]]
    vote_url: str
    votes: int
    voted: bool
    may_vote: bool
    star_url: str
    starred: bool
    is_chosen: bool
    choose_url: str
    trust: TrustSide
    edit_url: str
    history_url: str
    promote_url: str
    places: Sequence[tuple[str, str]]
    """The playbooks that it is part of now, as (address, title)."""
    obsolete: str = ""


@dataclass(frozen=True, slots=True)
class Went:
    """The playbooks that answers are part of, by answer, and whether the reader is offered to promote one."""

    places: Mapping[int, Sequence[tuple[str, str]]]
    may_promote: bool


@dataclass(frozen=True, slots=True)
class AskedPage:
    """An objection or a question with its answers, best first, and the form of a new one.

    While the reader's screen is shared nobody is named, no competitor either, and internal lines are left out.
    """

    id: int
    kind: str
    title: str
    url: str
    variants: Sequence[str]
    star_url: str
    starred: bool
    author: PersonLink | None
    at: datetime
    text_html: Markup
    files: Sequence[FileLine]
    category: tuple[str, str]
    stage: str
    competitor: tuple[str, str]
    tags: Sequence[Tag]
    answers: Sequence[AnswerCard]
    edit_url: str
    may_answer: bool
    writing: Writing
    values: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AskedList:
    """A page of the list: rows in the shape of search results; `categories` holds (slug, name, count)."""

    kind: str
    rows: Sequence[ResultRow]
    total: int
    page: int
    pages: int
    category: str
    categories: Sequence[tuple[str, str, int]]
    is_unanswered: bool


@dataclass(frozen=True, slots=True)
class AskForm:
    """Asking, or editing what was asked; `version` is empty for a new one."""

    kind: str
    action: str
    cancel: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    choices: Choices
    writing: Writing
    version: str


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """Editing an answer."""

    title: str
    action: str
    cancel: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    writing: Writing
    version: str


@dataclass(frozen=True, slots=True)
class Known:
    """What was read beside what was asked and its answers: names, links, files; by answer why it is obsolete,
    what it says, and where it went.
    """

    labels: Labels
    links: Links
    files: Files
    retired: Mapping[int, str]
    said: Links
    went: Went


def asked_page(
    actor: Actor, asked: Asked, answers: Sequence[AnswerFound], known: Known, *,
    tags: Sequence[Tag], competitor: str, writing: Writing, form: Fields,
) -> AskedPage:  # fmt: skip
    """The page of what was asked; links in stored HTML are filled with what this reader may see."""
    labels, links, files = known.labels, known.links, known.files
    category, rivals = asked.category or "", labels.get("competitor", {})
    star = star_of(actor, labels, asked.id)
    return AskedPage(
        id=asked.id,
        kind=asked.kind,
        title=cover(asked.title, labels),
        url=url_of(asked.kind, asked.id, asked.slug),
        variants=[cover(words, labels) for words in asked.variants],
        star_url=star[0],
        starred=star[1],
        author=None if actor.is_screen_shared else link_to(asked.author),
        at=asked.created_at,
        text_html=cover(shown(asked.html, links), labels),
        files=files_shown(files.get(asked.id, ()), labels),
        category=(category, labels.get("category", {}).get(category, "")),
        stage=labels.get("stage", {}).get(asked.stage or "", ""),
        competitor=(competitor, rivals[competitor]) if competitor in rivals else ("", ""),
        tags=tags,
        answers=[_card(actor, asked, one, known) for one in answers],
        edit_url=f"{url_of(asked.kind, asked.id, asked.slug)}/edit" if policy.may_edit_asked(actor, asked) else "",
        may_answer=policy.may_answer(actor, asked),
        writing=writing,
        values=form.values,
        errors=form.errors,
    )


def _card(actor: Actor, asked: Asked, found: AnswerFound, known: Known) -> AnswerCard:
    answer, keepers = found.answer, found.keepers
    base, labels = f"{url_of(asked.kind, asked.id, asked.slug)}/answers/{answer.id}", known.labels
    chosen = asked.chosen_answer_id == answer.id
    star = star_of(actor, labels, answer.id)
    internal = () if actor.is_screen_shared else answer.internal
    return AnswerCard(
        id=answer.id,
        anchor=f"answer-{answer.id}",
        say=cover(answer.say, labels),
        why=cover(answer.why, labels),
        ask_back=cover(answer.ask_back, labels),
        proofs=[ProofPoint(cover(one["claim"], labels), cover(one["source"], labels)) for one in answer.proof],
        push=cover(answer.push, labels),
        avoid=cover(answer.avoid, labels),
        stays_true=cover(answer.stay_true, labels),
        internal=Markup("").join(Markup("<p>{}</p>").format(line) for line in internal),
        text_html=cover(shown(answer.html, known.links), labels),
        files=files_shown(known.files.get(answer.id, ()), labels),
        author=None if actor.is_screen_shared else link_to(answer.author),
        at=answer.created_at,
        marks=_marks(answer, keepers, is_chosen=chosen),
        vote_url=f"/items/{answer.id}/vote",
        votes=answer.votes,
        voted=found.is_voted,
        may_vote=may_vote(actor, answer),
        star_url=star[0],
        starred=star[1],
        is_chosen=chosen,
        choose_url=f"{base}/choice" if policy.may_choose(actor, asked) else "",
        trust=trust_side(actor, answer, keepers, f"/items/{answer.id}/verification"),
        edit_url=f"{base}/edit" if policy.may_edit_answer(actor, answer) else "",
        history_url=f"{base}/history" if answer.version > 1 else "",
        promote_url=f"/playbooks/promote?answer={answer.id}" if known.went.may_promote else "",
        places=[(url, cover(title, labels)) for url, title in known.went.places.get(answer.id, ())],
        obsolete=cover(readable_note(known.retired.get(answer.id, ""), known.said, UNSEEN), labels),
    )


def readable(content: Mapping[str, Any], rivals: Collection[str]) -> Mapping[str, Any]:
    """A snapshot as one reader may read it: without a competitor that is not among those that the reader may see."""
    return content if content.get("competitor", "") in ("", *rivals) else {**content, "competitor": ""}


def _marks(answer: Answer, keepers: Keepers, *, is_chosen: bool) -> list[tuple[str, str]]:
    day = clock.today()
    marks = [("chosen", "Asker’s choice")] if is_chosen else []
    if answer.status == "obsolete":
        return [*marks, ("obsolete", "Obsolete")]
    if answer.mark_on(day):
        marks.append((answer.mark_on(day), mark_text(answer, day)))
    return marks if keepers.is_owned else [*marks, UNOWNED]


def asked_values(asked: Asked, competitor: str, tags: Sequence[Tag]) -> dict[str, str]:
    """The present words as the form shows them."""
    return {
        "title": asked.title,
        "text": asked.source,
        "variants": "\n".join(asked.variants),
        "category": asked.category or "",
        "stage": asked.stage or "",
        "competitor": competitor,
        "tags": ", ".join(tag.name for tag in tags),
    }


def answer_values(answer: Answer) -> dict[str, str]:
    """The present words as the form shows them."""
    return {
        "say": answer.say,
        "why": answer.why,
        "ask_back": answer.ask_back,
        "proof": "\n".join(f"{one['claim']} | {one['source']}" for one in answer.proof),
        "push": answer.push,
        "avoid": answer.avoid,
        "stay_true": answer.stay_true,
        "internal": "\n".join(answer.internal),
        "text": answer.source,
    }
