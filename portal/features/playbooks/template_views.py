"""Doors of templates for managers: list, write, change, remove."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core.errors import Invalid
from portal.core.forms import Fields
from portal.core.web import Door, Feature, found, go, kept_clear, page, say
from portal.features.playbooks import policy
from portal.features.playbooks.models import PlaybookTemplate
from portal.features.playbooks.template_forms import read_template
from portal.features.playbooks.template_operations import (
    add_template,
    change_template,
    check_text,
    remove_template,
)
from portal.features.playbooks.template_pages import (
    BASE,
    TemplateForm,
    TemplateList,
    Theirs,
    preview_of,
    row_of,
    values_of,
)
from portal.features.playbooks.template_queries import find_template, list_templates
from portal.shared.drafts.forms import token_of
from portal.shared.drafts.operations import then_settled
from portal.shared.drafts.pages import Writing, open_again, open_form
from portal.shared.items.diffing import diff_texts
from portal.shared.items.operations import Overtaken
from portal.shared.people.pages import link_to

feature = Feature("playbook_templates")

ONE = BASE + "/<int:template_id>"
NOTHING: Mapping[str, str] = {}


@feature.get(BASE, allow=policy.CURATORS)
def templates(door: Door) -> ResponseReturnValue:
    """All templates by name."""
    return page("playbooks/templates.html", TemplateList([row_of(one) for one in list_templates(door.session)]))


@feature.get(BASE + "/new", allow=policy.CURATORS)
def new(door: Door) -> ResponseReturnValue:
    """An empty form."""
    writing = open_form(door.session, door.actor, "new-template", door.args)
    return _form(door, writing.typed.values if writing.typed else NOTHING, NOTHING, writing=writing)


@feature.post(BASE + "/new", allow=policy.CURATORS)
def create(door: Door) -> ResponseReturnValue:
    """Keep a new template."""
    fields, actor = door.fields, door.actor
    try:
        given = read_template(fields)
        check_text(given)

        def work(session: Session) -> str:
            return f"{BASE}#template-{add_template(session, actor, given).id}"

        answer = door.create(then_settled(work, actor, fields))
    except Invalid as refused:
        return _form(door, fields.values, refused.errors)
    kept_clear("new-template", token_of(fields))
    say("New playbooks can begin with it.")
    return answer


@feature.get(ONE, allow=policy.CURATORS)
def edit(door: Door, template_id: int) -> ResponseReturnValue:
    """The present words in the form."""
    template = found(find_template(door.session, template_id))
    writing = open_form(door.session, door.actor, f"template-{template_id}", door.args)
    values = writing.typed.values if writing.typed else values_of(template)
    version = values.get("version", str(template.version))
    return _form(door, values, NOTHING, template_id, version=version, writing=writing)


@feature.post(ONE, allow=policy.CURATORS)
def save(door: Door, template_id: int) -> ResponseReturnValue:
    """Save; where somebody saved meanwhile, their text stands above the own one."""
    fields, actor, version = door.fields, door.actor, door.fields.version()
    try:
        given = read_template(fields)
        check_text(given)

        def work(session: Session) -> None:
            change_template(session, actor, template_id, given, version)

        door.write(then_settled(work, actor, fields))
    except Invalid as refused:
        return _form(door, fields.values, refused.errors, template_id, version=str(version))
    except Overtaken as overtaken:
        theirs = _theirs(found(find_template(door.session, template_id)), fields)
        return _form(door, fields.values, NOTHING, template_id, version=str(overtaken.current), theirs=theirs)
    kept_clear(f"template-{template_id}", token_of(fields))
    say("Saved. What was written from it before stays as it is.")
    return go(BASE)


@feature.post(ONE + "/removal", allow=policy.CURATORS)
def remove(door: Door, template_id: int) -> ResponseReturnValue:
    """Remove it; what was written from it stays."""
    actor = door.actor
    title = door.write(lambda session: remove_template(session, actor, template_id))
    say(f"“{title}” is gone; what was written from it stays." if title else "It was gone already.")
    return go(BASE)


def _theirs(template: PlaybookTemplate, fields: Fields) -> Theirs:
    text = "\n\n".join((template.title, template.about, template.text))
    mine = "\n\n".join(fields.values.get(name, "") for name in ("title", "about", "text"))
    who = link_to(template.changed_by) if template.changed_by else None
    return Theirs(who, template.changed_at, text, diff_texts(text, mine))


def _form(
    door: Door,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    template_id: int = 0,
    *,
    version: str = "",
    theirs: Theirs | None = None,
    writing: Writing | None = None,
) -> ResponseReturnValue:
    content = TemplateForm(
        action=f"{BASE}/{template_id}" if template_id else f"{BASE}/new",
        values=values,
        errors=errors,
        writing=writing or open_again(f"template-{template_id}" if template_id else "new-template", values),
        version=version,
        removal_url=f"{BASE}/{template_id}/removal" if template_id else "",
        preview=preview_of(door.session, door.actor, values.get("text", "")),
        theirs=theirs,
    )
    return page("playbooks/template_form.html", content, 422 if errors else 409 if theirs else 200)
