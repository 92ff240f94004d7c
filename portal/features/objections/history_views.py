"""Doors of history: every version of what was asked and of its answers, what changed, and the way back."""

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.errors import require
from portal.core.ids import IdSlug
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.objections import policy
from portal.features.objections.forms import ANSWER_LABELS, ASKED_LABELS, AnswerInput, AskedInput
from portal.features.objections.models import Answer, Asked
from portal.features.objections.operations import edit_answer, edit_asked, prepare_answer, prepare_asked
from portal.features.objections.pages import readable
from portal.features.objections.queries import find_answer, find_asked, list_competitors
from portal.features.objections.views import KINDS, PLACE
from portal.shared.items.models import Item, Revision
from portal.shared.items.pages import Labels, history_page, version_page
from portal.shared.items.queries import find_revision, list_revisions, url_of

feature = Feature("objection_history", private=True)

HISTORY = PLACE + "/<idslug:where>/history"
ANSWER_HISTORY = PLACE + "/<idslug:where>/answers/<int:answer_id>/history"


@feature.get(HISTORY, allow=signed_in)
def asked_history(door: Door, plural: str, where: IdSlug) -> ResponseReturnValue:
    """All versions of what was asked."""
    asked = _asked(door, plural, where)
    return _history(door, asked, url_of(asked.kind, asked.id, asked.slug))


@feature.get(HISTORY + "/<int:version>", allow=signed_in)
def asked_version(door: Door, plural: str, where: IdSlug, version: int) -> ResponseReturnValue:
    """What one version changed."""
    asked = _asked(door, plural, where)
    may_edit = policy.may_edit_asked(door.actor, asked)
    return _version(
        door, asked, url_of(asked.kind, asked.id, asked.slug), version, labels=ASKED_LABELS, may_edit=may_edit
    )


@feature.post(HISTORY + "/<int:version>/restore", allow=signed_in)
def restore_asked(door: Door, plural: str, where: IdSlug, version: int) -> ResponseReturnValue:
    """Save an older version as the newest."""
    asked, actor = _asked(door, plural, where), door.actor
    require(policy.may_edit_asked(actor, asked), "Only the asker and managers may change this.")
    content = _content(door, asked, version)
    prepared, base = prepare_asked(AskedInput.of_content(content, f"Version {version} restored")), asked.version
    saved = door.write(lambda session: edit_asked(session, actor, asked.id, prepared, base))
    say(f"Version {version} is back.")
    return go(url_of(saved.kind, saved.id, saved.slug))


@feature.get(ANSWER_HISTORY, allow=signed_in)
def answer_history(door: Door, plural: str, where: IdSlug, answer_id: int) -> ResponseReturnValue:
    """All versions of an answer."""
    asked, answer = _answer(door, plural, where, answer_id)
    return _history(door, answer, _answer_url(asked, answer))


@feature.get(ANSWER_HISTORY + "/<int:version>", allow=signed_in)
def answer_version(door: Door, plural: str, where: IdSlug, answer_id: int, version: int) -> ResponseReturnValue:
    """What one version of an answer changed."""
    asked, answer = _answer(door, plural, where, answer_id)
    may_edit = policy.may_edit_answer(door.actor, answer)
    return _version(door, answer, _answer_url(asked, answer), version, labels=ANSWER_LABELS, may_edit=may_edit)


@feature.post(ANSWER_HISTORY + "/<int:version>/restore", allow=signed_in)
def restore_answer(door: Door, plural: str, where: IdSlug, answer_id: int, version: int) -> ResponseReturnValue:
    """Save an older version of an answer as the newest."""
    asked, answer = _answer(door, plural, where, answer_id)
    actor = door.actor
    require(policy.may_edit_answer(actor, answer), "Only its author and managers may change this.")
    content = _content(door, answer, version)
    prepared, base = prepare_answer(AnswerInput.of_content(content, f"Version {version} restored")), answer.version
    door.write(lambda session: edit_answer(session, actor, answer.id, prepared, base))
    say(f"Version {version} is back.")
    return go(f"{url_of(asked.kind, asked.id, asked.slug)}#answer-{answer.id}")


def _history(door: Door, item: Item, url: str) -> ResponseReturnValue:
    revisions = list_revisions(door.session, item.id)
    return page("history/list.html", history_page(item.title, url, revisions, item.version))


def _version(door: Door, item: Item, url: str, version: int, *, labels: Labels, may_edit: bool) -> ResponseReturnValue:
    revision = found(find_revision(door.session, item.id, version))
    before = find_revision(door.session, item.id, version - 1)
    rivals = {one.slug for one in list_competitors(door.session, door.actor)}
    content = version_page(
        item.title, url, revision, before, labels, current=item.version, may_edit=may_edit,
        readable=lambda content: readable(content, rivals),
    )  # fmt: skip
    return page("history/version.html", content)


def _content(door: Door, item: Item, version: int) -> dict[str, object]:
    revision: Revision = found(find_revision(door.session, item.id, version))
    return revision.content


def _asked(door: Door, plural: str, where: IdSlug) -> Asked:
    return found(find_asked(door.session, door.actor, where.id, KINDS[plural]))


def _answer(door: Door, plural: str, where: IdSlug, answer_id: int) -> tuple[Asked, Answer]:
    asked = _asked(door, plural, where)
    answer = found(find_answer(door.session, door.actor, answer_id))
    return asked, found(answer if answer.asked_id == asked.id else None)


def _answer_url(asked: Asked, answer: Answer) -> str:
    return f"{url_of(asked.kind, asked.id, asked.slug)}/answers/{answer.id}"
