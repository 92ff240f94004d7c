"""Doors of playbooks: list, read, write, edit, vouch."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import signed_in
from portal.core.errors import Invalid, require
from portal.core.forms import Fields
from portal.core.ids import IdSlug
from portal.core.markdown import items_in
from portal.core.paging import page_number
from portal.core.web import Door, Feature, found, go, kept_clear, page, say, settle_slug
from portal.features.playbooks import policy
from portal.features.playbooks.forms import PLAYBOOK_LABELS, check_choices, read_playbook
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.operations import PreparedPlaybook, edit_playbook, prepare_playbook, write_playbook
from portal.features.playbooks.pages import (
    Choices,
    PlaybookForm,
    PlaybookList,
    facet_group,
    list_row,
    playbook_page,
    playbook_values,
)
from portal.features.playbooks.queries import (
    ORDERS,
    PAGE,
    PlaybookFound,
    count_by_stage,
    count_by_tag,
    find_playbook,
    list_contributors,
    list_headings,
    list_playbooks,
)
from portal.features.playbooks.template_pages import preview_of, row_of
from portal.features.playbooks.template_queries import find_template, list_templates
from portal.shared.files.queries import list_attachments
from portal.shared.finding.covering import cover_rows
from portal.shared.finding.finder import ASKED_KINDS, Finder
from portal.shared.finding.likeness import Likeness, like_page
from portal.shared.finding.queries import list_labels
from portal.shared.finding.search_operations import Viewed
from portal.shared.items.forms import audience_choices
from portal.shared.items.operations import Overtaken, verify_item
from portal.shared.items.pages import conflict_page, shown
from portal.shared.items.queries import find_links, find_revision, url_of
from portal.shared.tags.queries import find_tags, list_terms

feature = Feature("playbooks")

BASE = "/playbooks"
ONE = BASE + "/<idslug:where>"


@feature.get(BASE, allow=signed_in)
def index(door: Door) -> ResponseReturnValue:
    """The newest or the most useful first, by stage and tag."""
    args, actor, session = door.args, door.actor, door.session
    stage, tag = args.get("stage", ""), args.get("tag", "")
    order = args.get("sort", "") if args.get("sort", "") in ORDERS else ORDERS[0]
    number = page_number(args)
    rows, total = list_playbooks(session, actor, stage=stage, tag=tag, order=order, page=number)
    labels = list_labels(session, actor)
    names = labels.get("stage", {})
    stages, tags = count_by_stage(session, actor), count_by_tag(session, actor)
    facets = (
        facet_group(
            "Stage",
            [(slug, name, stages[slug], _list_url(slug, tag, order)) for slug, name in names.items() if slug in stages],
            chosen=stage,
            without=_list_url("", tag, order),
        ),
        facet_group(
            "Tag",
            [(slug, name, count, _list_url(stage, slug, order)) for slug, name, count in tags],
            chosen=tag,
            without=_list_url(stage, "", order),
        ),
    )
    content = PlaybookList(
        rows=cover_rows((list_row(actor, row, labels) for row in rows), labels, actor),
        facets=[group for group in facets if group.choices],
        chosen=[one.name for group in facets for one in group.choices if one.is_on] or [w for w in (stage, tag) if w],
        total=total,
        page=number,
        pages=max(1, -(-total // PAGE)),
        order=order,
        query=urlencode({key: value for key, value in (("stage", stage), ("tag", tag)) if value}),
        may_write=policy.may_write(actor),
    )
    return page("playbooks/index.html", content)


@feature.get(ONE, allow=signed_in)
def show(door: Door, where: IdSlug) -> ResponseReturnValue:
    """A playbook with its contents and what is known about it."""
    session, actor = door.session, door.actor
    one = found(find_playbook(session, actor, where.id))
    playbook = one.playbook
    if moved := settle_slug(where, playbook.slug, BASE):
        return moved
    door.observe(Viewed(actor.person_id, playbook.id, clock.now()))
    content = playbook_page(
        actor,
        one,
        headings=list_headings(session, playbook.id),
        contributors=list_contributors(session, playbook.id),
        tags=find_tags(session, [playbook.id]).get(playbook.id, []),
        files=list_attachments(session, [playbook]).get(playbook.id, []),
        links=find_links(session, actor, items_in(playbook.html)),
        labels=list_labels(session, actor),
    )
    return page("playbooks/show.html", content)


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
    template = find_template(door.session, int(number)) if number.isdecimal() and len(number) < 10 else None
    if number and template is None:
        say("That template is gone. Begin with another one, or with an empty page.", "warn")
    return _form(door, {"title": door.args.get("title", ""), "text": template.text if template else ""}, {})


@feature.post(BASE + "/new", allow=policy.WRITERS)
def create(door: Door) -> ResponseReturnValue:
    """Publish, and go to the new page."""
    fields, actor = door.fields, door.actor

    def work(session: Session) -> str:
        playbook = write_playbook(session, actor, prepared)
        return url_of(playbook.kind, playbook.id, playbook.slug)

    try:
        prepared = _prepare(door, fields)
        answer = door.create(work)
    except Invalid as refused:
        return _form(door, fields.values, refused.errors)
    kept_clear("new-playbook")
    return answer


@feature.get(ONE + "/edit", allow=signed_in, private=True)
def edit(door: Door, where: IdSlug) -> ResponseReturnValue:
    """The present words in the form."""
    playbook = _editable(door, where).playbook
    tags = find_tags(door.session, [playbook.id]).get(playbook.id, [])
    return _form(door, playbook_values(playbook, tags), {}, playbook)


@feature.post(ONE + "/edit", allow=signed_in)
def save(door: Door, where: IdSlug) -> ResponseReturnValue:
    """Save; where somebody saved meanwhile, both texts are shown."""
    playbook, fields, actor = _editable(door, where).playbook, door.fields, door.actor
    version = fields.version()
    try:
        prepared = _prepare(door, fields)
        saved = door.write(lambda session: edit_playbook(session, actor, where.id, prepared, version))
    except Overtaken as overtaken:
        return _conflict(door, playbook, overtaken, fields)
    except Invalid as refused:
        return _form(door, fields.values, refused.errors, playbook)
    kept_clear(f"edit-{playbook.id}")
    say("Saved.")
    return go(url_of(saved.kind, saved.id, saved.slug))


@feature.post(ONE + "/verification", allow=signed_in)
def verify(door: Door, where: IdSlug) -> ResponseReturnValue:
    """Vouch for the playbook for the next 90 days."""
    playbook, actor = found(find_playbook(door.session, door.actor, where.id)).playbook, door.actor
    door.write(lambda session: verify_item(session, actor, playbook.id))
    say("Verified. It comes up again in 90 days.")
    return go(url_of(playbook.kind, playbook.id, playbook.slug))


def _prepare(door: Door, fields: Fields) -> PreparedPlaybook:
    given = read_playbook(fields)
    choices = _choices(door)
    stages, audiences = ({value for value, _ in offered} for offered in (choices.stages, choices.audiences))
    check_choices(given, stages=stages, audiences=audiences)
    return prepare_playbook(given)


def _editable(door: Door, where: IdSlug) -> PlaybookFound:
    one = found(find_playbook(door.session, door.actor, where.id))
    allowed = policy.may_edit(door.actor, one.playbook)
    require(allowed, "Only its author, its owner and managers may change this playbook.")
    return one


def _form(
    door: Door, values: Mapping[str, str], errors: Mapping[str, str], playbook: Playbook | None = None
) -> ResponseReturnValue:
    base = url_of(playbook.kind, playbook.id, playbook.slug) if playbook else BASE
    untouched, typed = playbook is not None and not errors, values.get("text", "")
    links = find_links(door.session, door.actor, items_in(playbook.html)) if playbook and untouched else {}
    content = PlaybookForm(
        action=f"{base}/edit" if playbook else f"{base}/new",
        cancel=base,
        values=values,
        errors=errors,
        choices=_choices(door),
        preview=shown(playbook.html, links) if playbook and untouched else preview_of(door.session, door.actor, typed),
        draft_key=f"edit-{playbook.id}" if playbook else "new-playbook",
        version=values.get("version", str(playbook.version)) if playbook else "",
        templates=[] if playbook else [row_of(one) for one in list_templates(door.session)],
        may_keep_templates=policy.may_keep_templates(door.actor),
    )
    return page("playbooks/form.html", content, 422 if errors else 200)


def _conflict(door: Door, playbook: Playbook, overtaken: Overtaken, fields: Fields) -> ResponseReturnValue:
    revision = found(find_revision(door.session, playbook.id, overtaken.current))
    base = url_of(playbook.kind, playbook.id, playbook.slug)
    content = conflict_page(
        revision, fields, PLAYBOOK_LABELS, action=f"{base}/edit", cancel=base, draft=f"edit-{playbook.id}"
    )
    return page("history/conflict.html", content, 409)


def _choices(door: Door) -> Choices:
    stages = [(term.slug, term.name) for term in list_terms(door.session, "stage")]
    return Choices(stages, audience_choices(door.session))


def _list_url(stage: str, tag: str, order: str) -> str:
    parts = {"stage": stage, "tag": tag, "sort": order if order != ORDERS[0] else ""}
    query = urlencode({key: value for key, value in parts.items() if value})
    return f"{BASE}?{query}" if query else BASE
