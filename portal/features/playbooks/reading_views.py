"""Doors of reading playbooks: the list, the page, and a word for it."""

from urllib.parse import urlencode

from flask import redirect
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import signed_in
from portal.core.ids import IdSlug, read_id
from portal.core.markdown import items_in
from portal.core.paging import address, page_number
from portal.core.web import Door, Feature, found, page, settle_slug
from portal.features.playbooks import policy
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.move_pages import Forwarding, standing_of
from portal.features.playbooks.pages import PlaybookList, facet_group, list_row, playbook_page
from portal.features.playbooks.queries import (
    ORDERS,
    PAGE,
    count_by_stage,
    count_by_tag,
    find_last_successor,
    find_playbook,
    list_contributors,
    list_headings,
    list_playbooks,
)
from portal.settings import Settings
from portal.shared.files.queries import list_attachments
from portal.shared.finding.covering import cover_rows, shown_slug
from portal.shared.finding.queries import list_labels
from portal.shared.finding.search_operations import Viewed
from portal.shared.items.queries import OPEN_STATUSES, find_links, url_of
from portal.shared.items.trust_queries import find_keepers
from portal.shared.tags.queries import find_tags

feature = Feature("playbook_reading")

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
        bulk_url=address(f"{BASE}/bulk", {"stage": stage, "tag": tag}) if policy.CURATORS.admits(actor) else "",
    )
    return page("playbooks/index.html", content)


@feature.get(ONE, allow=signed_in)
def show(door: Door, where: IdSlug) -> ResponseReturnValue:
    """A playbook with its contents and what is known about it."""
    session, actor = door.session, door.actor
    one = found(find_playbook(session, actor, where.id))
    playbook = one.playbook
    if moved := settle_slug(where, shown_slug(playbook.slug, actor), BASE):
        return moved
    forwarding = _forwarding(door, playbook)
    if forwarding.successor[0] and "old" not in door.args:
        return redirect(f"{forwarding.successor[0]}?from={playbook.id}")
    if playbook.status in OPEN_STATUSES:
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
        keepers=find_keepers(session, playbook),
        standing=standing_of(actor, one, forwarding, may_approve_own=door.service(Settings).own_review),
    )
    return page("playbooks/show.html", content)


def _forwarding(door: Door, playbook: Playbook) -> Forwarding:
    """Where an obsolete page leads in the end; and whether the reader was led here from one that says so."""
    session, actor, came = door.session, door.actor, read_id(door.args.get("from", ""))
    if playbook.status == "obsolete" and playbook.successor_id is not None:
        last = find_last_successor(session, actor, playbook.id)
        return Forwarding((url_of(last.kind, last.id, last.slug), last.title) if last else ("", ""))
    if came:
        last, old = find_last_successor(session, actor, came), find_links(session, actor, [came])
        if last is not None and last.id == playbook.id and old:
            url, title = old[came]
            return Forwarding(came_from=(f"{url}?old=yes", title))
    return Forwarding()


def _list_url(stage: str, tag: str, order: str) -> str:
    parts = {"stage": stage, "tag": tag, "sort": order if order != ORDERS[0] else ""}
    query = urlencode({key: value for key, value in parts.items() if value})
    return f"{BASE}?{query}" if query else BASE
