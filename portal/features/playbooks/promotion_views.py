"""The door of promotion: choose the playbook that an answer becomes a section of; its form takes it from there."""

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.web import Door, Feature, found, page
from portal.features.playbooks.forms import read_numbers
from portal.features.playbooks.policy import may_write
from portal.features.playbooks.promotion_pages import promote_page
from portal.features.playbooks.promotion_queries import list_editable
from portal.shared.items.promoting import Promotions

feature = Feature("playbook_promotion", private=True)


@feature.get("/playbooks/promote", allow=signed_in)
def choose(door: Door) -> ResponseReturnValue:
    """The playbooks that one may change, the newest first, or those whose title holds the words `q`."""
    numbers, words = read_numbers(door.args.get("answer", "")), door.args.get("q", "").strip()[:200]
    one = found(door.service(Promotions).find(door.session, door.actor, numbers[0]) if numbers else None)
    rows = list_editable(door.session, door.actor, words)
    return page("playbooks/promote.html", promote_page(one, words, rows, may_write=may_write(door.actor)))
