"""Doors to taking a passage out of all versions of a playbook: first looked for, then taken out."""

from flask.typing import ResponseReturnValue

from portal.core.access import admins
from portal.core.errors import Invalid
from portal.core.ids import IdSlug
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.playbooks.forms import read_redaction
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.move_pages import RedactionPage
from portal.features.playbooks.queries import find_playbook
from portal.features.playbooks.redaction_operations import redact_playbook
from portal.shared.items.queries import url_of
from portal.shared.items.redaction_operations import count_holding

feature = Feature("playbook_redaction", private=True)

REDACTION = "/playbooks/<idslug:where>/redaction"


@feature.get(REDACTION, allow=admins)
def ask(door: Door, where: IdSlug) -> ResponseReturnValue:
    """The form; what is typed never stands in an address, which would be logged."""
    return _form(_find(door, where), {}, {})


@feature.post(REDACTION, allow=admins)
def redact(door: Door, where: IdSlug) -> ResponseReturnValue:
    """Say in how many versions the passage stands; the second press takes it out."""
    playbook, fields, actor = _find(door, where), door.fields, door.actor
    try:
        given = read_redaction(fields)
        if not fields.flag("sure"):
            holding, versions = count_holding(door.session, playbook, given.passage)
            return _form(playbook, fields.values, {}, (holding, versions))
        redacted, changed = door.write(lambda session: redact_playbook(session, actor, where.id, given))
    except Invalid as refused:
        return _form(playbook, fields.values, refused.errors)
    say(f"Taken out of {changed} {'version' if changed == 1 else 'versions'}. The audit log says that you did it.")
    return go(f"{url_of(redacted.kind, redacted.id, redacted.slug)}/history")


def _find(door: Door, where: IdSlug) -> Playbook:
    return found(find_playbook(door.session, door.actor, where.id)).playbook


def _form(
    playbook: Playbook, values: dict[str, str], errors: dict[str, str], counted: tuple[int | None, int] = (None, 0)
) -> ResponseReturnValue:
    url = url_of(playbook.kind, playbook.id, playbook.slug)
    content = RedactionPage(playbook.title, url, values, errors, *counted)
    return page("playbooks/redaction.html", content, 422 if errors else 200)
