"""Doors of answers: post, edit, choose."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.access import signed_in
from portal.core.errors import Invalid, require
from portal.core.forms import Fields
from portal.core.ids import IdSlug
from portal.core.markdown import MarkdownRefused
from portal.core.web import Door, Feature, found, go, kept_clear, page, say
from portal.features.objections import policy
from portal.features.objections.forms import ANSWER_LABELS, read_answer
from portal.features.objections.models import Answer, Asked
from portal.features.objections.operations import choose_answer, edit_answer, post_answer, prepare_answer
from portal.features.objections.pages import AnswerForm, answer_values
from portal.features.objections.queries import find_answer, find_asked
from portal.features.objections.views import KINDS, PLACE, messages_of, show_asked
from portal.shared.drafts.forms import token_of
from portal.shared.drafts.operations import then_settled
from portal.shared.drafts.pages import Writing, open_again, open_form
from portal.shared.items.operations import Overtaken
from portal.shared.items.pages import conflict_page
from portal.shared.items.queries import find_revision, url_of

feature = Feature("answers")

ANSWERS = PLACE + "/<idslug:where>/answers"
ANSWER = ANSWERS + "/<int:answer_id>"


@feature.get("/answers/<int:answer_id>", allow=signed_in)
def show_answer(door: Door, answer_id: int) -> ResponseReturnValue:
    """An answer by its number alone: on to its place on the page of what it answers."""
    given = found(find_answer(door.session, door.actor, answer_id))
    return go(_anchor(door.session.get_one(Asked, given.asked_id), given))


@feature.get("/answers/<int:answer_id>/edit", allow=signed_in, private=True)
def edit_by_number(door: Door, answer_id: int) -> ResponseReturnValue:
    """The form of an answer by its number alone; what waits to be taken up comes along."""
    given = found(find_answer(door.session, door.actor, answer_id))
    draft = token_of(Fields.of(draft=door.args.get("draft", "")))
    return go(f"{_base(door.session.get_one(Asked, given.asked_id), given)}/edit{f'?draft={draft}' if draft else ''}")


@feature.get(ANSWERS, allow=signed_in)
def answer_again(door: Door, plural: str, where: IdSlug) -> ResponseReturnValue:
    """Where somebody comes back to who had to sign in to answer."""
    asked = found(find_asked(door.session, door.actor, where.id, KINDS[plural]))
    return go(f"{url_of(asked.kind, asked.id, asked.slug)}#answer")


@feature.post(ANSWERS, allow=signed_in)
def answer(door: Door, plural: str, where: IdSlug) -> ResponseReturnValue:
    """Answer; what cannot be taken comes back on the page with what was typed."""
    asked = found(find_asked(door.session, door.actor, where.id, KINDS[plural]))
    require(policy.may_answer(door.actor, asked), "This is closed; it takes no more answers.")
    fields, actor = door.fields, door.actor
    try:
        prepared = prepare_answer(read_answer(fields))
    except (Invalid, MarkdownRefused) as refused:
        fields.errors.update(messages_of(refused))
        return show_asked(door, asked, fields, open_again(f"answer-{asked.id}", fields.values))
    url = url_of(asked.kind, asked.id, asked.slug)

    def work(session: Session) -> str:
        return f"{url}#answer-{post_answer(session, actor, asked.id, prepared).id}"

    response = door.create(then_settled(work, actor, fields))
    kept_clear(f"answer-{asked.id}", token_of(fields))
    return response


@feature.post(ANSWER + "/choice", allow=signed_in)
def choose(door: Door, plural: str, where: IdSlug, answer_id: int) -> ResponseReturnValue:
    """The asker's choice, or its end."""
    asked, actor = found(find_asked(door.session, door.actor, where.id, KINDS[plural])), door.actor
    door.write(lambda session: choose_answer(session, actor, asked.id, answer_id))
    return go(f"{url_of(asked.kind, asked.id, asked.slug)}#answer-{answer_id}")


@feature.get(ANSWER + "/edit", allow=signed_in, private=True)
def edit_answer_form(door: Door, plural: str, where: IdSlug, answer_id: int) -> ResponseReturnValue:
    """The present words in the form."""
    asked, given = _editable(door, plural, where, answer_id)
    writing = open_form(door.session, door.actor, f"edit-{given.id}", door.args, given)
    return _form(asked, given, writing.typed.values if writing.typed else answer_values(given), {}, writing)


@feature.post(ANSWER + "/edit", allow=signed_in)
def save_answer(door: Door, plural: str, where: IdSlug, answer_id: int) -> ResponseReturnValue:
    """Save; where somebody saved meanwhile, both texts are shown."""
    asked, given = _editable(door, plural, where, answer_id)
    fields, actor = door.fields, door.actor
    version = fields.number("version", "Version", least=1, most=10**9, default=0) or 0
    try:
        prepared = prepare_answer(read_answer(fields))

        def work(session: Session) -> Answer:
            return edit_answer(session, actor, given.id, prepared, version)

        door.write(then_settled(work, actor, fields))
    except Overtaken as overtaken:
        revision = found(find_revision(door.session, given.id, overtaken.current))
        base = _base(asked, given)
        content = conflict_page(
            revision,
            fields,
            ANSWER_LABELS,
            action=f"{base}/edit",
            cancel=_anchor(asked, given),
            draft=f"edit-{given.id}",
        )
        return page("history/conflict.html", content, 409)
    except (Invalid, MarkdownRefused) as refused:
        return _form(
            asked, given, fields.values, messages_of(refused), open_again(f"edit-{given.id}", fields.values, given)
        )
    kept_clear(f"edit-{given.id}", token_of(fields))
    say("Saved.")
    return go(_anchor(asked, given))


def _find(door: Door, plural: str, where: IdSlug, answer_id: int) -> tuple[Asked, Answer]:
    asked = found(find_asked(door.session, door.actor, where.id, KINDS[plural]))
    given = found(find_answer(door.session, door.actor, answer_id))
    return asked, found(given if given.asked_id == asked.id else None)


def _editable(door: Door, plural: str, where: IdSlug, answer_id: int) -> tuple[Asked, Answer]:
    asked, given = _find(door, plural, where, answer_id)
    require(policy.may_edit_answer(door.actor, given), "Only its author and managers may change this.")
    return asked, given


def _form(
    asked: Asked, given: Answer, values: Mapping[str, str], errors: Mapping[str, str], writing: Writing
) -> ResponseReturnValue:
    content = AnswerForm(
        title=asked.title,
        action=f"{_base(asked, given)}/edit",
        cancel=_anchor(asked, given),
        values=values,
        errors=errors,
        writing=writing,
        version=values.get("version", str(given.version)),
    )
    return page("objections/answer_form.html", content, 422 if errors else 200)


def _base(asked: Asked, given: Answer) -> str:
    return f"{url_of(asked.kind, asked.id, asked.slug)}/answers/{given.id}"


def _anchor(asked: Asked, given: Answer) -> str:
    return f"{url_of(asked.kind, asked.id, asked.slug)}#answer-{given.id}"
