"""Doors of trust: who owns an item, who looks at it again, and how often; and the word that somebody gives for it."""

from collections.abc import Mapping
from dataclasses import replace

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.errors import Invalid, NotFound, require
from portal.core.web import Door, Feature, found, go, page, say
from portal.shared.finding.finder import Finder
from portal.shared.items.models import Item
from portal.shared.items.queries import find_reachable, url_of
from portal.shared.items.trust_forms import TrustInput, read_trust
from portal.shared.items.trust_operations import Reassigned, entrust, verify_item
from portal.shared.items.trust_pages import TrustForm, people_choices, said_now, trust_side
from portal.shared.items.trust_policy import TRUSTED, may_entrust
from portal.shared.items.trust_queries import find_keepers
from portal.shared.people.queries import list_names, list_teams

feature = Feature("trust", private=True)

TRUST = "/items/<int:item_id>/trust"
WITH_PAGE = ("playbook",)
"""Kinds that bear a mark and have a page of their own."""
REFUSED = "Only its owner and managers may say who keeps this true."


@feature.get(TRUST, allow=signed_in)
def trust(door: Door, item_id: int) -> ResponseReturnValue:
    """The form: owner, verifier, interval."""
    item, url = _find(door, item_id)
    return _form(door, item, url, TrustInput.of(item).values, {})


@feature.post(TRUST, allow=signed_in)
def keep(door: Door, item_id: int) -> ResponseReturnValue:
    """Keep what was chosen; where somebody was quicker, the form says so and shows what stands."""
    item, url = _find(door, item_id)
    fields, actor = door.fields, door.actor
    seen = fields.line("seen", "Form")
    try:
        given = read_trust(fields)
        door.write(lambda session: entrust(session, actor, item_id, given, seen))
    except Invalid as refused:
        return _form(door, item, url, fields.values, refused.errors)
    except Reassigned as conflict:
        item, url = _find(door, item_id)
        return _form(door, item, url, fields.values, {"": conflict.message})
    say("Kept. The day of the last verification stays as it was.")
    return go(url)


@feature.post("/items/<int:item_id>/verification", allow=signed_in)
def verify(door: Door, item_id: int) -> ResponseReturnValue:
    """Vouch for an item until its interval is over, and go back to its page."""
    item, url = _find(door, item_id, is_form=False)
    actor = door.actor
    door.write(lambda session: verify_item(session, actor, item.id))
    say(f"Verified. It comes up again in {item.verify_days} days.")
    return go(url)


def _find(door: Door, item_id: int, *, is_form: bool = True) -> tuple[Item, str]:
    """An item that bears a mark and that this person may see, with its address; an answer's question is visible too."""
    session, actor = door.session, door.actor
    item = found(find_reachable(session, actor, item_id))
    if item.kind not in TRUSTED:
        raise NotFound
    if item.kind == "answer":
        rows = door.service(Finder).rows(session, actor, [f"answer:{item.id}"], {})
        url = found(rows[0] if rows else None).url
    else:
        url = url_of(item.kind, item.id, item.slug) if item.kind in WITH_PAGE else f"/items/{item.id}/trust"
    if is_form:
        require(may_entrust(actor, item), REFUSED)
    return item, url


def _form(
    door: Door, item: Item, url: str, values: Mapping[str, str], errors: Mapping[str, str]
) -> ResponseReturnValue:
    session, keepers, people = door.session, find_keepers(door.session, item), list_names(door.session)
    stands = TrustInput.of(item)
    content = TrustForm(
        title=item.title,
        url=url,
        action=f"/items/{item.id}/trust",
        values=values,
        errors=errors,
        owners=[("", "nobody"), *people_choices(people, keepers.owner)],
        verifiers=[
            ("", "nobody in particular"),
            *((f"team:{team.id}", team.name) for team in list_teams(session)),
            *people_choices(people, keepers.verifier, "person:"),
        ],
        seen=stands.seen,
        stands=said_now(stands, keepers),
        side=replace(trust_side(door.actor, item, keepers, f"/items/{item.id}/verification"), edit_url=""),
    )
    return page("trust/form.html", content, 409 if "" in errors else 422 if errors else 200)
