"""Doors of writing playbooks: new ones and edits, published at once, kept as drafts, or sent for review."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.access import signed_in
from portal.core.errors import Invalid, require
from portal.core.forms import Fields
from portal.core.ids import IdSlug, read_id
from portal.core.markdown import items_in
from portal.core.web import Door, Feature, found, go, kept_clear, page, say
from portal.features.playbooks import policy
from portal.features.playbooks.forms import (
    PLAYBOOK_LABELS,
    check_choices,
    read_numbers,
    read_playbook,
    text_values,
    wanted_state,
)
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.move_operations import send_for_review
from portal.features.playbooks.move_pages import note_of, waiting_of
from portal.features.playbooks.operations import (
    PreparedPlaybook,
    draft_edit,
    draft_playbook,
    edit_playbook,
    prepare_playbook,
    write_playbook,
)
from portal.features.playbooks.pages import (
    Choices,
    PlaybookForm,
    playbook_values,
)
from portal.features.playbooks.queries import (
    PlaybookFound,
    find_playbook,
)
from portal.features.playbooks.template_pages import preview_of, row_of
from portal.features.playbooks.template_queries import find_template, list_templates
from portal.settings import Settings
from portal.shared.drafts.forms import token_of
from portal.shared.drafts.operations import then_settled
from portal.shared.drafts.pages import Writing, open_again, open_form
from portal.shared.finding.finder import ASKED_KINDS, Finder
from portal.shared.finding.likeness import Likeness, like_page
from portal.shared.items.forms import audience_choices
from portal.shared.items.operations import Overtaken
from portal.shared.items.pages import conflict_page, shown
from portal.shared.items.promoting import Promotable, Promotions
from portal.shared.items.queries import find_links, find_revision, list_moves, url_of
from portal.shared.tags.queries import find_tags, list_terms

feature = Feature("playbooks")

BASE = "/playbooks"
ONE = BASE + "/<idslug:where>"
SAID = {
    "draft": "Kept as a draft. Its author, its owner and managers see it, and nobody else.",
    "in_review": "Sent for review. Readers see it once somebody approves it.",
}


@feature.get(ONE + "/similar", allow=signed_in)
def similar(door: Door, where: IdSlug) -> ResponseReturnValue:
    """What is like it: a fragment that its page loads, else a page."""
    playbook = found(find_playbook(door.session, door.actor, where.id)).playbook
    tags = find_tags(door.session, [playbook.id]).get(playbook.id, [])
    like = Likeness(playbook, tags, (playbook.kind, *ASKED_KINDS))
    content = like_page(door.session, door.actor, door.service(Finder), like)
    return page("search/like.html" if door.is_fragment else "search/like_page.html", content)


@feature.get(BASE + "/new", allow=policy.WRITERS)
def new(door: Door) -> ResponseReturnValue:
    """An empty form; `title` may come filled in, and the text of the `template` of that number."""
    number = door.args.get("template", "")
    template = find_template(door.session, read_id(number)) if number else None
    if number and template is None:
        say("That template is gone. Begin with another one, or with an empty page.", "warn")
    writing = open_form(door.session, door.actor, "new-playbook", door.args)
    values = {"title": door.args.get("title", ""), "text": template.text if template else ""}
    if one := _promoted(door):
        values |= {"title": one.title, "text": one.text, "promoted": str(one.item_id)}
    return _form(door, writing.typed.values if writing.typed else values, {}, writing=writing)


@feature.post(BASE + "/new", allow=policy.WRITERS)
def create(door: Door) -> ResponseReturnValue:
    """Publish, keep as a draft, or send for review, and go to the new page."""
    fields, actor = door.fields, door.actor
    wanted, may_approve_own = wanted_state(fields), door.service(Settings).own_review

    def work(session: Session) -> str:
        if wanted == "published":
            playbook = write_playbook(session, actor, prepared, may_approve_own=may_approve_own)
        else:
            playbook = draft_playbook(session, actor, prepared)
            if wanted == "in_review":
                send_for_review(session, actor, playbook.id, playbook.version, may_approve_own=may_approve_own)
        return url_of(playbook.kind, playbook.id, playbook.slug)

    try:
        prepared = _prepare(door, fields)
        answer = door.create(then_settled(work, actor, fields))
    except Invalid as refused:
        return _form(door, fields.values, refused.errors)
    kept_clear("new-playbook", token_of(fields))
    if wanted in SAID:
        say(SAID[wanted])
    return answer


@feature.get(ONE + "/edit", allow=signed_in, private=True)
def edit(door: Door, where: IdSlug) -> ResponseReturnValue:
    """The text that waits in the form, or else the published words; `?from=published` begins with these anyway."""
    one = _editable(door, where)
    playbook = one.playbook
    writing = open_form(door.session, door.actor, f"edit-{playbook.id}", door.args, playbook)
    if writing.typed:
        return _form(door, writing.typed.values, {}, one, writing=writing)
    if one.text and door.args.get("from") != "published":
        text = found(find_revision(door.session, playbook.id, playbook.version))
        values = text_values(text.content, text.reason, is_minor=text.is_minor)
    else:
        values = playbook_values(playbook, find_tags(door.session, [playbook.id]).get(playbook.id, []))
    if promoted := _promoted(door):
        values["text"] = f"{values['text'].rstrip()}\n\n{promoted.text}"
        values["promoted"] = f"{values.get('promoted', '')} {promoted.item_id}".strip()
    return _form(door, values, {}, one, writing=writing)


@feature.post(ONE + "/edit", allow=signed_in)
def save(door: Door, where: IdSlug) -> ResponseReturnValue:
    """Publish, keep as a draft or send for review; where somebody saved meanwhile, both texts are shown."""
    one, fields, actor = _editable(door, where), door.fields, door.actor
    version, wanted, may_approve_own = fields.version(), wanted_state(fields), door.service(Settings).own_review

    def work(session: Session) -> Playbook:
        if wanted == "published":
            return edit_playbook(session, actor, where.id, prepared, version, may_approve_own=may_approve_own)
        drafted = draft_edit(session, actor, where.id, prepared, version)
        if wanted == "in_review":
            send_for_review(session, actor, where.id, drafted.version, may_approve_own=may_approve_own)
        return drafted

    try:
        prepared = _prepare(door, fields)
        saved = door.write(then_settled(work, actor, fields))
    except Overtaken as overtaken:
        return _conflict(door, one.playbook, overtaken, fields)
    except Invalid as refused:
        return _form(door, fields.values, refused.errors, one)
    kept_clear(f"edit-{where.id}", token_of(fields))
    say(SAID.get(wanted, "Saved."))
    url = url_of(saved.kind, saved.id, saved.slug)
    return go(url if wanted == "published" or saved.published_revision_id is None else f"{url}/next")


def _prepare(door: Door, fields: Fields) -> PreparedPlaybook:
    given = read_playbook(fields)
    stages = {term.slug for term in list_terms(door.session, "stage")} if given.stage else set()
    audiences = {mark for mark, _ in audience_choices(door.session)} if given.audience else set()
    check_choices(given, stages=stages, audiences=audiences)
    return prepare_playbook(given)


def _editable(door: Door, where: IdSlug) -> PlaybookFound:
    one = found(find_playbook(door.session, door.actor, where.id))
    allowed = policy.may_edit(door.actor, one.playbook)
    require(allowed, "Only its author, its owner and managers may change this playbook.")
    return one


def _form(
    door: Door, values: Mapping[str, str], errors: Mapping[str, str], one: PlaybookFound | None = None,
    *, writing: Writing | None = None,
) -> ResponseReturnValue:  # fmt: skip
    playbook, text = (one.playbook, one.text) if one else (None, None)
    base = url_of(playbook.kind, playbook.id, playbook.slug) if playbook else BASE
    typed, actor, own = values.get("text", ""), door.actor, door.service(Settings).own_review
    moves = list_moves(door.session, playbook.id) if playbook and text else []
    asked = note_of(moves, text, playbook.published_revision_id) if playbook and text else None
    untouched = playbook is not None and not errors and typed == playbook.source
    links = find_links(door.session, actor, items_in(playbook.html)) if playbook and untouched else {}
    content = PlaybookForm(
        action=f"{base}/edit" if playbook else f"{base}/new",
        cancel=base,
        values=values,
        errors=errors,
        choices=_choices(door, with_audiences=playbook is None),
        preview=shown(playbook.html, links) if playbook and untouched else preview_of(door.session, door.actor, typed),
        writing=writing or open_again(f"edit-{playbook.id}" if playbook else "new-playbook", values, playbook),
        version=values.get("version", str(playbook.version)) if playbook else "",
        templates=[] if playbook else [row_of(one) for one in list_templates(door.session)],
        may_keep_templates=policy.may_keep_templates(door.actor),
        may_publish=policy.may_publish(actor, playbook, may_approve_own=own) if playbook else own,
        is_published=bool(playbook and playbook.published_revision_id),
        waiting=waiting_of(text, base) if text else None,
        may_restart=bool(playbook and playbook.published_revision_id and not untouched),
        note=f"{asked.actor.shown_name} asks: {asked.note}" if asked else "",
        is_promotion="promote" in door.args,
    )
    return page("playbooks/form.html", content, 422 if errors else 200)


def _conflict(door: Door, playbook: Playbook, overtaken: Overtaken, fields: Fields) -> ResponseReturnValue:
    revision = found(find_revision(door.session, playbook.id, overtaken.current))
    base = url_of(playbook.kind, playbook.id, playbook.slug)
    content = conflict_page(
        revision, fields, PLAYBOOK_LABELS, action=f"{base}/edit", cancel=base,
        draft=f"edit-{playbook.id}", kept=("as", "minor", "promoted"),
    )  # fmt: skip
    return page("history/conflict.html", content, 409)


def _promoted(door: Door) -> Promotable | None:
    """The answer that becomes a section of the text in the form."""
    numbers = read_numbers(door.args.get("promote", ""))
    return found(door.service(Promotions).find(door.session, door.actor, numbers[0])) if numbers else None


def _choices(door: Door, *, with_audiences: bool = True) -> Choices:
    """What the form offers; who may read it is chosen once, for a new one."""
    stages = [(term.slug, term.name) for term in list_terms(door.session, "stage")]
    return Choices(stages, audience_choices(door.session) if with_audiences else ())
