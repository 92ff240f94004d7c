"""Writes of templates by managers: keep, change, remove."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import Actor
from portal.core.errors import Invalid, require
from portal.features.playbooks import policy
from portal.features.playbooks.models import PlaybookTemplate
from portal.features.playbooks.template_forms import TemplateInput
from portal.shared.items.forms import render_typed
from portal.shared.items.operations import Overtaken

MOST: Final = 30
"""They stand in one row above the form of a new playbook."""


def check_text(given: TemplateInput) -> None:
    """Invalid where no playbook could be saved with this text; asked outside the write lock."""
    render_typed(given.text)


def add_template(session: Session, actor: Actor, given: TemplateInput) -> PlaybookTemplate:
    """Keep a new template; Invalid where its name is taken, or there are MOST."""
    _ask(actor)
    _check_name(session, given.title, 0)
    if (session.scalar(select(func.count()).select_from(PlaybookTemplate)) or 0) >= MOST:
        raise Invalid({"title": f"Name: there are {MOST} templates already; remove one first."})
    template = PlaybookTemplate(version=0)
    session.add(template)
    _set(template, actor, given)
    session.flush()
    return template


def change_template(
    session: Session, actor: Actor, template_id: int, given: TemplateInput, base_version: int
) -> PlaybookTemplate:
    """Change a template; Overtaken where somebody saved meanwhile. One that was removed meanwhile is kept anew."""
    _ask(actor)
    template = session.get(PlaybookTemplate, template_id, with_for_update=True)
    if template is None:
        return add_template(session, actor, given)
    if template.version != base_version:
        raise Overtaken(template.version)
    _check_name(session, given.title, template_id)
    _set(template, actor, given)
    session.flush()
    return template


def remove_template(session: Session, actor: Actor, template_id: int) -> str:
    """Remove a template and tell its name; what was written from it stays. One that is gone already has none."""
    _ask(actor)
    template = session.get(PlaybookTemplate, template_id)
    if template is None:
        return ""
    session.delete(template)
    session.flush()
    return template.title


def _ask(actor: Actor) -> None:
    require(policy.may_keep_templates(actor), "Templates are kept by managers.")


def _set(template: PlaybookTemplate, actor: Actor, given: TemplateInput) -> None:
    template.title, template.about, template.text = given.title, given.about, given.text
    template.version += 1
    template.changed_by_id, template.changed_at = actor.person_id, clock.now()


def _check_name(session: Session, title: str, own_id: int) -> None:
    same = select(PlaybookTemplate.id).where(func.lower(PlaybookTemplate.title) == title.lower())
    if session.scalar(same.where(PlaybookTemplate.id != own_id)) is not None:
        raise Invalid({"title": f"Name: there is a template “{title}” already."})
