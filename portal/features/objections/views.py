"""Doors of objections and questions: list, read, ask, edit."""

from collections.abc import Mapping
from dataclasses import replace

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import signed_in
from portal.core.errors import Invalid, require
from portal.core.forms import Fields
from portal.core.ids import IdSlug
from portal.core.markdown import MarkdownRefused, items_in
from portal.core.paging import page_number
from portal.core.web import Door, Feature, found, go, kept_clear, page, say, settle_slug
from portal.features.objections import policy
from portal.features.objections.forms import ASKED_LABELS, AskedInput, check_choices, read_asked
from portal.features.objections.models import Asked
from portal.features.objections.operations import PreparedAsked, ask, edit_asked, prepare_asked
from portal.features.objections.pages import (
    AskedList,
    AskForm,
    Choices,
    Known,
    Went,
    asked_page,
    asked_values,
    readable,
)
from portal.features.objections.queries import (
    PAGE,
    count_by_category,
    find_asked,
    find_competitor_slug,
    list_answers,
    list_asked,
    list_competitors,
    list_retired,
)
from portal.features.objections.row_pages import row_of
from portal.shared.drafts.forms import token_of
from portal.shared.drafts.operations import then_settled
from portal.shared.drafts.pages import Writing, open_again, open_form
from portal.shared.files.queries import list_attachments
from portal.shared.finding.covering import cover_rows, shown_slug
from portal.shared.finding.finder import ASKED_KINDS, Finder
from portal.shared.finding.gap_operations import link_asked
from portal.shared.finding.likeness import Likeness, like_page
from portal.shared.finding.queries import list_labels
from portal.shared.finding.search_operations import Viewed
from portal.shared.items.operations import Overtaken
from portal.shared.items.pages import conflict_page
from portal.shared.items.promoting import Promotions
from portal.shared.items.queries import find_links, find_revision, url_of
from portal.shared.tags.queries import find_tags, list_terms

feature = Feature("objections")

KINDS = {"objections": "objection", "questions": "question"}
PLACE = "/<any(objections, questions):plural>"


@feature.get(PLACE, allow=signed_in)
def index(door: Door, plural: str) -> ResponseReturnValue:
    """The newest first, in the shape of search rows; by category, or those without an answer."""
    args, actor, kind = door.args, door.actor, KINDS[plural]
    number = page_number(args)
    category, unanswered = args.get("category", ""), args.get("is", "") == "unanswered"
    rows, total = list_asked(door.session, actor, kind, category=category, unanswered=unanswered, page=number)
    labels = list_labels(door.session, actor)
    counts = count_by_category(door.session, actor) if kind == "objection" else {}
    content = AskedList(
        kind=kind,
        rows=cover_rows((row_of(actor, row, labels) for row in rows), labels, actor),
        total=total,
        page=number,
        pages=max(1, -(-total // PAGE)),
        category=category,
        categories=[(slug, name, counts[slug]) for slug, name in labels.get("category", {}).items() if slug in counts],
        is_unanswered=unanswered,
    )
    return page("objections/index.html", content)


@feature.get(PLACE + "/<idslug:where>", allow=signed_in)
def show(door: Door, plural: str, where: IdSlug) -> ResponseReturnValue:
    """What was asked, and its answers, best first."""
    asked = found(find_asked(door.session, door.actor, where.id, KINDS[plural]))
    if moved := settle_slug(where, shown_slug(asked.slug, door.actor), f"/{plural}"):
        return moved
    door.observe(Viewed(door.actor.person_id, asked.id, clock.now()))
    writing = open_form(door.session, door.actor, f"answer-{asked.id}", door.args, anchor="#answer")
    return show_asked(door, asked, writing.typed or Fields({}), writing)


def show_asked(door: Door, asked: Asked, answer: Fields, writing: Writing) -> ResponseReturnValue:
    """The page, with what was typed into the form of an answer and its messages."""
    session, actor = door.session, door.actor
    answers = list_answers(session, actor, asked)
    words = [one.answer for one in answers]
    linked = find_links(session, actor, items_in(asked.html, *(one.html for one in words)))
    tags = find_tags(session, [asked.id]).get(asked.id, [])
    files = list_attachments(session, [asked, *words])
    promotions = door.service(Promotions)
    places = promotions.list_places(session, actor, [one.id for one in words])
    known = Known(
        labels=list_labels(session, actor),
        links=linked,
        files=files,
        retired=list_retired(session, words),
        said={one.id: ("", one.say) for one in words},
        went=Went(places, promotions.may_promote(actor)),
    )
    rival = asked.competitor.slug if asked.competitor else ""
    content = asked_page(actor, asked, answers, known, tags=tags, competitor=rival, writing=writing, form=answer)
    return page("objections/show.html", content, 422 if answer.errors else 200)


@feature.get(PLACE + "/<idslug:where>/similar", allow=signed_in)
def similar(door: Door, plural: str, where: IdSlug) -> ResponseReturnValue:
    """What is like it: a fragment that its page loads, else a page."""
    asked = found(find_asked(door.session, door.actor, where.id, KINDS[plural]))
    tags = find_tags(door.session, [asked.id]).get(asked.id, [])
    like = Likeness(asked, tags, ASKED_KINDS, asked.variants, asked.category or "")
    content = like_page(door.session, door.actor, door.service(Finder), like)
    return page("search/like.html" if door.is_fragment else "search/like_page.html", content)


@feature.get(PLACE + "/new", allow=signed_in)
def new(door: Door, plural: str) -> ResponseReturnValue:
    """The form to ask; `title` may come filled in from a search that found nothing, which is then `searched`."""
    title = door.args.get("title", "")
    writing = open_form(door.session, door.actor, f"new-{KINDS[plural]}", door.args)
    values = {"title": title, "searched": door.args.get("searched", title)}
    return _form(door, plural, writing.typed.values if writing.typed else values, {}, writing=writing)


@feature.post(PLACE + "/new", allow=signed_in)
def create(door: Door, plural: str) -> ResponseReturnValue:
    """Ask, and go to the new page."""
    fields, actor, kind = door.fields, door.actor, KINDS[plural]
    try:
        prepared = _prepare(door, fields, kind)

        def work(session: Session) -> str:
            asked = ask(session, actor, kind, prepared)
            link_asked(session, fields.values.get("searched", ""), asked.id)
            return url_of(kind, asked.id, asked.slug)

        answer = door.create(then_settled(work, actor, fields))
    except (Invalid, MarkdownRefused) as refused:
        return _form(door, plural, fields.values, messages_of(refused))
    kept_clear(f"new-{kind}", token_of(fields))
    return answer


@feature.get(PLACE + "/<idslug:where>/edit", allow=signed_in, private=True)
def edit(door: Door, plural: str, where: IdSlug) -> ResponseReturnValue:
    """The present words in the form."""
    asked = _editable(door, plural, where)
    writing = open_form(door.session, door.actor, f"edit-{asked.id}", door.args, asked)
    if writing.typed:
        return _form(door, plural, writing.typed.values, {}, asked, writing=writing)
    tags = find_tags(door.session, [asked.id]).get(asked.id, [])
    values = asked_values(asked, find_competitor_slug(door.session, door.actor, asked), tags)
    return _form(door, plural, values, {}, asked, writing=writing)


@feature.post(PLACE + "/<idslug:where>/edit", allow=signed_in)
def save(door: Door, plural: str, where: IdSlug) -> ResponseReturnValue:
    """Save; where somebody saved meanwhile, both texts are shown."""
    asked, fields, actor = _editable(door, plural, where), door.fields, door.actor
    version = fields.number("version", "Version", least=1, most=10**9, default=0) or 0
    try:
        prepared = _prepare(door, fields, asked.kind)

        def work(session: Session) -> Asked:
            return edit_asked(session, actor, where.id, prepared, version)

        saved = door.write(then_settled(work, actor, fields))
    except Overtaken as overtaken:
        return _conflict(door, asked, overtaken, fields)
    except (Invalid, MarkdownRefused) as refused:
        return _form(door, plural, fields.values, messages_of(refused), asked)
    kept_clear(f"edit-{asked.id}", token_of(fields))
    say("Saved.")
    return go(url_of(saved.kind, saved.id, saved.slug))


def _prepare(door: Door, fields: Fields, kind: str) -> PreparedAsked:
    given: AskedInput = read_asked(fields, kind)
    choices = _choices(door)
    check_choices(
        given,
        stages={slug for slug, name in choices.stages},
        categories={slug for slug, name in choices.categories},
        competitors={slug for slug, name in choices.competitors},
    )
    return prepare_asked(given)


def _editable(door: Door, plural: str, where: IdSlug) -> Asked:
    asked = found(find_asked(door.session, door.actor, where.id, KINDS[plural]))
    require(policy.may_edit_asked(door.actor, asked), "Only the asker and managers may change this.")
    return asked


def _form(
    door: Door, plural: str, values: Mapping[str, str], errors: Mapping[str, str], asked: Asked | None = None,
    *, writing: Writing | None = None,
) -> ResponseReturnValue:  # fmt: skip
    base = url_of(asked.kind, asked.id, asked.slug) if asked else f"/{plural}"
    choices = _choices(door)
    content = AskForm(
        kind=KINDS[plural],
        action=f"{base}/edit" if asked else f"{base}/new",
        cancel=base,
        values=values,
        errors=errors,
        choices=replace(choices, competitors=()) if door.actor.is_screen_shared else choices,
        writing=writing or open_again(f"edit-{asked.id}" if asked else f"new-{KINDS[plural]}", values, asked),
        version=values.get("version", str(asked.version)) if asked else "",
    )
    return page("objections/form.html", content, 422 if errors else 200)


def _conflict(door: Door, asked: Asked, overtaken: Overtaken, fields: Fields) -> ResponseReturnValue:
    revision = found(find_revision(door.session, asked.id, overtaken.current))
    rivals = {one.slug for one in list_competitors(door.session, door.actor)}
    base = url_of(asked.kind, asked.id, asked.slug)
    content = conflict_page(
        revision, fields, ASKED_LABELS, action=f"{base}/edit", cancel=base, draft=f"edit-{asked.id}",
        readable=lambda content: readable(content, rivals),
    )  # fmt: skip
    return page("history/conflict.html", content, 409)


def _choices(door: Door) -> Choices:
    return Choices(
        stages=[(term.slug, term.name) for term in list_terms(door.session, "stage")],
        categories=[(term.slug, term.name) for term in list_terms(door.session, "category")],
        competitors=[(item.slug, item.title) for item in list_competitors(door.session, door.actor)],
    )


def messages_of(refused: Invalid | MarkdownRefused) -> dict[str, str]:
    """The messages of a refused form, by field."""
    return refused.errors if isinstance(refused, Invalid) else {"text": str(refused)}
