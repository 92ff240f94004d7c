"""Doors of the life of a playbook: the text that waits beside the published one, and every move of the table."""

from collections.abc import Callable, Mapping

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.access import signed_in
from portal.core.errors import Conflict, Invalid, NotFound, require
from portal.core.ids import IdSlug
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.playbooks import policy, shelf_operations
from portal.features.playbooks.forms import PLAYBOOK_LABELS, PlaybookInput, read_obsolete
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.move_operations import PLAIN_MOVES, ask_changes, publish_text
from portal.features.playbooks.move_pages import DONE, NextPage, ObsoletePage, buttons, note_of, waiting_of
from portal.features.playbooks.operations import NO_EDITOR, prepare_playbook
from portal.features.playbooks.policy import BIN, Life
from portal.features.playbooks.queries import PlaybookFound, find_playbook, find_waiting
from portal.settings import Settings
from portal.shared.items import policy as items
from portal.shared.items.diffing import diff_contents
from portal.shared.items.pages import shown
from portal.shared.items.queries import find_links, find_published, list_moves, url_of
from portal.shared.people.pages import link_to

feature = Feature("playbook_moves", private=True)

ONE = "/playbooks/<idslug:where>"
PAGE_MOVES: Mapping[str, Callable[..., Playbook]] = {
    "archive": shelf_operations.archive,
    "bring_back": shelf_operations.bring_back,
    BIN: shelf_operations.put_in_bin,
    "restore": shelf_operations.restore,
}
"""Moves of a whole page that need no words."""


@feature.get(ONE + "/next", allow=signed_in)
def following(door: Door, where: IdSlug) -> ResponseReturnValue:
    """The text that waits: what it changes, the whole of it, and what may be done with it."""
    return _next(door, _workable(door, where))


@feature.post(ONE + "/next", allow=signed_in)
def give_back(door: Door, where: IdSlug) -> ResponseReturnValue:
    """Ask for changes, with one note."""
    one, actor, own = _workable(door, where), door.actor, door.service(Settings).own_review
    version, note = door.fields.version(), " ".join(door.fields.values.get("note", "").split())
    try:
        door.write(lambda session: ask_changes(session, actor, where.id, version, note, may_approve_own=own))
    except Invalid as refused:
        return _next(door, one, note, refused.errors["note"])
    except Conflict as conflict:
        return _next(door, one, note, conflict.message)
    say(DONE["ask_changes"])
    return go("/playbooks/reviews")


@feature.post(ONE + "/moves/<verb>", allow=signed_in)
def move(door: Door, where: IdSlug, verb: str) -> ResponseReturnValue:
    """Make a move that needs no words; where somebody was quicker, nothing is changed, and the page says so."""
    actor, version, own = door.actor, door.fields.version(), door.service(Settings).own_review
    if verb in PAGE_MOVES:

        def work(session: Session) -> Playbook:
            return PAGE_MOVES[verb](session, actor, where.id)
    elif verb in PLAIN_MOVES:

        def work(session: Session) -> Playbook:
            return PLAIN_MOVES[verb](session, actor, where.id, version, may_approve_own=own)
    else:
        return _publish(door, where, verb, version)
    return _act(door, where, verb, work)


@feature.get(ONE + "/obsolete", allow=signed_in)
def obsolete(door: Door, where: IdSlug) -> ResponseReturnValue:
    """The form that asks what replaces the page, or why nothing does."""
    return _obsolete_form(_workable(door, where).playbook, {}, {})


@feature.post(ONE + "/obsolete", allow=signed_in)
def make_obsolete(door: Door, where: IdSlug) -> ResponseReturnValue:
    """Make the page obsolete."""
    playbook, fields, actor = _workable(door, where).playbook, door.fields, door.actor
    try:
        given = read_obsolete(fields)
        return _act(
            door,
            where,
            "make_obsolete",
            lambda session: shelf_operations.make_obsolete(session, actor, where.id, given),
        )
    except Invalid as refused:
        return _obsolete_form(playbook, fields.values, refused.errors)


def _act(door: Door, where: IdSlug, verb: str, work: Callable[[Session], Playbook]) -> ResponseReturnValue:
    try:
        moved = door.write(work)
    except Conflict as conflict:
        say(conflict.message, "warn")
        return go(f"/playbooks/{where.id}")
    except Invalid as refused:
        if verb == "make_obsolete":
            raise
        say("; ".join(refused.errors.values()), "bad")
        return go(f"/playbooks/{where.id}/next")
    say(DONE[verb])
    if verb in (BIN, "restore"):
        return go("/playbooks" if verb == BIN else "/playbooks/bin")
    stays = "?old=yes" if verb == "make_obsolete" else ""
    return go(url_of(moved.kind, moved.id, moved.slug) + stays)


def _publish(door: Door, where: IdSlug, verb: str, version: int) -> ResponseReturnValue:
    """Publish or approve: what waits is rendered outside the write lock."""
    playbook, actor, own = _workable(door, where).playbook, door.actor, door.service(Settings).own_review
    if verb not in ("publish", "approve"):
        raise NotFound
    text = find_waiting(door.session, playbook)
    if text is None:
        say("Somebody was quicker: nothing waits here any more. Nothing was changed.", "warn")
        return go(url_of(playbook.kind, playbook.id, playbook.slug))
    prepared = prepare_playbook(PlaybookInput.from_content(text.content, text.reason))
    return _act(
        door,
        where,
        verb,
        lambda session: publish_text(session, actor, where.id, version, prepared, verb=verb, may_approve_own=own),
    )


def _workable(door: Door, where: IdSlug) -> PlaybookFound:
    """A page that this person may edit, were it not for its state."""
    one = found(find_playbook(door.session, door.actor, where.id))
    require(items.may_edit(door.actor, one.playbook), NO_EDITOR)
    return one


def _next(door: Door, one: PlaybookFound, typed: str = "", error: str = "") -> ResponseReturnValue:
    session, playbook = door.session, one.playbook
    url = url_of(playbook.kind, playbook.id, playbook.slug)
    text = find_waiting(session, playbook)
    if text is None or playbook.status in policy.RETIRED:
        say(error or "No text waits here; this is what readers see.", "warn" if error else "ok")
        return go(url)
    prepared = prepare_playbook(PlaybookInput.from_content(text.content, text.reason))
    published = find_published(session, playbook)
    life = Life(playbook, text, door.service(Settings).own_review)
    moves = buttons(door.actor, life, url)
    asked = note_of(list_moves(session, playbook.id), text, playbook.published_revision_id)
    content = NextPage(
        title=prepared.given.title,
        url=url,
        waiting=waiting_of(text, url),
        reason=text.reason,
        is_new=published is None,
        changes=diff_contents(published.content, text.content, PLAYBOOK_LABELS) if published else (),
        html=shown(prepared.rendered.html, find_links(session, door.actor, prepared.rendered.item_ids)),
        moves=[one for one in moves if one.verb in (*PLAIN_MOVES, "publish", "approve")],
        note=asked.note if asked else "",
        note_by=link_to(asked.actor) if asked else None,
        changes_url=f"{url}/next" if any(one.verb == "ask_changes" for one in moves) else "",
        version=text.version,
        typed=typed,
        error=error,
        edit_url=f"{url}/edit" if policy.may_edit(door.actor, playbook) else "",
    )
    return page("playbooks/next.html", content, 422 if error else 200)


def _obsolete_form(playbook: Playbook, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    url = url_of(playbook.kind, playbook.id, playbook.slug)
    return page("playbooks/obsolete.html", ObsoletePage(playbook.title, url, values, errors), 422 if errors else 200)
