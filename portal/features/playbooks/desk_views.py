"""Doors to what is not on view: my drafts, what waits for a review, the archive and the bin."""

from collections.abc import Sequence

from flask.typing import ResponseReturnValue

from portal.core.access import Actor, signed_in
from portal.core.paging import rows_before, span
from portal.core.web import Door, Feature, page
from portal.features.playbooks.desk_queries import PAGE, DeskFound, list_archived, list_bin, list_drafts, list_reviews
from portal.features.playbooks.move_pages import DeskPage, desk_row
from portal.features.playbooks.policy import BIN, CURATORS
from portal.features.playbooks.shelf_operations import BIN_DAYS

feature = Feature("playbook_desk", private=True)

BASE = "/playbooks"


@feature.get(f"{BASE}/drafts", allow=signed_in)
def drafts(door: Door) -> ResponseReturnValue:
    """Texts of mine, and of pages that are mine, which wait to be published."""
    return _desk(door, "drafts", *list_drafts(door.session, door.actor, rows_before(door.args, PAGE)))


@feature.get(f"{BASE}/reviews", allow=CURATORS)
def reviews(door: Door) -> ResponseReturnValue:
    """What waits for a review."""
    return _desk(door, "reviews", *list_reviews(door.session, door.actor, rows_before(door.args, PAGE)))


@feature.get(f"{BASE}/archive", allow=CURATORS)
def archive(door: Door) -> ResponseReturnValue:
    """What stands in no list any more, and can come back."""
    return _desk(door, "archive", *list_archived(door.session, door.actor, rows_before(door.args, PAGE)))


@feature.get(f"{BASE}/bin", allow=signed_in)
def binned(door: Door) -> ResponseReturnValue:
    """What is deleted soon, and can be taken out until then."""
    return _desk(door, BIN, *list_bin(door.session, door.actor, rows_before(door.args, PAGE)))


def _desk(door: Door, name: str, found: Sequence[DeskFound], total: int) -> ResponseReturnValue:
    before = rows_before(door.args, PAGE)
    content = DeskPage(
        name=name,
        tabs=_tabs(door.actor, name),
        rows=[desk_row(one, bin_days=BIN_DAYS) for one in found],
        total=total,
        span=span(f"{BASE}/{name}", {}, before=before, shown=len(found), total=total, size=PAGE),
    )
    return page("playbooks/desk.html", content)


def _tabs(actor: Actor, name: str) -> list[tuple[str, str, bool]]:
    curated = [("In review", "reviews"), ("Archive", "archive")] if CURATORS.admits(actor) else []
    entries = [("My drafts", "drafts"), *curated, ("Bin", BIN)]
    return [(text, f"{BASE}/{one}", one == name) for text, one in entries]
